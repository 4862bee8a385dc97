package language

import (
	"bufio"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDutch(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{
		"The key was not made.":   "De sleutel is niet gemaakt.",
		"The team was not saved.": "Het team is niet opgeslagen.",
		// Values stay as they were, whatever they look like.
		"“a number” is no role.":                            "“a number” is geen rol.",
		"“%s {1} a team” is no role.":                       "“%s {1} a team” is geen rol.",
		"“x” is linked to “y” is linked to “z” by now.":     "“x” is intussen gekoppeld aan “y” is linked to “z”.",
		"text of lower takes a string, and a list is given": "text van lower neemt tekst, en dit is een lijst",
		// Names of people and paths too, where we may say something else in their place.
		"Energy saved version 2 at 2026-01-05T12:00:00Z.":                                                 "Energy heeft versie 2 opgeslagen op 2026-01-05T12:00:00Z.",
		"the API key Energy saved version 2 at 2026-01-05T12:00:00Z.":                                     "de API-sleutel Energy heeft versie 2 opgeslagen op 2026-01-05T12:00:00Z.",
		"The spec was not saved: it was begun on version 1, and a team has saved version 2 since.":        "De spec is niet opgeslagen: ze is begonnen op versie 1, en a team heeft sindsdien versie 2 opgeslagen.",
		"The spec was not saved: it was begun on version 1, and the API key x has saved version 2 since.": "De spec is niet opgeslagen: ze is begonnen op versie 1, en de API-sleutel x heeft sindsdien versie 2 opgeslagen.",
		"Energy is left alone until 2026-01-05, since 3 fetches in a row failed: the body is empty":       "Energy wordt tot 2026-01-05 met rust gelaten, omdat 3 keer achter elkaar ophalen mislukte: de body is leeg",
		"sale may be missing, and external_id is required: the run then fails":                            "sale kan ontbreken, en external_id is verplicht: dan mislukt de uitvoering",
		"this may be missing, and external_id is required: the run then fails":                            "dit kan ontbreken, en external_id is verplicht: dan mislukt de uitvoering",
		"contact is customer personal data, and text of lower takes none":                                 "contact is een persoonsgegeven van een klant, en text van lower neemt er geen",
		"this value is customer personal data, and text of lower takes none":                              "deze waarde is een persoonsgegeven van een klant, en text van lower neemt er geen",
		// A sentence within a sentence, and several one after the other.
		"The body is not valid JSON: line 3, column 4: the key \"a b\" stands twice in one object.": "De body is geen geldige JSON: regel 3, kolom 4: de sleutel \"a b\" staat twee keer in één object.",
		"Nothing was linked. Say what they are linked to.":                                          "Er is niets gekoppeld. Geef aan waaraan ze gekoppeld worden.",
		"One name of at most 255 characters is wanted.":                                             "Gevraagd is één naam van hoogstens 255 tekens.",
		// What is somebody's own stays.
		"":                                "",
		"a number":                        "a number",
		"sale, call":                      "sale, call",
		"Half of it":                      "Half of it",
		"No team for 7. Call somebody.":   "No team for 7. Call somebody.",
		"Nothing was linked. Says Jan.":   "Nothing was linked. Says Jan.",
		strings.Repeat("Nothing. ", 2000): strings.Repeat("Nothing. ", 2000),
	} {
		if got := Dutch(english); got != want {
			t.Errorf("%q is told as\n%q, want\n%q", english, got, want)
		}
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{
		"Upsert activity “Deal won”":       "Activiteit “Deal won” bijwerken",
		"If equals(event.status, \"won\")": "Als equals(event.status, \"won\")",
		"For each line of event.lines":     "Voor elk line van event.lines",
		"From now() event.id is “Won”":     "Vanaf now() is event.id “Won”",
		"Stop":                             "Stoppen",
		"Win":                              "Win",
	} {
		if got, _ := Summary(english); got != want {
			t.Errorf("%q is told as %q, want %q", english, got, want)
		}
	}
}

// TestNote: only what we write where people write is told there.
func TestNote(t *testing.T) {
	t.Parallel()
	for english, want := range map[string]string{
		"Version 3 again":      "Versie 3 opnieuw",
		"Test added: Won deal": "Test toegevoegd: Won deal",
		"Made by setup":        "Gemaakt bij de installatie",
		"Nothing was linked.":  "Nothing was linked.",
		"Version three again":  "Version three again",
		"":                     "",
	} {
		if got, _ := Note(english); got != want {
			t.Errorf("the note %q is told as %q, want %q", english, got, want)
		}
	}
}

// TestWho: who is called as something of ours is keeps that name.
func TestWho(t *testing.T) {
	t.Parallel()
	type change struct {
		Name string  `said:"who"`
		By   *string `said:"who"`
	}
	for english, want := range map[string]string{
		"Energy": "Energy", "Nothing was linked.": "Nothing was linked.", "": "",
		"the API key Energy": "de API-sleutel Energy", "the API key ": "de API-sleutel ", "the API keys": "the API keys",
	} {
		if diff := cmp.Diff(change{want, &want}, Answer(change{english, &english})); diff != "" {
			t.Error(diff)
		}
	}
}

// TestFormats: the Dutch of a sentence has each of its values, and no sentence is there twice.
func TestFormats(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, part := range append(catalogue(), pieces, notes) {
		for _, s := range part {
			if was, twice := seen[s.english]; twice {
				t.Errorf("%q is told as %q and as %q", s.english, was, s.dutch)
			}
			seen[s.english] = s.dutch
			f := parse(s)
			used := map[int]bool{}
			for _, p := range f.dutch {
				if p.value >= len(f.verbs) {
					t.Errorf("the Dutch of %q has a value that it lacks: %q", s.english, s.dutch)
				}
				if p.value >= 0 {
					used[p.value] = true
				}
			}
			if len(used) != len(f.verbs) {
				t.Errorf("the Dutch of %q lacks one of its values: %q", s.english, s.dutch)
			}
		}
	}
}

// TestCorpus tells all problems, hints and fixes of the test cases of the language: none is left in English.
func TestCorpus(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../spec/testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	var (
		problem = regexp.MustCompile(`^[a-z_]+ (?:\d+:\d+ )?(?:/\S*)? ?(?:\+\d+)?: (.+)$`)
		hint    = regexp.MustCompile(`^  hint: (.+)$`)
		fix     = regexp.MustCompile(`^  fix: (.+?): (?:replace|add|remove|move) .*$`)
	)
	told := 0
	for _, name := range files {
		in, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		within := false
		for lines := bufio.NewScanner(in); lines.Scan(); {
			line := lines.Text()
			if strings.HasPrefix(line, "-- ") {
				within = strings.HasPrefix(line, "-- problems")
			}
			if !within {
				continue
			}
			for _, r := range []*regexp.Regexp{problem, hint, fix} {
				m := r.FindStringSubmatch(line)
				if m == nil {
					continue
				}
				told++
				if _, known := Told(m[1]); !known {
					t.Errorf("%s: no Dutch for %q", name, m[1])
				}
				break
			}
		}
		_ = in.Close()
	}
	if told < 300 {
		t.Errorf("only %d texts were found in the cases", told)
	}
}

// TestWhys tells what the cases of why say: verdicts, and the reason of each processor.
func TestWhys(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../pipeline/why/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	quoted := regexp.MustCompile(`“[^”]*”`)
	english := regexp.MustCompile(`\b(the|which|its|not|when|and|this)\b`)
	reason := regexp.MustCompile(`^    [a-z_]+: ([^=].*\.)$`)
	told := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		verdict := false
		for line := range strings.SplitSeq(string(text), "\n") {
			said := ""
			if m := reason.FindStringSubmatch(line); m != nil {
				said = m[1]
			} else if verdict {
				said = line
			}
			verdict = strings.HasPrefix(line, "-- absent ")
			if said == "" {
				continue
			}
			told++
			dutch, known := Told(said)
			if !known || english.MatchString(quoted.ReplaceAllString(dutch, "")) {
				t.Errorf("%s: %q is told as %q", name, said, dutch)
			}
		}
	}
	if told < 50 {
		t.Errorf("only %d texts were found in the cases", told)
	}
}

// TestAnswer: only what is tagged is told, and what an answer shares with others is not written to.
func TestAnswer(t *testing.T) {
	t.Parallel()
	type inner struct {
		Code string
		Text string `said:"ours" unless:"failed"`
		Name string
	}
	type outer struct {
		inner *inner //nolint:unused // what is not exported is left alone
		List  []*inner
		Map   map[string]inner
		Any   any      `said:"within"`
		Other any      // what is in an interface without the tag is not looked at
		Texts []string `said:"ours"`
		None  *string  `said:"ours"`
		Some  *string  `said:"ours"`
	}
	const english, dutch = "Nothing was linked.", "Er is niets gekoppeld."
	make := func(text string) outer {
		return outer{
			List: []*inner{nil, {Text: text, Name: english}, {Code: "failed", Text: english}}, Map: map[string]inner{"a": {Text: text}, "b": {}},
			Any: &inner{Text: text}, Other: &inner{Text: english}, Texts: []string{text, "own"}, Some: &text,
		}
	}
	of := make(english)
	got := Answer([]outer{of})
	if diff := cmp.Diff([]outer{make(dutch)}, got, cmp.AllowUnexported(outer{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(make(english), of, cmp.AllowUnexported(outer{})); diff != "" {
		t.Errorf("the answer itself was written to: %s", diff)
	}
}
