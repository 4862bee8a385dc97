package shape

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Look is what a text looks like.
type Look string

// The looks, the telling ones first. PersonName is that of a field, not of one text: "Anna Paulowna" is a name, a town
// and a label; only many different ones, of which some begin with a given name, are people.
const (
	Pseudonym  Look = "pseudonym"
	Email      Look = "email" // also within other text
	URL        Look = "url"
	Datetime   Look = "datetime"
	Date       Look = "date"
	Phone      Look = "phone"
	Number     Look = "number"
	Bank       Look = "iban"
	Postcode   Look = "postcode"
	Address    Look = "address" // street and house number
	ID         Look = "id"
	PersonName Look = "name"
	Text       Look = "text" // anything else
)

// looks in the order in which they are told.
var looks = []Look{Pseudonym, Email, URL, Datetime, Date, Phone, Number, Bank, Postcode, Address, ID, PersonName, Text}

// personal says whether a text of the look says something about one person.
func (l Look) personal() bool {
	switch l {
	case Email, Phone, Bank, Postcode, Address, PersonName:
		return true
	}
	return false
}

// A text longer than longForm bytes is no id, date or address; beyond longest nobody looks for an e-mail address in it.
const (
	longForm = 200
	longest  = 2000
)

var (
	pseudonymForm = regexp.MustCompile(`^psn[0-9]*_[a-z2-7]{26}$`)
	urlForm       = regexp.MustCompile(`^[a-z][a-z0-9+.-]*://\S+$`)
	dateForm      = regexp.MustCompile(`^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))([T ]+\d{1,2}:\d{2}.*)?$`)
	numberForm    = regexp.MustCompile(`^[+-]?\d+(?:[.,]\d+)*$`)
	ibanForm      = regexp.MustCompile(`^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$`)
	postcodeForm  = regexp.MustCompile(`^(?:[1-9]\d{3} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z0-9]? \d[A-Z]{2}|[A-Z]-?\d{4,5})$`)
	streetForm    = regexp.MustCompile(`(?i)^[\p{L}'.\- ]*(?:straat|laan|weg|plein|gracht|kade|dijk|singel|steeg|hof|dreef|pad|stra(?:ß|ss)e|str\.|gasse|street|road|avenue|lane|drive| rd| st| ave)\.? \d+ ?[\p{L}]{0,3}(?:[-/ ]\d+)?\b|^(?:\d+,? )?(?:rue|avenue|boulevard|via|calle|plaza) [\p{L}]`)
	idForm        = regexp.MustCompile(`^[A-Za-z0-9_:.#|/-]*\d[A-Za-z0-9_:.#|/-]*$`)
)

// LookOf tells what one text looks like; country is the tenant's calling code. It never says PersonName.
func LookOf(country, text string) Look {
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "")
	}
	text = strings.TrimFunc(text, unicode.IsSpace)
	switch {
	case pseudonymForm.MatchString(text):
		return Pseudonym
	case hasAddress(text):
		return Email
	case urlForm.MatchString(text):
		return URL
	case len(text) > longForm:
		return Text
	}
	if m := dateForm.FindStringSubmatch(text); m != nil {
		if m[1] != "" {
			return Datetime
		}
		return Date
	}
	switch {
	case isPhone(country, text):
		return Phone
	case numberForm.MatchString(text):
		return Number
	case isIBAN(text):
		return Bank
	case postcodeForm.MatchString(text):
		return Postcode
	case streetForm.MatchString(text):
		return Address
	case idForm.MatchString(text):
		return ID
	}
	return Text
}

