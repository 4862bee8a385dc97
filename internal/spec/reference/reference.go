// Package reference writes the reference of the spec language: a page for each shelf of the library, drawn from its
// declarations, with the examples that its tests carry out. It has nothing to say itself but how a page is laid out.
package reference

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// Page is one file of the reference.
type Page struct {
	Name    string // "expressions.md"
	Content string
}

// Pages gives the whole reference, its index first.
func Pages(lib *library.Library) []Page {
	var operations, blocks []*library.Operation
	for _, o := range lib.Operations() {
		if o.Block {
			blocks = append(blocks, o)
		} else {
			operations = append(operations, o)
		}
	}
	return []Page{
		{"README.md", index},
		{"operations.md", instructions("Operations", "What a spec does: it upserts identities and records, follows up on contacts, and keeps values.", operations)},
		{"blocks.md", instructions("Blocks", "What decides which instructions run, and how often.", blocks)},
		{"expressions.md", expressions(lib)},
		{"types.md", typesPage(lib.Models())},
		{"tests.md", testsPage(lib)},
		{"problems.md", problems()},
		{"errors.md", errors()},
	}
}

// page is Markdown under way.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *page) begin(title, help string) {
	p.line("<!-- Generated from the library by make generate; do not edit. -->\n# %s\n\n%s\n", title, help)
}

const index = `<!-- Generated from the library by make generate; do not edit. -->
# Reference of the spec language

| page | what is there |
|---|---|
| [operations](operations.md) | what a spec does: identities, records, contact follow-up, variables |
| [blocks](blocks.md) | branches and loops |
| [expressions](expressions.md) | what formulas are made of |
| [types](types.md) | types, literals and formulas, limits |
| [tests](tests.md) | what a test in a spec can give and expect |
| [problems](problems.md) | every code of a problem or warning of a spec, with an example and what to do |
| [errors](errors.md) | every code of an error of a run, with an example and what to do |

` + "`dealwright spec schema`" + ` prints the same as a JSON Schema, for editors.
`

func instructions(title, help string, list []*library.Operation) string {
	p := &page{}
	p.begin(title, help)
	group := library.Group("")
	for _, o := range contents(p, list, func(o *library.Operation) *library.Entry { return &o.Entry }) {
		if o.Group != group {
			group = o.Group
			if string(group) != title {
				p.line("## %s\n", group)
			}
		}
		p.line("### %s\n\n%s\n", o.Name, o.Help)
		p.params("field", o.Params)
		p.result(o)
		p.rules(&o.Signature)
		for _, e := range o.Examples {
			p.line("```yaml\n%s\n```\n", e.In)
			if code, failed := strings.CutPrefix(e.Out, "!"); failed {
				p.line("fails with [`%s`](errors.md#%s).\n", code, code)
			} else {
				p.line("writes\n\n```text\n%s\n```\n", e.Out)
			}
		}
	}
	return p.String()
}

// contents lists what a page has, and gives it shelf by shelf.
func contents[T any](p *page, list []T, entry func(T) *library.Entry) []T {
	var groups []library.Group
	for _, one := range list {
		if g := entry(one).Group; !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	sorted := make([]T, 0, len(list))
	for _, g := range groups {
		var names []string
		for _, one := range list {
			if e := entry(one); e.Group == g {
				names = append(names, fmt.Sprintf("[%s](#%s)", e.Name, e.Name))
				sorted = append(sorted, one)
			}
		}
		p.line("* %s: %s", g, strings.Join(names, " · "))
	}
	p.line("")
	return sorted
}

func (p *page) params(what string, params []types.Param) {
	if len(params) == 0 {
		return
	}
	p.line("| %s | type | |\n|---|---|---|", what)
	p.rows("", params)
	p.line("")
}

func (p *page) rows(prefix string, params []types.Param) {
	for i := range params {
		f := &params[i]
		name := "`" + prefix + f.Name + "`"
		if f.Required {
			name += " *"
		}
		p.line("| %s | %s | %s |", name, typeOf(f), cell(helpOf(f)))
		p.rows(prefix+f.Name+".", f.Fields)
	}
}

func typeOf(p *types.Param) string {
	switch p.Form {
	case types.Name:
		return "a name"
	case types.Body:
		return "instructions"
	case types.Cases:
		return "cases: `equals`, `body`"
	case types.Group:
		return "a group of fields"
	case types.Expressions:
		return "list of `" + p.Type.String() + "`"
	}
	t := "`" + p.Type.String() + "`" // else < and > would be taken for HTML
	if p.Literal {
		t += ", literal"
	}
	return t
}

func helpOf(p *types.Param) string {
	help := p.Help
	if p.Words != nil && !mentions(help, p.Words) {
		help += " One of `" + strings.Join(p.Words, "`, `") + "`."
	}
	if p.Max > 0 {
		help += fmt.Sprintf(" At most %d characters.", p.Max)
	}
	return help
}

// mentions reports whether the help names all words already.
func mentions(help string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(help, w) })
}

