package spec_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

// Problems point at the very character of the user's own file, however he wrote it. In each text the mistake is evnt; the
// line and column are those of its first letter.
func TestProblemsPointAtTheCharacter(t *testing.T) {
	t.Parallel()
	const head = "spec: 1\nsource_model: webhook.payload\ninstructions:\n"
	for name, source := range map[string]string{
		"plain":                        "  - type: stop\n    reason: =evnt.x",
		"behind spaces":                "  - type: stop\n    reason:     =evnt.x   ",
		"in a call":                    "  - type: stop\n    reason: =concat(event.a, evnt.x)",
		"beside a comment":             "  - type: stop\n    reason: =evnt.x # evening",
		"letters of two bytes":         "  - type: stop\n    reason: =concat(\"éü\", evnt.x)",
		"letters of four bytes":        "  - type: stop\n    reason: =concat(\"🚲🚲\", evnt.x)",
		"letters before the key":       "  - {note: é🚲ü, type: stop, reason: =evnt.x}",
		"single quotes":                "  - {type: stop, reason: '=concat(\"a, b\", evnt.x)'}",
		"doubled single quotes":        "  - {type: stop, reason: '=concat(\"it''s ''so\", evnt.x)'}",
		"double quotes":                "  - {type: stop, reason: \"=concat(event.a, evnt.x)\"}",
		"escapes":                      "  - {type: stop, reason: \"=concat(\\\"a\\\", evnt.x)\"}",
		"escapes by number":            "  - {type: stop, reason: \"=concat(\\\"\\u00e9\\U0001F6B2\\x41\\\", evnt.x)\"}",
		"a block of text":              "  - type: stop\n    reason: |-\n      =concat(event.a,\n        evnt.x)",
		"a block with a line feed":     "  - type: stop\n    reason: |\n      =concat(event.a,\n\n        evnt.x\n      )",
		"a block that says its indent": "  - type: stop\n    reason: |2-\n      =concat(event.a,\n      evnt.x)",
		"a folded block":               "  - type: stop\n    reason: >-\n      =concat(event.a,\n      \"é\", evnt.x)",
		"a folded block, blank lines":  "  - type: stop\n    reason: >-\n      =concat(event.a,\n\n\n      evnt.x)",
		"a folded block, indented":     "  - type: stop\n    reason: >-\n      =concat(event.a,\n          event.b,\n      evnt.x)",
		"plain over lines":             "  - type: stop\n    reason: =concat(event.a,\n      event.b,\n        evnt.x)",
		"quotes over lines":            "  - type: stop\n    reason: '=concat(event.a,\n\n      evnt.x)'",
		"double quotes over lines":     "  - type: stop\n    reason: \"=concat(event.a,\n      \\\"b\\\", evnt.x)\"",
		"brackets over lines":          "  - {type: stop,\n     reason:\n       =evnt.x}",
		"brackets in brackets":         "  - {type: if_else, condition: =event.a, then: [{type: stop}, {type: stop, reason: =evnt.x}]}",
		"a quoted key":                 "  - {\"type\": stop, 'reason': =evnt.x}",
		"a list of expressions":        "  - type: update_contact_periods\n    contact_key: =event.c\n    period_types:\n      - a\n      - =evnt.x\n    set: {value: 1}",
		"a group":                      "  - type: update_contact_periods\n    contact_key: =event.c\n    set:\n      value: =evnt.x",
		"a switch":                     "  - type: switch\n    value: =event.a\n    cases:\n    - equals: [a, =evnt.x]\n      body: []",
		"a list that is not indented":  "- type: stop\n  reason: =evnt.x",
		"an expression as an object":   "  - type: stop\n    reason: {type: lower, text: {type: var, var: evnt.x}}",
		"between comments":             "  # one\n  - type: stop # two\n    # three =evil\n    reason: =lower(evnt.x) # four",
		"tabs within a formula":        "  - type: stop\n    reason: '=concat(event.a,\t\tevnt.x)'",
		"a named argument":             "  - {type: stop, reason: '=format_number(1, decimal=evnt.x)'}",
		"an item of a list":            "  - {type: stop, reason: '=join(map(event.lines, l, concat(l.a, evnt.x)), \",\")'}",
	} {
		for way, write := range map[string]func(string) string{
			"":                  func(s string) string { return s },
			", with a BOM":      func(s string) string { return "\ufeff" + s },
			", as on Windows":   func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			", and a line feed": func(s string) string { return s + "\n" },
		} {
			pointsAt(t, name+way, write(head+source), head+source, text.ReadYAML)
		}
	}
	for name, source := range map[string]string{
		"plain":      `{"spec": 1, "source_model": "webhook.payload", "instructions": [{"type": "stop", "reason": "=evnt.x"}]}`,
		"escapes":    `{"spec": 1, "source_model": "webhook.payload", "instructions": [{"type": "stop", "reason": "=concat(\"\u00e9\ud83d\ude00\", evnt.x)"}]}`,
		"over lines": "{\"spec\": 1,\n \"source_model\": \"webhook.payload\",\n\t\"instructions\": [\n  {\"note\": \"é🚲\", \"type\": \"stop\", \"reason\": \"=lower(evnt.x)\"}]}",
		"a tree":     `{"spec": 1, "source_model": "webhook.payload", "instructions": [{"type": "stop", "reason": {"type": "lower", "text": {"type": "var", "var": "evnt.x"}}}]}`,
	} {
		pointsAt(t, "JSON "+name, source, source, text.ReadJSON)
		pointsAt(t, "JSON "+name+", as on Windows", strings.ReplaceAll(source, "\n", "\r\n"), source, text.ReadJSON)
	}
}

func pointsAt(t *testing.T, name, written, source string, read func([]byte, tree.Grammar) (*tree.Spec, []tree.Problem, *text.Positions)) {
	t.Helper()
	before, _, _ := strings.Cut(source, "evnt")
	line := strings.Count(before, "\n") + 1
	column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
	c := &oneCase{T: t, lib: withAsk, given: map[string]string{}}
	c.model = c.readModel()
	spec, problems, places := read([]byte(written), c.lib)
	if spec == nil {
		t.Errorf("%s: it cannot be read: %v", name, problems)
		return
	}
	_, found := check.Check(spec, c.lib, c.model)
	places.Place(found)
	for _, p := range found {
		if p.Code != tree.UnknownName {
			continue
		}
		if p.Line != line || p.Column != column {
			t.Errorf("%s: it points at %d:%d and not at %d:%d of\n%s", name, p.Line, p.Column, line, column, written)
		}
		if p.Fix == nil || p.Fix.Source == nil {
			t.Errorf("%s: there is no fix", name)
		} else if mended := string(text.Mend([]byte(written), p.Fix.Source)); strings.Contains(mended, "evnt") {
			t.Errorf("%s: the fix does not mend\n%s", name, mended)
		}
		return
	}
	t.Errorf("%s: evnt is no problem: %v", name, found)
}
