package spec_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

const top = "spec: 1\nsource_model: webhook.payload\n"

// The bounds of a spec (8.3): at the bound there is no problem, beyond it there is one.
func TestLimitsOfASpec(t *testing.T) {
	t.Parallel()
	nested := func(depth int) string {
		var b strings.Builder
		b.WriteString(top + "instructions:\n")
		for i := range depth - 1 {
			indent := strings.Repeat("    ", i)
			b.WriteString(indent + "- type: if_else\n" + indent + "  condition: =event.x\n" + indent + "  then:\n")
		}
		b.WriteString(strings.Repeat("    ", depth-1) + "- {type: stop}\n")
		return b.String()
	}
	tree64 := func(depth int) string {
		return `{"spec": 1, "source_model": "webhook.payload", "instructions": [{"type": "stop", "reason": ` +
			strings.Repeat(`{"type": "lower", "text": `, depth-1) + `"=event.x"` + strings.Repeat("}", depth-1) + `}]}`
	}
	for _, c := range []struct {
		name   string
		source string
		want   string
	}{
		{"instructions", top + "instructions:\n" + strings.Repeat("- {type: stop, disabled: true}\n", tree.MaxInstructions), ""},
		{"too many instructions", top + "instructions:\n" + strings.Repeat("- {type: stop, disabled: true}\n", tree.MaxInstructions+1), "too_large /instructions"},
		{"depth of instructions", nested(tree.MaxDepth), ""},
		{"too deep instructions", nested(tree.MaxDepth + 1), "too_large /instructions" + strings.Repeat("/0/then", tree.MaxDepth)},
		{"depth of a formula", top + "instructions: [{type: stop, reason: '=" + strings.Repeat("lower(", 63) + "event.x" + strings.Repeat(")", 63) + "'}]", ""},
		{"too deep a formula", top + "instructions: [{type: stop, reason: '=" + strings.Repeat("lower(", 64) + "event.x" + strings.Repeat(")", 64) + "'}]", "too_large /instructions/0/reason"},
		{"depth of a tree", tree64(tree.MaxDepth), ""},
		{"too deep a tree", tree64(tree.MaxDepth + 1), "too_large /instructions/0/reason" + strings.Repeat("/text", tree.MaxDepth)},
		{"a long formula", top + "instructions: [{type: stop, reason: '=\"" + strings.Repeat("x", tree.MaxFormula-3) + "\"'}]", ""},
		{"too long a formula", top + "instructions: [{type: stop, reason: '=\"" + strings.Repeat("x", tree.MaxFormula-2) + "\"'}]", "too_large /instructions/0/reason"},
		{"too many constants", top + "constants:\n" + numbered(tree.MaxConstants+1, "- {name: c%d, type: number, default: 1}\n") + "instructions: []", "too_large /constants"},
		{"too many rows", top + "constants:\n- name: c\n  type: table<number>\n  default:\n" + numbered(tree.MaxRows+1, "    r%d: 1\n") + "instructions: []", "bad_constant /constants/0/default"},
		{"too many tests", top + "instructions: []\ntests:\n" + numbered(tree.MaxTests+1, "- {name: t%d, given: {}, expect: {}}\n"), "too_large /tests"},
		{"too big a file", top + "instructions: []\nnote: " + strings.Repeat("x", tree.MaxBytes), "too_large "},
		{"too deep a file", top + "instructions: []\nx-deep: " + strings.Repeat("[", 300) + strings.Repeat("]", 300), "too_large "},
		{"a file of brackets", strings.Repeat("[", tree.MaxBytes), "too_large "},
		{"an object of many keys", top + "instructions: []\nx-many:\n" + numbered(9000, "  k%d: 1\n"), "too_large "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			read := text.ReadYAML
			if strings.HasPrefix(c.source, "{") {
				read = text.ReadJSON
			}
			spec, problems, places := read([]byte(c.source), withAsk)
			if spec != nil {
				_, found := check.Check(spec, withAsk, library.WebhookPayload)
				problems = append(problems, found...)
				places.Place(problems)
			}
			var got []string
			for _, p := range problems {
				if p.Severity == tree.Error {
					got = append(got, p.Code+" "+p.Pointer)
				}
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

// What makes a version and what makes another program (section 11).
func TestEqualAndProgram(t *testing.T) {
	t.Parallel()
	const one = top + "instructions:\n  - {type: upsert_team_external_identity, id: s1, external_id: '=concat(event.id, 1.50)', return_as: team}\n  - {type: stop, id: s2, reason: =team.external_id}\n"
	for _, c := range []struct {
		name           string
		other          string
		equal, program bool
	}{
		{"itself", one, true, true},
		{"white space, quotes, key order, a tree, spelling of a number", "instructions:\n- id: 's1'\n  return_as: \"team\"\n  external_id: {arguments: [{var: event.id, type: var}, 1.5], type: concat}\n  type: upsert_team_external_identity\n- {reason: '= team.external_id', id: s2, type: stop}\nsource_model: webhook.payload\nspec: 1\n", true, true},
		{"a note", strings.Replace(one, "id: s1", "id: s1, note: x", 1), false, true},
		{"a comment", strings.Replace(one, "instructions:", "# x\ninstructions:", 1), false, true},
		{"a test", one + "tests: [{name: a, given: {}, expect: {}}]\n", false, true},
		{"an id", strings.Replace(one, "s1", "s3", 1), false, false},
		{"disabled", strings.Replace(one, "id: s2", "id: s2, disabled: true", 1), false, false},
		{"the order", top + "instructions:\n  - {type: stop, id: s2, reason: =team.external_id}\n  - {type: upsert_team_external_identity, id: s1, external_id: '=concat(event.id, 1.50)', return_as: team}\n", false, false},
		{"text for a number", strings.Replace(one, "1.50", `"1.5"`, 1), false, false},
	} {
		a, _, _ := text.ReadYAML([]byte(one), withAsk)
		b, problems, _ := text.ReadYAML([]byte(c.other), withAsk)
		if tree.HasErrors(problems) {
			t.Fatalf("%s: %+v", c.name, problems)
		}
		if got := tree.Equal(a, b); got != c.equal {
			t.Errorf("%s: equal %v", c.name, got)
		}
		if got := a.ContentHash() == b.ContentHash(); got != c.equal {
			t.Errorf("%s: content hash equal %v", c.name, got)
		}
		if got := a.ProgramHash() == b.ProgramHash(); got != c.program {
			t.Errorf("%s: program hash equal %v", c.name, got)
		}
	}
}

// What was meant by an unknown name is told for so many of them; all of them are told.
func TestGuessesAreBounded(t *testing.T) {
	t.Parallel()
	spec, _, _ := text.ReadYAML([]byte(top+"var: event\ninstructions:\n"+strings.Repeat("- {type: stop, reason: =evnt.x}\n", 250)), withAsk)
	_, problems := check.Check(spec, withAsk, library.WebhookPayload)
	unknown, guessed := 0, 0
	for _, p := range problems {
		if p.Code == tree.UnknownName {
			unknown++
			if p.Hint != "" {
				guessed++
			}
		}
	}
	if unknown != 250 || guessed != 200 {
		t.Errorf("%d unknown names, %d with a hint", unknown, guessed)
	}
}
