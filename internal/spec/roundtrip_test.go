package spec_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// oddText is text that YAML could take for something else.
var oddText = rapid.OneOf(
	rapid.SampledFrom([]string{
		"", " ", "a: b", "a #b", "#", "- a", "-", "?", "? a", "[a]", "{a: b}", "'", "''", `"`, `\`, "it's", "=", "==", "=a", "~", "null", "true", "yes",
		"007", "1e5", "1.10", "0x1F", "12:30", "2025-12-10", "|", ">", "|-", "&a", "*a", "!a", "%a", "@a", "`a`", "---", "...", "--- a", "<<", ":", "a:", ":a",
		"a\nb", "a\nb\n", "a\n\nb", "\na", "a\n", "a\n\n", " a\nb", "a \nb", "a\n b", "a\tb", "\t", "a\r\nb", "\u0085", "\u2028", "\ufeff", "\u200b", "é", "😀", "\x7f", "a, b", "a]", "}",
		"# a\nb", "- a\nb", "a: b\nc", "a\n---\nb", "a\n...\nb", "key: |", ".5", ".inf", "+1", "-x", "--", "a  b", "a\u00a0b", "\u00a0", "%", "a%", ",", "a,b",
	}),
	rapid.StringN(0, 12, -1),
	rapid.StringMatching(`[ a-z:#,\-\[\]{}"'|>&*!%@=?\n]{0,12}`),
)

// plainText has no control characters that no spec may hold (U+0000).
var plainText = rapid.Map(oddText, func(s string) string {
	out := []rune{}
	for _, c := range s {
		if c != 0 && c != 0xfffd {
			out = append(out, c)
		}
	}
	return string(out)
})

var anyValue = rapid.Custom(func(t *rapid.T) value.Value { return drawValue(t, 2) })

func drawValue(t *rapid.T, depth int) value.Value {
	kinds := 7
	if depth == 0 {
		kinds = 5
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return value.Null()
	case 1:
		return value.Bool(rapid.Bool().Draw(t, "bool"))
	case 2:
		d, err := value.ParseDecimal(rapid.StringMatching(`-?(0|[1-9][0-9]{0,20})(\.[0-9]{1,15})?`).Draw(t, "number"))
		if err != nil {
			t.Fatal(err)
		}
		return value.Number(d)
	case 3, 4:
		return value.Text(plainText.Draw(t, "text"))
	case 5:
		var items []value.Value
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			items = append(items, drawValue(t, depth-1))
		}
		return value.List(items)
	}
	var members []value.Member
	for _, key := range rapid.SliceOfNDistinct(plainText, 0, 4, rapid.ID[string]).Draw(t, "keys") {
		members = append(members, value.Member{Key: key, Value: drawValue(t, depth-1)})
	}
	return value.Object(members)
}

func drawExpr(t *rapid.T, depth int) *tree.Expr {
	kinds := 5
	if depth == 0 {
		kinds = 3
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "expression") {
	case 0, 1:
		return tree.Lit(drawValue(t, 0))
	case 2:
		p := tree.Path{Root: "event"}
		for range rapid.IntRange(0, 3).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "index") {
				p.Steps = append(p.Steps, tree.Step{Index: rapid.IntRange(0, 99).Draw(t, "n"), IsIndex: true})
			} else {
				p.Steps = append(p.Steps, tree.Step{Key: plainText.Draw(t, "key")})
			}
		}
		return &tree.Expr{Type: tree.Var, Path: p}
	case 3:
		var list tree.List
		for range rapid.IntRange(1, 3).Draw(t, "arguments") {
			list = append(list, drawExpr(t, depth-1))
		}
		return &tree.Expr{Type: "concat", Fields: []tree.Field{{Name: "arguments", Content: list}}}
	}
	return &tree.Expr{Type: "map", Fields: []tree.Field{{Name: "list", Content: drawExpr(t, depth-1)}, {Name: "item_var", Content: tree.Name("x")}, {Name: "value", Content: drawExpr(t, depth-1)}}}
}

