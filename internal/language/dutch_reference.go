package language

import (
	"strings"
	"sync"
)

// reference is what the pages of the reference say themselves, around the library's own texts.
var reference = []sentence{
	{"What a spec does: it upserts identities and records, follows up on contacts, and keeps values.", "Wat een spec doet: identiteiten en records bijwerken, contacten opvolgen, en waarden bewaren."},
	{"What decides which instructions run, and how often.", "Wat bepaalt welke instructies lopen, en hoe vaak."},
	{"A formula begins with `=` and is made of literals, variables with a path, and these. Every argument may be null; where nothing else is said, the result is then null too.", "Een formule begint met `=` en bestaat uit letterlijke waarden, variabelen met een pad, en deze. Elk argument mag null zijn; als er niets anders staat, is het resultaat dan ook null."},
	{"What values there are, and how they are written.", "Welke waarden er zijn, en hoe je ze schrijft."},
	{"A spec has its tests in it. `dealwright spec test` runs them, without a server, and tells which branches none of them comes by.", "Een spec bevat haar eigen tests. `dealwright spec test` voert ze uit, zonder server, en zegt bij welke takken geen ervan langskomt."},
	{"All problems of a spec are told at once, each with its code, its place in the file, what to do, and a fix where there is one. Codes do not change. What can go wrong in a run is on the page about [errors](%s).", "Alle problemen van een spec worden in één keer genoemd, elk met de code, de plek in het bestand, wat je kunt doen, en een verbetering als die er is. Codes veranderen niet. Wat in een uitvoering mis kan gaan, staat op de pagina over [fouten](%s)."},
	{"A spec that checks never fails by name or declared type. What can happen lies in the data: it fails the item of the loop it happens in, or else the run, and what failed leaves nothing. What is wrong with a spec itself is on the page about [problems](%s).", "Een spec die klopt, mislukt nooit op een naam of gedeclareerd type. Wat kan gebeuren, ligt aan de gegevens: dan mislukt het item van de lus waarin het gebeurt, of anders de uitvoering, en wat mislukt laat niets achter. Wat er aan een spec zelf mis is, staat op de pagina over [problemen](%s)."},
	{"code", "code"}, {"what it means", "wat het betekent"}, {"field", "veld"}, {"argument", "argument"}, {"formula", "formule"}, {"gives", "geeft"}, {"type", "type"}, {"values", "waarden"}, {"written", "geschreven"}, {"is", "is"},
	{"a name", "een naam"}, {"instructions", "instructies"}, {"cases: `equals`, `body`", "gevallen: `equals`, `body`"}, {"a group of fields", "een groep velden"},
	{"list of `%s`", "lijst van `%s`"}, {"`%s`, literal", "`%s`, letterlijk"}, {"list of `%s`, literal", "lijst van `%s`, letterlijk"},
	{"One of `%s`.", "Een van `%s`."}, {"At most %d characters.", "Hoogstens %d tekens."}, {"the error `%s`", "de fout `%s`"},
	{"`return_as` binds the %s, with %s.", "`return_as` geeft een naam aan de %s, met %s."}, {"`return_as` binds the record.", "`return_as` geeft een naam aan het record."},
	{"`return_as` * binds the value.", "`return_as` * geeft een naam aan de waarde."}, {"`return_as` binds the result: %s.", "`return_as` geeft een naam aan het resultaat: %s."},
	{"Nothing runs after it, in or outside of loops.", "Erna loopt niets meer, in of buiten lussen."}, {"Nothing after it in its list runs.", "Wat erna in de lijst staat, loopt niet."},
	{"fails with [`%s`](%s).", "mislukt met [`%s`](%s)."}, {"writes", "schrijft"}, {"of", "van"},
	{"The formulas below stand in a spec that begins with", "De formules hieronder staan in een spec die begint met"}, {"and it runs on", "en ze loopt op"},
	{"Errors of a spec", "Fouten van een spec"}, {"A spec with one of these is not saved.", "Een spec met een van deze wordt niet opgeslagen."},
	{"Warnings", "Waarschuwingen"}, {"They keep nobody from saving.", "Ze houden niemand van opslaan af."},

	{"Types", "Types"}, {"text; case and spaces count", "tekst; hoofdletters en spaties tellen mee"},
	{"an exact decimal: up to 38 digits before the point and 20 after it", "een exact decimaal getal: tot 38 cijfers voor de punt en 20 erachter"},
	{"an instant, to the microsecond; it remembers no zone", "een moment, op de microseconde; het onthoudt geen zone"}, {"object, `array<T>`", "object, `array<T>`"}, {"as in JSON", "zoals in JSON"},
	{"any JSON value, as in items of sources without a schema; its kind is checked when the spec runs", "elke JSON-waarde, zoals in items van bronnen zonder schema; de soort wordt gecontroleerd als de spec loopt"},
	{"agent_external_identity and the like", "agent_external_identity en dergelijke"}, {"what the identity upserts return", "wat de upserts van identiteiten teruggeven"},
	{"what the data upserts return", "wat de upserts van records teruggeven"}, {"text → value; constants only", "tekst → waarde; alleen constanten"},
	{"a field marked as customer personal data: it can be tested for presence and given to `pseudonym`", "een veld dat als persoonsgegeven van een klant gemarkeerd is: je kunt testen of het er is en het aan `pseudonym` geven"},
	{"`T?` is a T or null. It fits T with the warning `may_be_missing`, and plainly under a test that shows it is there.", "`T?` is een T of null. Het past op T met de waarschuwing `may_be_missing`, en zonder meer onder een test die laat zien dat het er is."},
	{"Literals, formulas and trees", "Letterlijke waarden, formules en bomen"},
	{"Where a field takes a value, it is written in one of these ways, in YAML and in JSON alike:", "Waar een veld een waarde neemt, schrijf je die op een van deze manieren, in YAML en in JSON:"},
	{"text that begins with `=`", "tekst die met `=` begint"}, {"a formula", "een formule"}, {"text that begins with `==`", "tekst die met `==` begint"}, {"that text, without the first `=`", "die tekst, zonder de eerste `=`"},
	{"other text, a number, true, false, null", "andere tekst, een getal, true, false, null"}, {"itself", "zichzelf"}, {"an object with a `type`", "een object met een `type`"}, {"a tree: what a formula is stored as", "een boom: zoals een formule bewaard wordt"},
	{"In YAML, what is written without quotes is null (nothing, `~`, `null`), a boolean (`true`, `false`), a number as JSON writes it without exponent, and else text, as it stands: `007`, `+31612345678`, `1e5`, `yes`, `2025-12-10` are text. A key left out keeps what a record has; null clears it.",
		"In YAML is wat zonder aanhalingstekens staat null (niets, `~`, `null`), een boolean (`true`, `false`), een getal zoals JSON het zonder exponent schrijft, en anders tekst, zoals het er staat: `007`, `+31612345678`, `1e5`, `yes`, `2025-12-10` zijn tekst. Een sleutel die je weglaat houdt wat een record heeft; null maakt het leeg."},
	{"Constants", "Constanten"}, {"They are of type `%s`, and valued on each link of a processor to a source. A datetime is given as text.", "Ze zijn van type `%s`, en krijgen hun waarde op elke koppeling van een processor aan een bron. Een datum en tijd geef je als tekst."},
	{"Source models", "Bronmodellen"}, {"model", "model"}, {"its name in a spec", "de naam in een spec"}, {"Limits", "Grenzen"},
	{"They are counted, never timed, so a delivery fails the same way on every machine.", "Ze worden geteld, nooit geklokt, dus een aflevering mislukt op elke machine op dezelfde manier."},
	{"of a spec", "van een spec"}, {"size", "grootte"}, {"depth of instructions, expressions and data", "diepte van instructies, expressies en gegevens"}, {"constants · rows of a table", "constanten · rijen van een tabel"}, {"tests", "tests"},
	{"an id · a name", "een id · een naam"}, {"%d · %d characters", "%d · %d tekens"}, {"of a run", "van een uitvoering"}, {"instructions that run · expressions evaluated", "instructies die lopen · expressies die berekend worden"},
	{"items in a list that is made or looped over", "items in een lijst die gemaakt of doorlopen wordt"}, {"one text · all texts made", "één tekst · alle teksten die gemaakt worden"}, {"records written", "geschreven records"},

	{"key", "sleutel"}, {"holds", "bevat"}, {"a name no other test of the spec has; a remark", "een naam die geen andere test van de spec heeft; een opmerking"}, {"one item, or a list of items that are delivered in order", "één item, of een lijst van items die in die volgorde afgeleverd worden"},
	{"values of constants; else their defaults", "waarden van constanten; anders hun standaardwaarden"}, {"of the tenant; else Europe/Amsterdam", "van de tenant; anders Europe/Amsterdam"}, {"when the items came; needed where `now` is used", "wanneer de items kwamen; nodig waar `now` gebruikt wordt"},
	{"the records and identities that are there, each with all that one needs; of records also `locked`, a list of fields, of identities `linked`", "de records en identiteiten die er zijn, elk met alles wat ze nodig hebben; van records ook `locked`, een lijst van velden, van identiteiten `linked`"},
	{"see below", "zie hieronder"}, {"key of expect", "sleutel van expect"}, {"of the last item: %s; else succeeded", "van het laatste item: %s; anders succeeded"}, {"`instruction`, `code`: one of its errors has these", "`instruction`, `code`: een van de fouten heeft deze"}, {"how many items of loops failed", "hoeveel items van lussen mislukten"},
	{"exactly the records of this kind that the run wrote or confirmed, in any order", "precies de records van deze soort die de uitvoering schreef of bevestigde, in willekeurige volgorde"},
	{"A kind that is not named is not compared. Of each record only the named fields are, and null means empty. An identity in a field is written as its `external_id`, a datetime as `parse_datetime` reads it; numbers are compared by value. Contact follow-up writes what it changes. A pseudonym can be read: `psn(jan@example.test)`.",
		"Een soort die niet genoemd wordt, wordt niet vergeleken. Van elk record alleen de genoemde velden, en null betekent leeg. Een identiteit in een veld schrijf je als haar `external_id`, een datum en tijd zoals `parse_datetime` die leest; getallen worden op waarde vergeleken. Opvolging van contacten schrijft wat ze wijzigt. Een pseudoniem is leesbaar: `psn(jan@example.test)`."},
}

