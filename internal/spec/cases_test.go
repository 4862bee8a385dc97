// Package spec_test holds the language to its reference: every file under testdata is one behaviour, told as a spec,
// what goes in and what comes out of it. testdata/README.md says how a case is written.
package spec_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var update = flag.Bool("update", false, "rewrite what the cases expect; review the difference like code")

// fewest cases there may be, so that none is lost.
const fewest = 300

func TestCases(t *testing.T) {
	t.Parallel()
	count := 0
	err := filepath.WalkDir("testdata", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(name) != ".txtar" {
			return err
		}
		count++
		t.Run(strings.TrimSuffix(strings.TrimPrefix(filepath.ToSlash(name), "testdata/"), ".txtar"), func(t *testing.T) {
			t.Parallel()
			runCase(t, name)
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count < fewest {
		t.Errorf("there are %d cases, and there were %d once", count, fewest)
	}
}

// oneCase is a case being run.
type oneCase struct {
	*testing.T
	lib      *library.Library
	given    map[string]string // sections by name
	model    library.Model
	spec     *tree.Spec
	problems []tree.Problem
	places   *text.Positions
}

func runCase(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := &oneCase{T: t, lib: withAsk, given: map[string]string{}}
	for _, f := range archive.Files {
		c.given[f.Name] = string(f.Data)
	}
	c.model = c.readModel()
	got := c.run()
	for i, f := range archive.Files {
		out, known := got[f.Name]
		switch {
		case !known && !inputs[f.Name]:
			t.Errorf("there is nothing to put in %s", f.Name)
		case !known:
		case *update:
			archive.Files[i].Data = []byte(out)
		default:
			if diff := cmp.Diff(string(f.Data), out); diff != "" {
				t.Errorf("%s: -want +got\n%s", f.Name, diff)
			}
		}
	}
	if data := txtar.Format(archive); *update {
		if old, _ := os.ReadFile(name); !bytes.Equal(old, data) {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

var inputs = map[string]bool{"spec.yaml": true, "spec.json": true, "stored.yaml": true, "item.json": true, "item2.json": true,
	"env.json": true, "before.json": true, "model.json": true, "marks": true, "door": true, "head.yaml": true, "scope_at": true}

// run gives everything a case can ask about.
func (c *oneCase) run() map[string]string {
	if formulas, ok := c.given["formulas"]; ok {
		return map[string]string{"formulas": c.formulas(formulas)}
	}
	c.read()
	got := map[string]string{"problems": c.told(), "fixed.yaml": c.fixed()}
	if c.spec == nil {
		return got
	}
	c.roundTrip()
	got["formatted.yaml"] = string(text.FormatYAML(c.spec, c.lib))
	got["tree.json"] = string(c.spec.AppendJSON(nil)) + "\n"
	if stored, ok := c.given["stored.yaml"]; ok {
		got["ids"] = c.ids(stored)
	}
	if at, ok := c.given["scope_at"]; ok {
		got["scope"] = c.scope(strings.TrimSpace(at))
	}
	_, problems := c.given["problems"]
	if _, fixed := c.given["fixed.yaml"]; fixed {
		problems = true
	}
	if tree.HasErrors(c.problems) {
		if !problems {
			c.Errorf("the spec does not check:\n%s", got["problems"])
		}
		return got
	}
	c.spec.AssignIDs(nil, 1)
	h := &host{lib: c.lib, things: map[string]*thing{}, made: map[string]int{}}
	c.before(h)
	for _, name := range []string{"item.json", "item2.json"} {
		if _, ok := c.given[name]; !ok && name != "item.json" {
			continue
		}
		h.lines = nil
		outcome, steps := c.execute(h, c.item(name))
		suffix := strings.TrimSuffix(strings.TrimPrefix(name, "item"), ".json")
		got["effects"+suffix] = lines(h.lines)
		got["outcome"+suffix] = outcome
		got["trace"+suffix] = steps
	}
	return got
}

func lines(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return strings.Join(list, "\n") + "\n"
}

func (c *oneCase) read() {
	var read func([]byte, tree.Grammar) (*tree.Spec, []tree.Problem, *text.Positions)
	source, ok := c.given["spec.yaml"]
	read = text.ReadYAML
	if !ok {
		source, read = c.given["spec.json"], text.ReadJSON
	}
	c.spec, c.problems, c.places = read([]byte(strings.TrimSuffix(source, "\n")), c.lib)
	if c.spec == nil {
		return
	}
	// As a save does: instructions have ids when the spec is checked, and problems name them.
	saved, _, _ := read([]byte(strings.TrimSuffix(source, "\n")), c.lib)
	saved.AssignIDs(nil, 1)
	_, found := check.Check(saved, c.lib, c.model)
	c.problems = append(c.problems, found...)
	saved.NameProblems(c.problems)
	c.places.Place(c.problems)
}

// told is one line per problem, then its hint and fix.
func (c *oneCase) told() string {
	var b strings.Builder
	for _, p := range c.problems {
		fmt.Fprintf(&b, "%s %d:%d %s: %s\n", p.Code, p.Line, p.Column, p.Pointer, p.Message)
		if p.Hint != "" {
			fmt.Fprintf(&b, "  hint: %s\n", p.Hint)
		}
		for _, other := range p.Others {
			fmt.Fprintf(&b, "  or: %s\n", other.Title)
		}
		if p.Fix != nil {
			fmt.Fprintf(&b, "  fix: %s:", p.Fix.Title)
			for _, e := range p.Fix.Edits {
				fmt.Fprintf(&b, " %s %s", e.Op, e.Pointer)
				if e.Value != nil {
					fmt.Fprintf(&b, " %s", e.Value)
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// fixed is the text once every fix has been made, one after the other, the first of the file first.
func (c *oneCase) fixed() string {
	section, source := c.source()
	for range 100 {
		next := ""
		for _, p := range c.with(section, source).problems {
			if p.Fix != nil {
				next = string(text.Mend([]byte(source), p.Fix.Source))
				break
			}
		}
		if next == "" {
			return source
		}
		source = next
	}
	c.Errorf("there is always another fix:\n%s", source)
	return source
}

// roundTrip holds for every case: formatting and storing lose nothing.
func (c *oneCase) roundTrip() {
	if !tree.HasErrors(c.problems) {
		formatted := text.FormatYAML(c.spec, c.lib)
		again, problems, _ := text.ReadYAML(formatted, c.lib)
		if tree.HasErrors(problems) || !tree.Equal(c.spec, again) {
			c.Errorf("formatting changed the spec %v\n%s\n%s\n%s", problems, formatted, c.spec.AppendJSON(nil), again.AppendJSON(nil))
			return
		}
		if twice := text.FormatYAML(again, c.lib); !bytes.Equal(formatted, twice) {
			c.Errorf("formatting twice: %s", cmp.Diff(string(formatted), string(twice)))
		}
		stored, problems, _ := text.ReadJSON(c.spec.AppendJSON(nil), c.lib)
		if tree.HasErrors(problems) || !tree.Equal(c.spec, stored) {
			c.Errorf("storing changed the spec %v\n%s\n%s", problems, c.spec.AppendJSON(nil), stored.AppendJSON(nil))
		}
	}
}

func (c *oneCase) json(name, source, otherwise string) value.Value {
	if strings.TrimSpace(source) == "" {
		source = otherwise
	}
	v, err := value.ParseJSON([]byte(source), value.Limits{})
	if err != nil {
		c.Fatalf("%s: %v", name, err)
	}
	return v
}

func (c *oneCase) environment() run.Environment {
	given := c.json("env.json", c.given["env.json"], "{}")
	env := run.Environment{Zone: "Europe/Amsterdam", Country: "+31", ReceivedAt: 1765389600_000000} // 2025-12-10 18:00 UTC
	for _, m := range given.Members() {
		switch m.Key {
		case "zone":
			env.Zone = m.Value.Text()
		case "country":
			env.Country = m.Value.Text()
		case "received_at":
			at, ok := library.ReadMoment(m.Value.Text(), time.UTC)
			if !ok {
				c.Fatalf("env.json: received_at %s", m.Value)
			}
			env.ReceivedAt = at.Micros()
		case "constants":
			for _, constant := range m.Value.Members() {
				env.Constants = append(env.Constants, run.Field{Name: constant.Key, Value: constant.Value})
			}
		case "enrichments":
			for _, e := range m.Value.Members() {
				env.Enrichments = append(env.Enrichments, run.Field{Name: e.Key, Value: e.Value})
			}
		case "answers":
			env.Answers = m.Value.Items()
		default:
			c.Fatalf("env.json has no %s", m.Key)
		}
	}
	return env
}

// execute runs the spec and recomputes its trace, which must have the digest of the run.
func (c *oneCase) execute(h *host, item value.Value) (outcome, steps string) {
	plain, err := compile.Compile(c.spec, c.lib, compile.Options{Var: c.model.Var})
	if err != nil {
		c.Fatalf("a spec without problems does not compile: %v", err)
	}
	traced, err := compile.Compile(c.spec, c.lib, compile.Options{Var: c.model.Var, Traced: true})
	if err != nil {
		c.Fatal(err)
	}
	env := c.environment()
	result, err := run.Run(plain, item, env, h)
	if err != nil {
		c.Fatalf("the host failed: %v", err)
	}
	shown, digest, err := trace.Recompute(traced, item, env, result.Answers, result.Status)
	if err != nil {
		c.Errorf("recompute: %v", err)
	}
	if digest != result.Digest {
		c.Errorf("the trace is not of this run: its digest differs")
	}
	var b strings.Builder
	b.WriteString(string(result.Status))
	if result.Pending != nil {
		b.WriteString(" " + result.Pending.Question)
		for _, f := range result.Pending.Fields {
			b.WriteString("; " + f.Name + " " + show(f.Value))
		}
	}
	b.WriteByte('\n')
	for _, e := range result.Errors {
		fmt.Fprintf(&b, "%s %s %s: %s\n", e.Code, e.Instruction, e.Place, e.Message)
		if e.Remedy != "" {
			fmt.Fprintf(&b, "  %s\n", e.Remedy)
		}
	}
	mustHaveLists(c.T, shown)
	return b.String(), showTrace(shown)
}

// formulas computes lines such as `concat("a", 1) → "a1"`; an error is an exclamation mark with its code, a formula that
// does not check a question mark with the code.
func (c *oneCase) formulas(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			b.WriteString(line + "\n")
			continue
		}
		formula, _, _ := strings.Cut(line, " → ")
		b.WriteString(formula + " → " + c.formula(formula) + "\n")
	}
	return b.String()
}

func (c *oneCase) formula(formula string) string {
	head := c.given["head.yaml"]
	if !strings.Contains(head, "source_model:") {
		head = "source_model: webhook.payload\n" + head
	}
	c.given["spec.yaml"] = "spec: 1\n" + head + "instructions:\n  - {type: define_variable, value: '=" +
		strings.ReplaceAll(formula, "'", "''") + "', return_as: result}\n"
	c.read()
	for _, p := range c.problems {
		if p.Severity == tree.Error {
			return "?" + p.Code
		}
	}
	c.spec.AssignIDs(nil, 1)
	traced, err := compile.Compile(c.spec, c.lib, compile.Options{Var: c.model.Var, Traced: true})
	if err != nil {
		c.Fatalf("%s: %v", formula, err)
	}
	item, env := c.item("item.json"), c.environment()
	h := &host{lib: c.lib, things: map[string]*thing{}, made: map[string]int{}}
	result, err := run.Run(traced, item, env, h)
	if err != nil {
		c.Fatalf("%s: %v", formula, err)
	}
	if len(result.Errors) > 0 {
		return "!" + result.Errors[0].Code
	}
	shown, _, err := trace.Recompute(traced, item, env, result.Answers, result.Status)
	if err != nil {
		c.Fatalf("%s: %v", formula, err)
	}
	return show(shown.Steps[0].Fields[0].Value.Value)
}

// before puts things in the host: {"activities": [{"external_id": …, "locked": […]}], "agents": [{…, "linked": "Cas"}]}.
func (c *oneCase) before(h *host) {
	nouns := map[string]*library.Operation{}
	for _, o := range c.lib.Operations() {
		if o.Result.Kind == types.Ref && strings.HasPrefix(o.Name, "upsert_") {
			nouns[strings.TrimSuffix(o.Result.Noun, "y")] = o
		}
	}
	amsterdam, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		c.Fatal(err)
	}
	for _, kind := range c.json("before.json", c.given["before.json"], "{}").Members() {
		o := nouns[strings.TrimSuffix(strings.TrimSuffix(kind.Key, "ies"), "s")]
		if o == nil {
			c.Fatalf("before.json has no %s", kind.Key)
		}
		for n, record := range kind.Value.Items() {
			t := &thing{noun: o.Result.Noun, key: record.Get("external_id").Text(), params: o.Params, fields: map[string]value.Value{},
				id: fmt.Sprintf("%s-%d", o.Result.Noun, n+1), linked: record.Get("linked").Text(), locked: texts(record.Get("locked")), stale: texts(record.Get("stale"))}
			for _, m := range record.Members() {
				param, _ := o.Param(m.Key)
				switch {
				case m.Key == "external_id" || m.Key == "linked" || m.Key == "locked" || m.Key == "stale":
				case param != nil && param.Type.Kind == types.Datetime && !m.Value.IsNull():
					t.fields[m.Key], _ = library.ReadMoment(m.Value.Text(), amsterdam)
				case param != nil && param.Type.Kind == types.Ref && !m.Value.IsNull():
					t.fields[m.Key] = value.Ref(&thing{noun: param.Type.Noun, key: m.Value.Text(), id: param.Type.Noun + "-0"})
				default:
					t.fields[m.Key] = m.Value
				}
			}
			h.things[t.noun+" "+t.key] = t
		}
	}
}

func texts(list value.Value) []string {
	var out []string
	for _, one := range list.Items() {
		out = append(out, one.Text())
	}
	return out
}

// readModel reads the source model of a case: {"name", "var", "fields": {"id": "string", "email?": "personal", "lines":
// [{…}], "user": {…}}, "enrichments": {"contact": …, "contact/company": …}}. Without one it is webhook.payload, with
// the marks of the case: a path and a kind on each line.
func (c *oneCase) readModel() library.Model {
	source, ok := c.given["model.json"]
	if !ok {
		m := library.WebhookPayload
		m.Type = m.Type.Marked(c.marks(c.given["marks"]))
		return m
	}
	given := c.json("model.json", source, "{}")
	m := library.Model{Name: given.Get("name").Text(), Var: given.Get("var").Text(), Type: c.shape(given.Get("fields"))}
	for _, e := range given.Get("enrichments").Members() {
		of, use, nested := strings.Cut(e.Key, "/")
		if !nested {
			of, use = "", e.Key
		}
		m.Enrichments = append(m.Enrichments, library.Enrichment{Use: use, Of: of, Type: c.shape(e.Value).Maybe()})
	}
	return m
}

// marks reads a path and a kind of each line.
func (c *oneCase) marks(given string) types.Marks {
	var list []types.Mark
	for line := range strings.Lines(given) {
		path, kind, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, types.Mark{Path: path, Kind: kind})
	}
	marks, wrong := types.ReadMarks(list)
	for _, e := range wrong {
		c.Fatal(e)
	}
	return marks
}

// item reads a delivery and passes it through the door: with the marks of the model, or of "door", those of another day.
func (c *oneCase) item(name string) value.Value {
	model := c.model.Type
	if later, ok := c.given["door"]; ok {
		model = model.Marked(c.marks(later))
	}
	passed, _ := pseudonym.NewDoor([]byte("key"), "+31", model).Pass(c.json(name, c.given[name], "{}"))
	return passed
}

func (c *oneCase) shape(v value.Value) types.Type {
	switch v.Kind() {
	case value.KindText:
		t, ok := map[string]types.Type{"string": types.Text, "number": types.Num, "boolean": types.Bool, "datetime": types.Moment, "any": types.Free, "personal": types.Private}[v.Text()]
		if !ok {
			c.Fatalf("model.json: no type %s", v)
		}
		return t
	case value.KindList:
		return types.ListOf(c.shape(v.At(0)))
	}
	var fields []types.Field
	for _, m := range v.Members() {
		name, optional := strings.CutSuffix(m.Key, "?")
		t := c.shape(m.Value)
		t.Optional = optional
		fields = append(fields, types.Field{Name: name, Type: t})
	}
	return types.ObjectOf(fields...)
}

// ids saves the spec over a stored one and gives type and id of every instruction.
func (c *oneCase) ids(stored string) string {
	before, problems, _ := text.ReadYAML([]byte(stored), c.lib)
	if tree.HasErrors(problems) {
		c.Fatalf("stored.yaml: %v", problems)
	}
	next := c.spec.AssignIDs(before, before.AssignIDs(nil, 1))
	var b strings.Builder
	c.spec.Walk(func(pointer string, i *tree.Instruction) bool {
		fmt.Fprintf(&b, "%s %s %s\n", pointer, i.Type, i.ID)
		return true
	})
	fmt.Fprintf(&b, "next %d\n", next)
	return b.String()
}

func (c *oneCase) scope(pointer string) string {
	checked, _ := check.Check(c.spec, c.lib, c.model)
	var b strings.Builder
	for _, n := range checked.Scope(pointer) {
		fmt.Fprintf(&b, "%s: %s %s\n", n.Name, n.Type, n.Pointer)
	}
	return b.String()
}