func drawInstructions(t *rapid.T, depth int) []*tree.Instruction {
	var list []*tree.Instruction
	for range rapid.IntRange(0, 3).Draw(t, "instructions") {
		i := &tree.Instruction{ID: rapid.SampledFrom([]string{"", "s1", "true", "12", "a-b"}).Draw(t, "id"), Note: plainText.Draw(t, "note"), Disabled: rapid.Bool().Draw(t, "disabled")}
		kind := rapid.IntRange(0, 4).Draw(t, "type")
		if depth == 0 {
			kind = min(kind, 1)
		}
		switch kind {
		case 0:
			i.Type = "stop"
			i.Fields = []tree.Field{{Name: "reason", Content: drawExpr(t, 2)}}
		case 1:
			i.Type = "upsert_sale"
			i.Fields = []tree.Field{{Name: "external_id", Content: drawExpr(t, 2)}, {Name: "energy_meta", Content: tree.Group{{Name: "gas_usage", Content: drawExpr(t, 1)}}}}
			i.ReturnAs = "sale"
		case 2:
			i.Type = "if_else"
			i.Fields = []tree.Field{{Name: "condition", Content: drawExpr(t, 1)}, {Name: "then", Content: tree.Body(drawInstructions(t, depth-1))}, {Name: "else", Content: tree.Body(drawInstructions(t, depth-1))}}
		case 3:
			i.Type = "for_each"
			i.Fields = []tree.Field{{Name: "list", Content: drawExpr(t, 1)}, {Name: "item_var", Content: tree.Name("y")}, {Name: "body", Content: tree.Body(drawInstructions(t, depth-1))}}
		case 4:
			i.Type = "switch"
			var cases tree.Cases
			for range rapid.IntRange(1, 2).Draw(t, "cases") {
				c := &tree.Case{Body: drawInstructions(t, depth-1)}
				for range rapid.IntRange(1, 3).Draw(t, "equals") {
					c.Equals = append(c.Equals, drawExpr(t, 1))
				}
				cases = append(cases, c)
			}
			i.Fields = []tree.Field{{Name: "value", Content: drawExpr(t, 1)}, {Name: "cases", Content: cases}}
		}
		i.Extra = drawExtra(t)
		list = append(list, i)
	}
	return list
}

func drawExtra(t *rapid.T) []value.Member {
	if !rapid.Bool().Draw(t, "extra") {
		return nil
	}
	return []value.Member{{Key: "x-a", Value: anyValue.Draw(t, "x-a")}, {Key: "x-" + plainText.Draw(t, "x-key") + "b", Value: anyValue.Draw(t, "x-b")}}
}

// drawComments puts comments at places that are there and at places that are not.
func drawComments(t *rapid.T, s *tree.Spec) {
	var places [][]string
	var gather func(v value.Value, at []string)
	gather = func(v value.Value, at []string) {
		places = append(places, at)
		for i, item := range v.Items() {
			gather(item, append(at[:len(at):len(at)], itoa(i)))
		}
		for _, m := range v.Members() {
			gather(m.Value, append(at[:len(at):len(at)], m.Key))
		}
	}
	stored, err := value.ParseJSON(s.AppendJSON(nil), tree.ParseLimits)
	if err != nil {
		t.Fatal(err)
	}
	gather(stored, nil)
	for range rapid.IntRange(0, 6).Draw(t, "comments") {
		s.AddComment(rapid.SampledFrom(places).Draw(t, "place"), rapid.Bool().Draw(t, "end"),
			rapid.SampledFrom([]string{"", "a remark", " indented", "# double", "key: value", "- dash", "'", "é"}).Draw(t, "line"))
	}
}

// Whatever is in a spec, formatting it and storing it lose nothing: texts that look like something else, reserved keys,
// comments anywhere.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &tree.Spec{SourceModel: "webhook.payload", Var: rapid.SampledFrom([]string{"", "event"}).Draw(t, "var"), Note: plainText.Draw(t, "note"), Extra: drawExtra(t)}
		for range rapid.IntRange(0, 2).Draw(t, "constants") {
			c := &tree.Constant{Name: "c", Type: "string", Note: plainText.Draw(t, "note"), Extra: drawExtra(t)}
			if rapid.Bool().Draw(t, "default") {
				v := anyValue.Draw(t, "default")
				c.Default = &v
			}
			s.Constants = append(s.Constants, c)
		}
		s.Instructions = drawInstructions(t, 2)
		for range rapid.IntRange(0, 2).Draw(t, "tests") {
			s.Tests = append(s.Tests, &tree.Test{Members: []value.Member{{Key: "name", Value: value.Text(plainText.Draw(t, "name"))}, {Key: "given", Value: anyValue.Draw(t, "given")}, {Key: "expect", Value: anyValue.Draw(t, "expect")}}})
		}
		drawComments(t, s)
		stored := s.AppendJSON(nil)
		again, problems, _ := text.ReadJSON(stored, withAsk)
		if tree.HasErrors(problems) || !tree.Equal(s, again) {
			t.Fatalf("stored as\n%s\n%+v\n%s", stored, problems, again.AppendJSON(nil))
		}
		formatted := text.FormatYAML(again, withAsk)
		read, problems, _ := text.ReadYAML(formatted, withAsk)
		if tree.HasErrors(problems) || !tree.Equal(again, read) {
			got := ""
			if read != nil {
				got = string(read.AppendJSON(nil))
			}
			t.Fatalf("formatted as\n%s\n%+v\nwas\n%s\nis\n%s", formatted, problems, stored, got)
		}
		if twice := text.FormatYAML(read, withAsk); string(twice) != string(formatted) {
			t.Fatalf("formatted as\n%s\nthen as\n%s", formatted, twice)
		}
	})
}