// Page tells a page of the reference: what stands outside of its blocks of code, paragraph by paragraph and cell by cell.
func Page(markdown string) string {
	var out, paragraph []string
	end := func() {
		if paragraph != nil {
			out = append(out, referred(strings.Join(paragraph, " ")))
			paragraph = nil
		}
	}
	code := false
	for line := range strings.SplitSeq(markdown, "\n") {
		fence := strings.HasPrefix(line, "```")
		marks, title, heading := strings.Cut(line, "# ")
		switch {
		case fence, code:
			end()
			out = append(out, line)
			code = code != fence
		case strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "|-"):
			end()
			cells := strings.Split(line, " | ")
			for i, cell := range cells {
				text := strings.TrimSuffix(strings.TrimPrefix(cell, "| "), " |")
				cells[i] = strings.Replace(cell, text, referred(text), 1)
			}
			out = append(out, strings.Join(cells, " | "))
		case heading && strings.Trim(marks, "#") == "":
			end()
			out = append(out, marks+"# "+referred(title))
		case line == "", strings.HasPrefix(line, "* "), strings.HasPrefix(line, "<!--"):
			end()
			if group, names, is := strings.Cut(strings.TrimPrefix(line, "* "), ": ["); is {
				line = "* " + referred(group) + ": [" + names
			}
			out = append(out, line)
		default:
			paragraph = append(paragraph, line)
		}
	}
	end()
	return strings.Join(out, "\n")
}

// referred tells a text of the reference.
func referred(text string) string {
	r := reader{known: manual(), told: map[piece]reading{}, left: mostReads}
	return r.read(piece{text: text, whole: true}).dutch
}

// manual is the book of what the reference says.
var manual = sync.OnceValue(func() *book { return &book{sentences: shelved(reference, library, codes, checks, runs)} })