// cell is text that may stand in a table.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func (p *page) result(o *library.Operation) {
	switch {
	case o.Result.Kind == types.Ref:
		fields := make([]string, len(o.Result.Fields))
		for i, f := range o.Result.Fields {
			fields[i] = "`" + f.Name + "`"
			if f.Type.Optional {
				fields[i] += "?"
			}
		}
		p.line("`return_as` binds the %s, with %s.\n", o.Result, strings.Join(fields, ", "))
	case o.Result.Kind == types.Variable && slices.Equal(o.Result.Among, []types.Kind{types.Ref}):
		p.line("`return_as` binds the record.\n")
	case o.ReturnAs:
		p.line("`return_as` * binds the value.\n")
	case o.Result.Kind != types.None:
		p.line("`return_as` binds the result: %s.\n", o.Result)
	}
}

func (p *page) rules(s *types.Signature) {
	switch {
	case s.EndsRun:
		p.line("Nothing runs after it, in or outside of loops.\n")
	case s.Ends:
		p.line("Nothing after it in its list runs.\n")
	}
}

func expressions(lib *library.Library) string {
	p := &page{}
	p.begin("Expressions", "A formula begins with `=` and is made of literals, variables with a path, and these. Every argument may be null; where nothing else is said, the result is then null too.")
	p.line("The formulas below stand in a spec that begins with\n\n```yaml\n%sinstructions: []\n```\n\nand it runs on\n\n```json\n%s\n```\n", library.ExampleHead, library.ExampleItem)
	group := library.Group("")
	for _, e := range contents(p, lib.Expressions(), func(e *library.Expression) *library.Entry { return &e.Entry }) {
		if e.Group != group {
			group = e.Group
			p.line("## %s\n", group)
		}
		p.line("### %s\n\n`%s`\n\n%s\n", e.Name, e.Call(), e.Help)
		p.params("argument", e.Params)
		p.line("| formula | gives |\n|---|---|")
		for _, x := range e.Examples {
			gives := "`" + cell(x.Out) + "`"
			if code, failed := strings.CutPrefix(x.Out, "!"); failed {
				gives = "the error `" + code + "`"
			}
			p.line("| `=%s` | %s |", cell(x.In), gives)
		}
		p.line("")
	}
	return p.String()
}

func problems() string {
	p := &page{}
	p.begin("Problems", "All problems of a spec are told at once, each with its code, its place in the file, what to do, and a fix where there is one. Codes do not change. What can go wrong in a run is on the page about [errors](errors.md).")
	for _, severity := range []tree.Severity{tree.Error, tree.Warning} {
		if severity == tree.Error {
			p.line("## Errors of a spec\n\nA spec with one of these is not saved.\n")
		} else {
			p.line("## Warnings\n\nThey keep nobody from saving.\n")
		}
		p.line("| code | what it means |\n|---|---|")
		for _, c := range tree.Codes {
			if c.Severity == severity {
				p.line("| [`%s`](#%s) | %s |", c.Code, c.Code, cell(c.Means))
			}
		}
		p.line("")
		for _, c := range tree.Codes {
			if c.Severity == severity {
				p.line("### %s\n\n%s %s\n\n```yaml\n%s\n```\n", c.Code, c.Means, c.Do, c.Example)
			}
		}
	}
	return p.String()
}

func errors() string {
	p := &page{}
	p.begin("Errors of a run", "A spec that checks never fails by name or declared type. What can happen lies in the data: it fails the item of the loop it happens in, or else the run, and what failed leaves nothing. What is wrong with a spec itself is on the page about [problems](problems.md).")
	p.line("| code | what it means |\n|---|---|")
	for _, c := range run.Codes {
		p.line("| [`%s`](#%s) | %s |", c.Code, c.Code, cell(c.Means))
	}
	p.line("")
	for _, c := range run.Codes {
		p.line("### %s\n\n%s %s\n", c.Code, c.Means, c.Do)
		if c.Spec != "" {
			p.line("```yaml\n%s\n```\n\nof\n\n```json\n%s\n```\n", c.Spec, c.Item)
		}
	}
	return p.String()
}
