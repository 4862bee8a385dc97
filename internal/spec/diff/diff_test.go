package diff

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var lib = library.Standard()

// TestCases reads testdata/*.txtar: two specs, a.yaml and b.yaml, and in want what is different.
func TestCases(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			parts := map[string]string{}
			for _, f := range txtar.Parse(content).Files {
				parts[f.Name] = string(f.Data)
			}
			a := read(t, text.ReadYAML, []byte(parts["a.yaml"]))
			b := read(t, text.ReadYAML, []byte(parts["b.yaml"]))
			a.AssignIDs(nil, 1)
			b.AssignIDs(a, 1)
			if diff := gocmp.Diff(parts["want"], words(Compare(a, b, lib))); diff != "" {
				t.Errorf("what is different (-want +got):\n%s", diff)
			}
			accountsForAll(t, a, b)
			accountsForAll(t, b, a)
		})
	}
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

func read(t failer, from func([]byte, tree.Grammar) (*tree.Spec, []tree.Problem, *text.Positions), data []byte) *tree.Spec {
	t.Helper()
	spec, problems, _ := from(data, lib)
	if tree.HasErrors(problems) {
		t.Fatalf("%v in\n%s", problems, data)
	}
	return spec
}

// words is a diff on one line per change and field.
func words(d *Diff) string {
	b := strings.Builder{}
	if d.SameProgram {
		b.WriteString("same program\n")
	}
	for _, c := range d.Changes {
		fmt.Fprintf(&b, "%s %s\n", c.Kind, strings.Join(strings.Fields(strings.Join([]string{c.What, c.ID, c.Type, where(c)}, " ")), " "))
		for _, f := range c.Fields {
			fmt.Fprintf(&b, "  %s: %s → %s\n", f.Name, orDash(f.Before), orDash(f.After))
		}
	}
	return b.String()
}

func where(c Change) string {
	var parts []string
	for _, p := range []*Place{c.From, c.To} {
		if p != nil && c.Kind != Changed {
			parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s %s %d", p.Within, p.List, p.Index)))
		}
	}
	return strings.Join(parts, " → ")
}

func orDash(v *value.Value) string {
	if v == nil {
		return "-"
	}
	return v.String()
}

// TestDiffAccountsForEverything: what is told of the way from a to b makes b of a, whatever the two are; nothing is told
// of a spec and itself; and where only remarks and tests are told, the program is the same.
func TestDiffAccountsForEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawSpec(rt), drawSpec(rt)
		accountsForAll(rt, a, b)
		if d := Compare(a, a, lib); !d.Same() || !d.SameProgram {
			rt.Fatalf("a spec differs from itself:\n%s", words(d))
		}
		d := Compare(a, b, lib)
		if d.Same() != tree.Equal(a, b) {
			rt.Fatalf("they are equal: %t, yet it tells\n%s", tree.Equal(a, b), words(d))
		}
		if d.SameProgram != onlyRemarks(d) {
			rt.Fatalf("the program is the same: %t, yet it tells\n%s", d.SameProgram, words(d))
		}
	})
}

func onlyRemarks(d *Diff) bool {
	return !slices.ContainsFunc(d.Changes, func(c Change) bool {
		remarks := c.Kind == Changed && !slices.ContainsFunc(c.Fields, func(f Field) bool { return !f.Remark })
		return c.What != Test && !remarks
	})
}

func accountsForAll(t failer, a, b *tree.Spec) {
	t.Helper()
	d := Compare(a, b, lib)
	patched := patch(t, a, d)
	got := read(t, text.ReadJSON, patched)
	if !tree.Equal(got, b) {
		t.Fatalf("%s\napplied gives (-wanted +got)\n%s", words(d), gocmp.Diff(string(text.FormatYAML(b, lib)), string(text.FormatYAML(got, lib))))
	}
}

// TestFewestMoves: of a list in another order, no more is told to have moved than must have.
func TestFewestMoves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ids := []string{"a", "b", "c", "d", "e", "f", "g"}
		order := rapid.Permutation(ids).Draw(rt, "order")
		d := Compare(stops(rt, ids), stops(rt, order), lib)
		if want := len(ids) - longestRise(order); len(d.Changes) != want {
			rt.Fatalf("%v: %d moves are told, %d are enough:\n%s", order, len(d.Changes), want, words(d))
		}
	})
}

