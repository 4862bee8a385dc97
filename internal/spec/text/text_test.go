package text_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// grammar is a small one with every form of field.
type grammar struct{}

func (grammar) Expression(name string) *types.Signature {
	many := func(name string) types.Param {
		return types.Param{Name: name, Form: types.Expressions, Required: true}
	}
	one := func(name string) types.Param { return types.Param{Name: name, Required: true} }
	switch name {
	case "concat":
		return &types.Signature{Params: []types.Param{many("arguments")}}
	case "equals_one_off":
		return &types.Signature{Params: []types.Param{one("value"), many("options")}}
	case "round":
		return &types.Signature{Params: []types.Param{one("value"), {Name: "decimals"}, {Name: "mode", Literal: true}}}
	case "map":
		return &types.Signature{Params: []types.Param{one("list"), {Name: "item_var", Form: types.Name, Of: "list", Required: true}, {Name: "value", Required: true, Inner: true}}}
	case "now":
		return &types.Signature{}
	}
	return nil
}

func (grammar) ExpressionNames() []string  { return nil }
func (grammar) InstructionNames() []string { return nil }

func (grammar) Instruction(name string) *types.Signature {
	switch name {
	case "upsert":
		return &types.Signature{Params: []types.Param{{Name: "external_id"}, {Name: "value"},
			{Name: "types", Form: types.Expressions}, {Name: "set", Form: types.Group, Fields: []types.Param{{Name: "a"}, {Name: "b"}}}}}
	case "if_else":
		return &types.Signature{Params: []types.Param{{Name: "condition"}, {Name: "then", Form: types.Body}, {Name: "else", Form: types.Body}}}
	case "for_each":
		return &types.Signature{Params: []types.Param{{Name: "list"}, {Name: "item_var", Form: types.Name}, {Name: "body", Form: types.Body}}}
	case "switch":
		return &types.Signature{Params: []types.Param{{Name: "value"}, {Name: "cases", Form: types.Cases}, {Name: "default", Form: types.Body}}}
	}
	return nil
}

func TestFormulas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ source, want string }{
		{`=event.id`, `=event.id`},
		{`= event . id`, `8: the formula should end here, not '.'`},
		{`=event["odd key"][ 0 ].id`, `=event["odd key"][0].id`},
		{`=event["id"]`, `=event.id`},
		{`=concat( event.id ,"x" )`, `=concat(event.id, "x")`},
		{`=literal(5)`, `=5`},
		{`=var(event.id)`, `=event.id`},
		{`=count`, `=count`},
		{`=round(event.amount, 2)`, `=round(event.amount, decimals=2)`},
		{`=round(event.amount, mode="floor", decimals = 2)`, `=round(event.amount, decimals=2, mode="floor")`},
		{`=round(value=event.amount)`, `=round(event.amount)`},
		{`=map(event.lines, line, line.price)`, `=map(event.lines, line, line.price)`},
		{`=map(event.lines, "line", value=line.price)`, `=map(event.lines, line, line.price)`},
		{`=equals_one_off(event.a, "b", "c")`, `=equals_one_off(event.a, "b", "c")`},
		{`=1.50`, `=1.5`},
		{`=-0`, `=0`},
		{`=1e3`, `=1000`},
		{`="é\u00e9\n"`, `="éé\n"`},
		{`=null`, `=null`},
		{`=now()`, `=now()`},
		{`=`, `1: the formula ends too early: an expression belongs here`},
		{`=a + b`, `3: the formula should end here, not +`},
		{`=a == b`, `3: the formula should end here, not ==`},
		{`='x'`, `1: an expression belongs here, not '`},
		{`=event.`, `7: a name belongs after the point; other keys go in brackets: ["odd key"]`},
		{`=event[x]`, `7: an index or a key in double quotes belongs here; for a computed one use get(…)`},
		{`=event[-1]`, `7: indexes are whole numbers from 0; last(…) gives the last item`},
		{`=event[01]`, `7: 01 is no index; indexes are whole numbers from 0`},
		{`=event.true`, `7: write ["true"] for this key`},
		{`=concat(a`, `9: the formula ends too early: , or ) belongs here`},
		{`=concat("a`, `8: the closing double quote of this text is missing`},
		{`=concat(a,)`, `10: an expression belongs here, not )`},
		{`=concat (a)`, `7: there is no space between concat and (`},
		{`=round(1, 2, "floor", 3)`, `22: round takes 3 arguments: value, decimals, mode`},
		{`=round(1, decimal=2)`, `10: round has no argument decimal`},
		{`=round(1, decimals=2, decimals=3)`, `22: decimals of round is given twice`},
		{`=round(decimals=2, 1)`, `19: arguments by position stand before those by name`},
		{`=concat(arguments=1)`, `8: arguments of concat takes any number of arguments and is not named`},
		{`=unknown(1)`, `1: there is no expression unknown`},
		{`=map(a, b.c, d)`, `8: item_var of map is a name of your own, as line`},
		{`=` + strings.Repeat("concat(", 70) + strings.Repeat(")", 70), `449: expressions are nested more than 64 deep here`},
	} {
		e, problems := text.ParseFormula(c.source, grammar{})
		var got string
		for _, p := range problems {
			got += itoa(p.Offset) + ": " + p.Message
		}
		if len(problems) == 0 {
			got = text.PrintFormula(e, grammar{})
		}
		if got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.source, got, c.want)
		}
	}
}