// isIBAN checks the two digits that depend on all others.
func isIBAN(text string) bool {
	text = strings.ReplaceAll(text, " ", "")
	if !ibanForm.MatchString(text) {
		return false
	}
	rest := 0
	for _, c := range text[4:] + text[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

// particles stand between the names of a person in small letters.
var particles = words("de den der het 't ’t van von zu zur zum ter ten te la le du des da dos das di del della al el bin ben ibn y e und af in op")

// organisations have these words in their names.
var organisations = words("bv b.v. nv n.v. vof v.o.f. cv gmbh ag kg ltd ltd. limited inc inc. llc plc sa s.a. sarl srl spa oy ab holding groep group company co. stichting vereniging gemeente")

// nameLike says whether a text could be the name of a person: one to six words that begin with a capital, but for
// particles, and nothing but letters.
func nameLike(text string) bool {
	parts := strings.Fields(text)
	if len(parts) == 0 || len(parts) > 6 || len(text) > 80 {
		return false
	}
	capitals := 0
	for _, w := range parts {
		if organisations[strings.ToLower(w)] {
			return false
		}
		if particles[w] {
			continue
		}
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(w, "'’("))
		if !unicode.IsUpper(first) || strings.IndexFunc(w, func(c rune) bool { return !unicode.IsLetter(c) && !strings.ContainsRune("-'’.()", c) }) >= 0 {
			return false
		}
		capitals++
	}
	return capitals > 0
}

// known says whether a text begins with a given name that many people have.
func known(text string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	first, _, _ = strings.Cut(first, "-")
	return givenNames[strings.ToLower(first)]
}

// words makes a set of the words of a text.
func words(text string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(text) {
		set[w] = true
	}
	return set
}

// givenNames that are common in the Netherlands and around it. A list need not be whole: a few in a hundred are enough.
var givenNames = words(`jan piet kees klaas henk willem johan peter hans erik mark martin marcel michel rob robert ruud ron gerard jeroen jasper
 bas daan sem lucas levi finn luuk milan jesse noah bram lars thijs tim tom thomas sander stefan paul pieter maarten bart wouter joost
 dirk frank frans fred edwin dennis patrick richard roy sjoerd tjeerd wim theo ad arie cor gert niels koen ruben stijn sven max sam hugo
 anna emma julia sophie lotte lisa sanne eva femke fleur iris kim laura linda maria marieke marijke mieke monique nienke noor roos saskia
 sara sarah simone susan tess wendy yvonne ingrid els ellen esther hanneke ilse jolanda karin ans anja annemarie astrid bianca carla
 charlotte claudia corrie denise diana elly evelien floor greetje ineke janneke joke judith kirsten lieke loes maaike manon margriet
 marjan marloes mirjam naomi nathalie petra renate riet sandra suzanne tineke truus vera wilma zoë cas mila tessa yara olivia nora
 mohamed mohammed ahmed ali fatima aïcha aisha omar youssef yusuf ibrahim hassan hussein mehmet mustafa ayşe ayse fatma emre elif zeynep
 samira khadija rachid karim hamza bilal amina leila yasmin yasmina murat can deniz
 john james michael david william joseph charles christopher daniel matthew anthony andrew joshua kevin brian george edward ronald jason
 jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander jack henry oliver
 harry mary patricia jennifer elizabeth barbara jessica karen nancy margaret lisa betty dorothy ashley emily donna michelle carol amanda
 melissa deborah stephanie rebecca sharon cynthia kathleen amy angela helen samantha katherine christine rachel hannah
 andreas wolfgang klaus jürgen jurgen dieter uwe bernd ralf günter gunter heinz markus matthias sebastian florian tobias lukas leon felix
 ursula monika sabine renate helga birgit susanne heike katrin anke silke stefanie lena leonie mia
 jean pierre michel philippe alain nicolas christophe louis julien antoine françois francois jacques luc marc olivier marie nathalie
 isabelle sylvie catherine valérie valerie camille chloé chloe manon léa lea
 josé jose antonio manuel francisco juan javier carlos miguel pablo carmen ana isabel lucía lucia pilar marta elena
 giuseppe giovanni mario luigi francesco marco andrea luca matteo alessandro giulia chiara francesca
 piotr krzysztof andrzej tomasz paweł pawel jakub agnieszka katarzyna małgorzata malgorzata ewa joanna magdalena
 ravi raj amit sanjay priya anita sunita wei ming li mei`)