func stops(t failer, ids []string) *tree.Spec {
	t.Helper()
	b := strings.Builder{}
	b.WriteString(`{"spec":1,"source_model":"webhook.payload","instructions":[`)
	for i, id := range ids {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"stop","id":%q}`, id)
	}
	return read(t, text.ReadJSON, []byte(b.String()+"]}"))
}

// longestRise tries every selection.
func longestRise(order []string) (most int) {
	for chosen := range 1 << len(order) {
		var those []string
		for i, s := range order {
			if chosen&(1<<i) != 0 {
				those = append(those, s)
			}
		}
		if slices.IsSorted(those) {
			most = max(most, len(those))
		}
	}
	return most
}

// drawSpec makes a spec that reads; whether it checks does not matter. Two of them share ids, names and contents.
func drawSpec(t *rapid.T) *tree.Spec {
	free := rapid.Permutation([]string{"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"}).Draw(t, "ids")
	g := &generator{t: t, free: free}
	head := map[string]any{"spec": 1, "source_model": "webhook.payload", "instructions": g.instructions(0)}
	g.maybe(head, "var", "event", "deal")
	g.remarks(head, "instructions")
	for _, key := range []string{"constants", "tests"} {
		names := []string{key + "_one", key + "_two", key + "_three"}
		var all []any
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 3, rapid.ID).Draw(t, key) {
			one := map[string]any{"name": name}
			if key == "constants" {
				one["type"] = "string"
				g.maybe(one, "default", "=x", "y")
			} else {
				one["given"] = map[string]any{"id": g.pick(1, "1", nil), "more": g.pick(true, []any{1, 2})}
				one["expect"] = map[string]any{"outcome": g.pick("skipped", "failed")}
			}
			g.remarks(one, "type")
			all = append(all, one)
		}
		if len(all) > 0 {
			head[key] = all
		}
	}
	content, err := json.Marshal(head)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, text.ReadJSON, content)
}

type generator struct {
	t    *rapid.T
	free []string
}

func (g *generator) pick(from ...any) any { return rapid.SampledFrom(from).Draw(g.t, "value") }

func (g *generator) maybe(to map[string]any, key string, from ...any) {
	if rapid.Bool().Draw(g.t, key) {
		to[key] = g.pick(from...)
	}
}

func (g *generator) remarks(to map[string]any, at string) {
	if to["name"] == nil || to["given"] == nil {
		g.maybe(to, "note", "a note", "another")
		g.maybe(to, "x-owner", "me", map[string]any{"a": 1, "b": nil})
	}
	if rapid.IntRange(0, 3).Draw(g.t, "commented") == 0 {
		to["comments"] = map[string]any{at: []any{g.pick("why", "because")}}
	}
}

func (g *generator) instructions(depth int) []any {
	all := []any{}
	for range rapid.IntRange(0, 3).Draw(g.t, "length") {
		if len(g.free) == 0 {
			break
		}
		i := map[string]any{"id": g.free[0]}
		g.free = g.free[1:]
		kind := rapid.IntRange(0, 6).Draw(g.t, "type")
		if depth > 2 {
			kind %= 3
		}
		switch kind {
		case 0:
			i["type"] = "stop"
			g.maybe(i, "reason", "enough", "=event.why", "==text", nil)
		case 1:
			i["type"] = "upsert_sale"
			g.maybe(i, "external_id", "=event.id", `=concat(event.id, " | ", round(event.n, decimals=2))`, 5)
			g.maybe(i, "energy_meta", nil, map[string]any{}, map[string]any{"gas_usage": 1}, map[string]any{"gas_usage": "=event.gas", "connection_count": 2})
			g.maybe(i, "return_as", "sale", "deal")
		case 2:
			i["type"] = "update_contact_periods"
			i["contact_key"] = g.pick("=event.who", 7)
			g.maybe(i, "period_types", []any{}, []any{"a"}, []any{"a", "=event.kind"})
			i["set"] = map[string]any{"ends_at": g.pick("=now()", nil)}
		case 3:
			i["type"] = "for_each"
			i["list"], i["item_var"], i["body"] = g.pick("=event.lines", "=list(1, 2)"), g.pick("line", "row"), g.instructions(depth+1)
		case 4, 5:
			i["type"] = "if_else"
			i["condition"], i["then"] = g.pick("=event.a", true), g.instructions(depth+1)
			if rapid.Bool().Draw(g.t, "else") {
				i["else"] = g.instructions(depth + 1)
			}
		case 6:
			i["type"], i["value"] = "switch", "=event.status"
			cases := []any{}
			for range rapid.IntRange(1, 3).Draw(g.t, "cases") {
				c := map[string]any{"equals": g.pick([]any{"won"}, []any{"lost", "=event.x"}, []any{1}), "body": g.instructions(depth + 1)}
				g.maybe(c, "x-c", 1)
				cases = append(cases, c)
			}
			i["cases"] = cases
			if rapid.Bool().Draw(g.t, "default") {
				i["default"] = g.instructions(depth + 1)
			}
		}
		if rapid.IntRange(0, 4).Draw(g.t, "off") == 0 {
			i["disabled"] = true
		}
		g.remarks(i, "type")
		all = append(all, i)
	}
	return all
}

// patch applies what a diff tells to a, and writes what comes of it.
func patch(t failer, a *tree.Spec, d *Diff) []byte {
	t.Helper()
	r := reader{grammar: lib}
	p := &patcher{root: r.spec(a), byID: map[string]*node{}}
	each(p.root, func(n *node) {
		if n.what == Instruction {
			p.byID[n.id] = n
		}
	})
	about := make([]*node, len(d.Changes))
	off := map[*node]bool{}
	for i, c := range d.Changes {
		switch {
		case c.What == Head:
			about[i] = p.root
		case c.Kind == Added:
			about[i] = &node{what: c.What, id: c.ID, kind: c.Type}
			if c.What == Case {
				about[i].lists = []list{{name: body}}
			}
		default:
			about[i] = (*p.at(c.From))[c.From.Index]
			off[about[i]] = c.Kind != Changed
		}
	}
	var all []*node
	each(p.root, func(n *node) { all = append(all, n) })
	for _, n := range all {
		for i := range n.lists {
			n.lists[i].nodes = slices.DeleteFunc(slices.Clone(n.lists[i].nodes), func(n *node) bool { return off[n] })
		}
	}
	for i, c := range d.Changes {
		n := about[i]
		if c.Kind == Added && c.What == Instruction {
			p.byID[c.ID] = n
		}
		if c.Kind == Added || c.Kind == Moved {
			to := p.at(c.To)
			*to = slices.Insert(*to, c.To.Index, n)
		}
		if c.Kind != Removed {
			for _, f := range c.Fields {
				n.apply(f)
			}
		}
	}
	return p.root.appendJSON(nil)
}

type patcher struct {
	root *node
	byID map[string]*node
}

// at is the list at a place, made where there is none.
func (p *patcher) at(place *Place) *[]*node {
	n, name := p.root, place.List
	if place.Within != "" {
		n = p.byID[place.Within]
		if number, err := strconv.Atoi(name); err == nil {
			n, name = n.list("cases")[number-1], body
		}
	}
	for i := range n.lists {
		if n.lists[i].name == name {
			return &n.lists[i].nodes
		}
	}
	n.lists = append(n.lists, list{name: name})
	return &n.lists[len(n.lists)-1].nodes
}

func (n *node) apply(f Field) {
	if f.Name == "type" && n.what == Instruction {
		n.kind = f.After.Text()
		return
	}
	n.fields = slices.DeleteFunc(n.fields, func(o Field) bool { return o.Name == f.Name })
	n.lists = slices.DeleteFunc(n.lists, func(l list) bool { return l.name == f.Name && f.After == nil })
	if f.After != nil {
		n.fields = append(n.fields, Field{Name: f.Name, After: f.After})
	}
}

func (n *node) appendJSON(b []byte) []byte {
	groups := map[string][]value.Member{}
	b = append(b, '{')
	key := func(name string) {
		if b[len(b)-1] != '{' {
			b = append(b, ',')
		}
		b = append(value.AppendQuoted(b, name), ':')
	}
	text := func(name, s string) {
		key(name)
		b = value.AppendQuoted(b, s)
	}
	switch n.what {
	case Head:
		key("spec")
		b = append(b, '1')
	case Constant, Test:
		text("name", n.id)
	case Instruction:
		text("type", n.kind)
		text("id", n.id)
	}
	for _, f := range n.fields {
		group, name, grouped := strings.Cut(f.Name, ".")
		if at, ok := strings.CutPrefix(f.Name, "comments/"); ok {
			group, name, grouped = "comments", at, true
		}
		if grouped && !strings.HasPrefix(f.Name, "x-") {
			groups[group] = append(groups[group], value.Member{Key: name, Value: *f.After})
			continue
		}
		key(f.Name)
		b = f.After.AppendJSON(b)
	}
	for name, members := range groups {
		slices.SortFunc(members, func(a, b value.Member) int { return cmp.Compare(a.Key, b.Key) })
		key(name)
		b = value.Object(members).AppendJSON(b)
	}
	for _, l := range n.lists {
		key(l.name)
		b = append(b, '[')
		for i, one := range l.nodes {
			if i > 0 {
				b = append(b, ',')
			}
			b = one.appendJSON(b)
		}
		b = append(b, ']')
	}
	return append(b, '}')
}