func itoa(n int) string { return string(appendInt(nil, n)) }

func appendInt(b []byte, n int) []byte {
	if n >= 10 {
		b = appendInt(b, n/10)
	}
	return append(b, byte('0'+n%10))
}

func problems(list []tree.Problem) string {
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Code + " " + itoa(p.Line) + ":" + itoa(p.Column) + " " + p.Pointer + " " + p.Message + "\n")
	}
	return b.String()
}

func TestFormat(t *testing.T) {
	t.Parallel()
	const in = `# the head
spec: 1 # beside
instructions:
    # above the first
    - {type: upsert, value: 12.50, external_id: =event.id} # after
    # above the second
    -   # the dash
        type: if_else # the type
        condition: =round(value=event.x)
        # above then
        then:
          - type: upsert
            types: [a, "b", =event.c]
            set:
              # above a
              a: 1
              b: "007"
              # end of set
            # end of the instruction
          # end of then
        else: []
        x-colour: {z: 1, a: [1, two]}
    - type: upsert
      external_id: "a: b"
      value: "==x"
      note: |
        two
        lines
    - type: switch
      value: =event.s
      cases:
        - equals: a # beside equals
          body: []
        # above the case
        - equals: [b, c]
          body:
            - type: for_each
              item_var: x
              list: =map(event.lines, line, line.a)
              body: []
source_model: webhook.payload
constants:
  - {name: a, type: string}
  # about b
  - name: b
    type: table<string>
    default:
      # won
      won: accepted
      lost: null
    note: table
# the end
`
	const want = `# the head
# beside
spec: 1
source_model: webhook.payload
constants:
  - {name: a, type: string}
  # about b
  - name: b
    note: table
    type: table<string>
    default:
      # won
      won: accepted
      lost: null
instructions:
  # above the first
  # after
  - type: upsert
    external_id: =event.id
    value: 12.5
  # above the second
  # the dash
  # the type
  - type: if_else
    condition: =round(event.x)
    # above then
    then:
      - type: upsert
        types: [a, b, =event.c]
        set:
          # above a
          a: 1
          b: 007
          # end of set
        # end of the instruction
      # end of then
    else: []
    x-colour: {z: 1, a: [1, two]}
  - type: upsert
    note: |
      two
      lines
    external_id: 'a: b'
    value: ==x
  - type: switch
    value: =event.s
    cases:
      # beside equals
      - equals: a
        body: []
      # above the case
      - equals: [b, c]
        body:
          - type: for_each
            list: =map(event.lines, line, line.a)
            item_var: x
            body: []
# the end
`
	spec, found, _ := text.ReadYAML([]byte(in), grammar{})
	if len(found) > 0 {
		t.Fatal(problems(found))
	}
	got := string(text.FormatYAML(spec, grammar{}))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	again, found, _ := text.ReadYAML([]byte(got), grammar{})
	if len(found) > 0 {
		t.Fatal(problems(found))
	}
	if !tree.Equal(spec, again) {
		t.Errorf("not equal after formatting:\n%s\n%s", spec.AppendJSON(nil), again.AppendJSON(nil))
	}
	stored, found, _ := text.ReadJSON(spec.AppendJSON(nil), grammar{})
	if len(found) > 0 {
		t.Fatal(problems(found))
	}
	if !tree.Equal(spec, stored) {
		t.Errorf("not equal after JSON:\n%s\n%s", spec.AppendJSON(nil), stored.AppendJSON(nil))
	}
}

// TestManyProblems: a file that is wrong from end to end is told in full, and its first fixes for the text.
func TestManyProblems(t *testing.T) {
	t.Parallel()
	const many = 2_000
	var file strings.Builder
	file.WriteString("{spec: 1, source_model: webhook.payload, instructions: []")
	for i := range many {
		fmt.Fprintf(&file, ", é%d: 1", i)
	}
	file.WriteString("}\n")
	_, problems, _ := text.ReadYAML([]byte(file.String()), grammar{})
	if len(problems) != many {
		t.Fatalf("%d problems, want %d", len(problems), many)
	}
	line := []rune(file.String())
	sources := 0
	for i, p := range problems {
		if key := fmt.Sprintf("é%d:", i); string(line[p.Column-1:p.Column-1+len([]rune(key))]) != key {
			t.Fatalf("problem %d is told at column %d", i, p.Column)
		}
		if p.Fix == nil {
			t.Fatalf("problem %d has no fix", i)
		}
		if p.Fix.Source != nil {
			sources++
		}
	}
	if sources != 500 {
		t.Errorf("%d fixes are for the text, want 500", sources)
	}
}

// TestLooseReadsOneLongLine: an item is looked at, and not what stands behind it to the end of the line. Were it, each
// of these would take a minute.
func TestLooseReadsOneLongLine(t *testing.T) {
	t.Parallel()
	for _, item := range []string{"1,", "abc def,", `"a",`, "=event.x,", "=f(a, b),", "{a: 1},", "a: b: ", "=f(a,", "a #b ,", "'a,", "{", "k: "} {
		t.Run(item, func(t *testing.T) {
			t.Parallel()
			line := strings.Repeat(item, tree.MaxBytes/4/len(item))
			for _, brackets := range []string{"[]", "{}"} {
				spec, _ := text.ReadLoosely([]byte("spec: 1\nx-list: "+brackets[:1]+line+brackets[1:]+"\n"), grammar{})
				if spec == nil {
					t.Error("there is no spec")
				}
			}
		})
	}
}
