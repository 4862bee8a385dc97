package record

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "write what the cases give into their files")

// TestCases runs testdata/*.txtar. A line of "steps" is one of
//
//	2 activity deal1 activity_type="Deal" agent_external_identity=@7 moment=2025-12-10T18:00:00Z value=null
//	2.1 agent 7 external_name="Cas"      delivery 2, second processor
//	begin, keep, back                    open a unit, close it, take it back
//	lock sale s1 gas_usage 5             as delivery 5
//	5 hold sale s1 gas_usage             lock_record_field
//	unlock sale s1 gas_usage             by a person
//	3 contact period c1 only_open=true set.value=2      update_contact_…
//	3 change p1 contact_key="c1" period_type="Open" moment=2025-12-10T18:00:00Z     insert_contact_period_change
//	undo 2, redo 2                       take back what delivery 2 wrote; take back the newest undo of that
//	group                                apply what there is and begin a new group
//
// and each gives a line of "answers". "state" is what is there in the end (value#mark), "journal" the before-images.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, file)
		})
	}
}

func runCase(t *testing.T, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.Files {
		parts[f.Name] = string(f.Data)
	}
	s := newStore()
	var answers []string
	for i, group := range strings.Split(parts["steps"], "\ngroup\n") {
		var said []string
		s.group(t, int64(1000+i), func(stage *Stage) error {
			said = nil
			for _, line := range strings.Split(group, "\n") {
				if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
					continue
				}
				answer, err := step(stage, line)
				if number, undo := strings.CutPrefix(line, "undo "); undo {
					answer, err = s.undo(stage, number, false)
				} else if number, redo := strings.CutPrefix(line, "redo "); redo {
					answer, err = s.undo(stage, number, true)
				}
				if err != nil {
					return fmt.Errorf("%s: %w", line, err)
				}
				said = append(said, answer)
			}
			return nil
		})
		answers = append(answers, said...)
	}
	got := map[string]string{
		"answers": strings.Join(answers, "\n") + "\n",
		"state":   s.dump(t),
		"journal": s.dumpJournal(),
	}
	if *update {
		archive.Files = archive.Files[:1]
		for _, name := range []string{"answers", "state", "journal"} {
			if got[name] != "" {
				archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(got[name])})
			}
		}
		if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, name := range []string{"answers", "state", "journal"} {
		if diff := cmp.Diff(parts[name], got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func step(stage *Stage, line string) (string, error) {
	words := split(line)
	switch words[0] {
	case "begin":
		stage.Begin()
		return "begin", nil
	case "keep", "back":
		stage.End(words[0] == "keep")
		return words[0], nil
	case "lock":
		return "lock", lock(stage, words)
	case "unlock":
		was, err := stage.Unlock(&Writer{TenantID: tenant, ProviderID: provider, Maker: Maker{Origin: FromUser, OriginID: 9}}, Key{provider, words[1], words[2]}, words[3])
		return fmt.Sprint("unlock ", was), err
	case "undo", "redo": // not by the stage alone
		return "", nil
	}
	number, position, _ := strings.Cut(words[0], ".")
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", err
	}
	p, _ := strconv.Atoi("0" + position)
	w := writer(n, p)
	e := run.Effect{Kind: run.UpsertRecord, Noun: words[1], Key: words[2], Instruction: "s1"}
	if IdentityKindOf(e.Noun) != nil {
		e.Kind = run.UpsertIdentity
	}
	rest := words[3:]
	switch words[1] {
	case "hold":
		e.Kind, e.Noun, e.Key = run.LockField, words[2], words[3]
		e.Fields, rest = []run.Field{{Name: words[4]}}, nil
	case "contact":
		e.Kind, e.Noun, e.Key, rest = run.UpdateContact, words[2], words[3], words[4:]
	case "change":
		e.Kind, e.Noun = run.InsertPeriodChange, Period.Noun
	}
	for _, word := range rest {
		name, text, _ := strings.Cut(word, "=")
		v, err := parse(stage, name, text)
		if err != nil {
			return "", err
		}
		e.Fields = append(e.Fields, run.Field{Name: name, Value: v})
	}
	answer, err := stage.Apply(w, &e)
	var wrong *run.DataError
	if errors.As(err, &wrong) {
		return wrong.Code + " " + wrong.Field + ": " + wrong.Message, nil
	}
	if err != nil {
		return "", err
	}
	if e.Kind == run.InsertPeriodChange {
		return answer.Result.Entity().ExternalID() + " " + describeAnswer(answer), nil
	}
	return describeAnswer(answer), nil
}

func writer(number int64, position int) *Writer {
	return &Writer{
		TenantID:   tenant,
		ProviderID: provider,
		Mark:       Mark{Number: number, Position: int32(position)},
		Maker:      Maker{Origin: FromProvider, OriginID: provider, Delivery: number},
	}
}

// lock puts a lock on a field, as an operation of a later day does.
func lock(stage *Stage, words []string) error {
	kind := KindOf(words[1])
	place := stage.rowPlace(Key{provider, kind.Noun, words[2]})
	if stage.rows.now(place) == nil { // not loaded yet
		return nil
	}
	row := *stage.rows.now(place)
	delivery, err := strconv.ParseInt(words[4], 10, 64)
	row.Locks = map[int]int64{kind.Place(words[3]): delivery}
	stage.rows.set(place, &row)
	return err
}

// split is strings.Fields that keeps quoted text together.
func split(line string) []string {
	var words []string
	word, quoted := "", false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
			word += string(c)
		case c == ' ' && !quoted:
			if word != "" {
				words = append(words, word)
			}
			word = ""
		default:
			word += string(c)
		}
	}
	return append(words, word)
}

func parse(stage *Stage, name, text string) (value.Value, error) {
	if key, ok := strings.CutPrefix(text, "@"); ok {
		noun := strings.TrimSuffix(strings.TrimPrefix(name, run.SetPrefix), "_external_identity") + IdentitySuffix
		i := stage.Identity(Key{provider, noun, key})
		if i == nil && stage.Missing() != nil {
			i = &Identity{Key: Key{provider, noun, key}}
		}
		if i == nil {
			return value.Null(), fmt.Errorf("there is no %s %s", noun, key)
		}
		return value.Ref(i), nil
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return value.Moment(at.UnixMicro()), nil
	}
	v, syntax := value.ParseJSON([]byte(text), value.Limits{})
	if syntax != nil {
		return value.Null(), fmt.Errorf("%q: %w", text, syntax)
	}
	return v, nil
}
