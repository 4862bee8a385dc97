package identity

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

func TestLikenessOfNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		is   string // same, similar, other
	}{
		{"Lotte Jansen", "lotte jansen", "same"},
		{"lotte.jansen", "Lotte Jansen", "same"},
		{"lotte.jansen@havenlicht.example", "Lotte Jansen", "same"},
		{"Fatima Özdemir-de Groot", "Fatima Ozdemir de Groot", "same"},
		{"Zoë Ångström", "zoe angstrom", "same"},
		{"Søren Łukasz", "Soren Lukasz", "same"},
		{"Jansen, Lotte", "Lotte Jansen", "same"},
		{"L. Jansen", "Lotte Jansen", "similar"},
		{"Lotte J.", "Lotte Jansen", "similar"},
		{"ljansen", "Lotte Jansen", "similar"},
		{"lottejansen", "Lotte Jansen", "similar"},
		{"Lotte Janssen", "Lotte Jansen", "similar"},
		{"Lotet Jansen", "Lotte Jansen", "similar"},
		{"Jan van der Berg", "Jan Berg", "similar"},
		{"J. v.d. Berg", "Jan van den Berg", "similar"},
		{"Youssef E.", "Youssef El Amrani", "similar"},
		{"Warmtepomp 5 kW", "Warmtepomp 8 kW", "other"},
		{"Warmtepomp 5 kW", "5 kw warmtepomp", "same"},
		{"V034", "V035", "other"},
		{"V034", "v034", "same"},
		{"Lotte Jansen 2", "Lotte Jansen", "other"},
		{"Lotte Jansen ２", "Lotte Jansen", "other"},
		{"Youssef E.", "Yusuf Elmas", "other"},
		{"Jan de Vries", "Piet de Vries", "other"},
		{"Lotte Jansen", "Bram Mulder", "other"},
		{"van der", "van den", "similar"},
		{"", "Lotte", "other"},
		{"...", "---", "other"},
		{"7", "Lotte", "other"},
	} {
		l, back := likeness(readName(c.a), readName(c.b)), likeness(readName(c.b), readName(c.a))
		is := "other"
		switch {
		case l == 1:
			is = "same"
		case l >= similar:
			is = "similar"
		}
		if is != c.is {
			t.Errorf("%q and %q are %s (%.2f), want %s", c.a, c.b, is, l, c.is)
		}
		if d := l - back; d > 0.001 || d < -0.001 {
			t.Errorf("%q and %q are %.3f alike, the other way round %.3f", c.a, c.b, l, back)
		}
	}
}

func FuzzLikeness(f *testing.F) {
	f.Add("Lotte Jansen", "lotte.jansen@x")
	f.Fuzz(func(t *testing.T, a, b string) {
		if l := likeness(readName(a), readName(b)); l < 0 || l > 1 {
			t.Errorf("%q and %q are %f alike", a, b, l)
		}
	})
}

var agents, _ = KindOf("agent")

func TestWhatSpeaksForASuggestion(t *testing.T) {
	t.Parallel()
	book := NewBook(agents, []Candidate{
		{ID: 1, Name: "Youssef El Amrani", TeamID: 9, TeamName: "Binnendienst", Active: true, Identities: []Known{{ProviderID: 1, ProviderName: "CRM", ExternalID: "usr_11", Name: "Youssef", Email: "Y@x.test"}}},
		{ID: 2, Name: "Lotte Jansen", TeamID: 9, TeamName: "Binnendienst", Active: true, Identities: []Known{{ProviderID: 1, ProviderName: "CRM", ExternalID: "884213"}}},
		{ID: 3, Name: "Bram Mulder", Active: true, Identities: []Known{{ProviderID: 2, ProviderName: "Phone", ExternalID: "7"}}},
		{ID: 4, Name: "Bram Mulder", Active: true},
		{ID: 5, Name: "Twin", Identities: []Known{{ProviderID: 1, Email: "t@x.test"}}},
		{ID: 6, Name: "Other twin", Identities: []Known{{ProviderID: 1, Email: "t@x.test"}}},
		{ID: 8, Name: "Cas Smit", TeamID: 9, TeamName: "Binnendienst"},
	})
	for _, c := range []struct {
		of   Identity
		team int64
		want string // id strength reasons
	}{
		{Identity{ProviderID: 2, Name: "Somebody", Email: "y@X.test"}, 0, "[1 sure same_email]"},
		{Identity{ProviderID: 1, Name: "Somebody", Email: "y@x.test"}, 0, "[1 likely same_email identity_there]"},
		{Identity{ProviderID: 2, Name: "lotte jansen"}, 0, "[2 likely same_name]"},
		{Identity{ProviderID: 2, Name: "lotte jansen"}, 9, "[2 sure same_name same_team]"},
		{Identity{ProviderID: 2, Name: "lotte jansen", ExternalID: "884213"}, 0, "[2 sure same_external_id same_name]"},
		{Identity{ProviderID: 2, Name: "Retentie", ExternalID: "884213"}, 0, "[2 likely same_external_id]"},
		{Identity{ProviderID: 1, Name: "Retentie", ExternalID: "7"}, 0, "[]"}, // a short number is the same by chance
		{Identity{ProviderID: 2, Name: "Bram Mulder"}, 0, "[4 likely same_name][3 weak same_name identity_there]"},
		{Identity{ProviderID: 2, Name: "X", Email: "t@x.test"}, 0, "[5 likely same_email][6 likely same_email]"},
		{Identity{ProviderID: 2, Name: "C. Smit"}, 9, "[8 weak similar_name same_team]"},
		{Identity{ProviderID: 2, Name: "Nobody"}, 9, "[]"},
	} {
		found := book.Suggest(c.of, c.team)
		got := ""
		for _, s := range found {
			got += fmt.Sprintf("[%d %s", s.ID, s.Strength)
			for _, r := range s.Reasons {
				got += " " + string(r.Code)
			}
			got += "]"
		}
		if got == "" {
			got = "[]"
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.of, got, c.want)
		}
		match, ok := book.Match(c.of, c.team)
		if sure := len(found) > 0 && found[0].Strength == Sure; sure != ok || sure && match.ID != found[0].ID {
			t.Errorf("%+v: match %d %t, but the suggestions are %s", c.of, match.ID, ok, got)
		}
	}
	proposition, _ := KindOf("proposition")
	if m, ok := NewBook(proposition, []Candidate{{ID: 3, Name: "Warmtepomp 5 kW"}}).Match(Identity{Name: "warmtepomp 5 kW"}, 0); !ok || m.ID != 3 {
		t.Error("the same name is not sure for what is no person")
	}
}

func BenchmarkSuggest(b *testing.B) {
	letters := func(n int) string { // a name with digits is not compared by letter
		return strings.Map(func(r rune) rune { return r - '0' + 'a' }, strconv.Itoa(n))
	}
	candidates := make([]Candidate, 5000)
	for i := range candidates {
		candidates[i] = Candidate{ID: int64(i), Name: fmt.Sprintf("Voornaam%c Achternaam%s", 'a'+i%26, letters(i)), Identities: []Known{{ProviderID: 1, Name: "v.achternaam" + letters(i), Email: fmt.Sprintf("a%d@x.test", i)}}}
	}
	for b.Loop() {
		NewBook(agents, candidates).Suggest(Identity{Name: "Voornaamb Achternamhh", ProviderID: 2}, 0)
	}
}
