package identity

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Candidate is something an identity could be linked to, with the identities that are linked to it already.
type Candidate struct {
	ID         int64
	Name       string
	TeamID     int64 // of an agent
	TeamName   string
	Active     bool
	Identities []Known
}

// Known is an identity that is linked.
type Known struct {
	ProviderID   int64
	ProviderName string
	ExternalID   string
	Name         string
	Email        string
}

// Strength is how much speaks for a suggestion. However strong, none links by itself.
type Strength string

// Sure is the same e-mail address; the same name with the same external id or team; and for what is no person, the same
// name. Only one candidate can be sure. Likely is the same name, or the same long external id. All else is Weak. What has
// an identity at the same provider already is a step weaker: most have one.
const (
	Sure   Strength = "sure"
	Likely Strength = "likely"
	Weak   Strength = "weak"
)

// Code is what a reason is.
type Code string

// The reasons; the last speaks against.
const (
	SameEmail      Code = "same_email"
	SameName       Code = "same_name"
	SimilarName    Code = "similar_name"
	SameExternalID Code = "same_external_id"
	SameTeam       Code = "same_team"
	IdentityThere  Code = "identity_there"
)

// Reason is one thing that speaks for a suggestion, or against.
type Reason struct {
	Code     Code
	Value    string // the address, name, id or team that is the same
	Provider string // where it is; "": with the candidate itself
	Likeness int    // of a similar name, in per cent
}

// Suggestion is a candidate with what speaks for it.
type Suggestion struct {
	Candidate
	Kind     Kind
	Strength Strength
	Reasons  []Reason
	score    float64
}

// longID is from how many characters on an external id says something by being the same elsewhere: small numbers are the
// same by chance.
const longID = 5

// Suggestions are this many at most.
const suggestionLimit = 5

// Book is the candidates of one kind, made ready to be looked through for many identities.
type Book struct {
	all       []entry
	emails    map[string][]int
	names     map[string][]int
	externals map[string][]int
	kind      Kind
}

type entry struct {
	Candidate
	names []named // its own and those of its identities
}

type named struct {
	name
	text, provider string
}

// NewBook reads the candidates of a kind.
func NewBook(k Kind, candidates []Candidate) *Book {
	b := &Book{
		all: make([]entry, len(candidates)), kind: k,
		emails: map[string][]int{}, names: map[string][]int{}, externals: map[string][]int{},
	}
	for i, c := range candidates {
		e := entry{Candidate: c, names: []named{{readName(c.Name), c.Name, ""}}}
		for _, known := range c.Identities {
			if known.Email != "" {
				put(b.emails, strings.ToLower(known.Email), i)
			}
			put(b.externals, known.ExternalID, i)
			if n := readName(known.Name); n.key != e.names[0].key && n.key != "" {
				e.names = append(e.names, named{n, known.Name, known.ProviderName})
			}
		}
		for _, n := range e.names {
			put(b.names, n.key, i)
		}
		b.all[i] = e
	}
	return b
}

func put(into map[string][]int, key string, i int) {
	if list := into[key]; len(list) == 0 || list[len(list)-1] != i {
		into[key] = append(list, i)
	}
}

// Suggest gives the candidates an identity could be, the best first. teamID is what the team it names is linked to; 0: none.
func (b *Book) Suggest(i Identity, teamID int64) []Suggestion {
	n := readName(i.Name)
	found := []Suggestion{}
	for at := range b.all {
		if s, ok := b.judge(i, n, teamID, at); ok {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(x, y Suggestion) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.ID, y.ID))
	})
	onlySure(found)
	return found[:min(len(found), suggestionLimit)]
}

// Match gives the one candidate that is sure.
func (b *Book) Match(i Identity, teamID int64) (Suggestion, bool) {
	n := readName(i.Name)
	places := slices.Concat(b.emails[strings.ToLower(i.Email)], b.names[n.key])
	if i.Email == "" {
		places = slices.Clone(b.names[n.key])
	}
	slices.Sort(places)
	found := []Suggestion{}
	for _, at := range slices.Compact(places) {
		if s, ok := b.judge(i, n, teamID, at); ok {
			found = append(found, s)
		}
	}
	onlySure(found)
	at := slices.IndexFunc(found, func(s Suggestion) bool { return s.Strength == Sure })
	if at < 0 {
		return Suggestion{}, false
	}
	return found[at], true
}

// onlySure makes suggestions that are sure likely where there are several: then none is.
func onlySure(found []Suggestion) {
	sure := 0
	for _, s := range found {
		if s.Strength == Sure {
			sure++
		}
	}
	if sure < 2 {
		return
	}
	for i := range found {
		if found[i].Strength == Sure {
			found[i].Strength = Likely
		}
	}
}

func (b *Book) judge(i Identity, n name, teamID int64, at int) (Suggestion, bool) {
	e := &b.all[at]
	s := Suggestion{Candidate: e.Candidate, Kind: b.kind}
	best, by := 0.0, named{}
	for _, own := range e.names {
		if l := likeness(n, own.name); l > best {
			best, by = l, own
		}
	}
	sameName := best == 1
	var sameEmail, sameExternal, there bool
	for _, known := range e.Identities {
		if i.Email != "" && strings.EqualFold(known.Email, i.Email) && !sameEmail {
			sameEmail = true
			s.Reasons = append(s.Reasons, Reason{Code: SameEmail, Value: known.Email, Provider: known.ProviderName})
		}
		if known.ProviderID == i.ProviderID {
			there = true
		} else if known.ExternalID == i.ExternalID && !sameExternal && (best >= similar || utf8.RuneCountInString(i.ExternalID) >= longID) {
			sameExternal = true
			s.Reasons = append(s.Reasons, Reason{Code: SameExternalID, Value: known.ExternalID, Provider: known.ProviderName})
		}
	}
	switch {
	case sameName:
		s.Reasons = append(s.Reasons, Reason{Code: SameName, Value: by.text, Provider: by.provider})
	case best >= similar:
		s.Reasons = append(s.Reasons, Reason{Code: SimilarName, Value: by.text, Provider: by.provider, Likeness: int(best*100 + 0.5)})
	}
	if len(s.Reasons) == 0 {
		return s, false
	}
	sameTeam := teamID != 0 && e.TeamID == teamID
	if sameTeam {
		s.Reasons = append(s.Reasons, Reason{Code: SameTeam, Value: e.TeamName})
	}
	rank := 0 // of Weak, Likely, Sure
	switch {
	case sameEmail, sameName && (sameExternal || sameTeam || b.kind.Noun != "agent"):
		rank = 2
	case sameName, sameExternal && utf8.RuneCountInString(i.ExternalID) >= longID:
		rank = 1
	}
	if there {
		rank = max(rank-1, 0)
		for _, known := range e.Identities {
			if known.ProviderID == i.ProviderID {
				s.Reasons = append(s.Reasons, Reason{Code: IdentityThere, Value: known.ExternalID, Provider: known.ProviderName})
				break
			}
		}
	}
	s.Strength = []Strength{Weak, Likely, Sure}[rank]
	s.score = float64(rank) + best/2
	for weight, is := range map[float64]bool{0.3: sameEmail, 0.2: sameExternal, 0.1: sameTeam, 0.05: e.Active} {
		if is {
			s.score += weight
		}
	}
	return s, true
}
