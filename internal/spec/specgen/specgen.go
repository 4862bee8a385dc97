// Package specgen draws cases for tests: a source model, a spec that mostly makes sense for it, and items that fit the
// model, nearly fit it, or are hostile. Everything follows from a seed and from the library's declarations, so what is
// added to the library is drawn from then on. It never says what is right: the checker decides which specs check, and
// the tests what must then hold.
package specgen

import (
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Case is one drawn case.
type Case struct {
	Seed  uint64
	Model library.Model
	Spec  *tree.Spec
	Items []Item
	Env   run.Environment
}

// Item is a delivered item. Fits: it has the shape that the model says.
type Item struct {
	Value value.Value
	Fits  bool
}

// Draw gives the case of a seed.
func Draw(seed uint64, lib *library.Library) *Case { return draw(seed, lib, false) }

// DrawPayload is Draw for the source model of payload sources, any JSON, as the doors take it: without enrichments,
// and with a default for every constant.
func DrawPayload(seed uint64, lib *library.Library) *Case { return draw(seed, lib, true) }

func draw(seed uint64, lib *library.Library, payload bool) *Case {
	d := &drawer{Rand: rand.New(rand.NewPCG(seed, 0x5eed)), lib: lib, payload: payload}
	d.sloppy = d.chance(10)
	c := &Case{Seed: seed, Model: library.WebhookPayload}
	switch {
	case payload:
	case d.chance(60):
		c.Model = d.model()
	case d.chance(50):
		marks, _ := types.ReadMarks(d.marks()) // they are written right here
		c.Model.Type = c.Model.Type.Marked(marks)
	}
	d.spec = &tree.Spec{SourceModel: c.Model.Name, Note: d.note()}
	d.root = c.Model.Var
	if d.chance(10) {
		d.root = "given"
		d.spec.Var = d.root
	}
	d.bind(d.root, c.Model.Type)
	c.Env = run.Environment{Zone: pick(d, zones), Country: pick(d, []string{"+31", "+32", "+1"}), ReceivedAt: 1765389600_000000 + d.Int64N(1e15)}
	d.constants(&c.Env)
	d.enrich(c)
	d.left = 8 + d.IntN(50)
	d.spec.Instructions = d.list(1)
	d.spec.Extra = d.extra()
	d.spec.AssignIDs(nil, 1)
	d.comment()
	c.Spec = d.spec
	for range 1 + d.IntN(3) {
		item := d.item(c.Model.Type)
		item.Value = passed(c.Env.Country, c.Model.Type, item.Value)
		c.Items = append(c.Items, item)
	}
	return c
}

// passed is what the door leaves of a value: pseudonyms in the place of what is marked.
func passed(country string, t types.Type, v value.Value) value.Value {
	v, _ = pseudonym.NewDoor([]byte("a key for tests"), country, t).Pass(v)
	return v
}

// marks draws marks for free-form data.
func (d *drawer) marks() []types.Mark {
	var marks []types.Mark
	for _, path := range d.distinct(1+d.IntN(3), []string{"user.name", "**.email", "lines[].name", `["odd key"]`, "tags", "user", "*.name", "name", "**.sku"}) {
		marks = append(marks, types.Mark{Path: path, Kind: pick(d, types.PersonalKinds)})
	}
	return marks
}

// drawer is one case being drawn.
type drawer struct {
	*rand.Rand
	lib     *library.Library
	payload bool
	spec    *tree.Spec
	root    string // the name of the item
	scope   []name
	fetched []fetched
	favour  []tree.Path // known not to be null where we are
	names   int         // given so far
	left    int         // instructions that may still be drawn
	loops   int
	sloppy  bool // some expressions are of the wrong type
}

// name is something visible, with the type it has as far as the drawer can tell.
type name struct {
	name     string
	is       types.Type
	variable bool // define_variable made it
}

// fetched is an enrichment of the spec: what is read under a path.
type fetched struct {
	at      tree.Path
	is      types.Type
	missing bool // in this case
}

func (d *drawer) chance(percent int) bool { return d.IntN(100) < percent }

func pick[T any](d *drawer, list []T) T { return list[d.IntN(len(list))] }

func (d *drawer) bind(text string, t types.Type) { d.scope = append(d.scope, name{name: text, is: t}) }

// fresh gives a name that nothing has.
func (d *drawer) fresh(stem string) string {
	d.names++
	return stem + strconv.Itoa(d.names)
}

// within draws something in a scope of its own.
func (d *drawer) within(f func()) {
	scope, favour := len(d.scope), slices.Clone(d.favour)
	f()
	d.scope, d.favour = d.scope[:scope], favour
}

var constantTypes = []string{"string", "number", "boolean", "datetime", "table<string>", "table<number>", "table<boolean>"}

func (d *drawer) constants(env *run.Environment) {
	for range d.IntN(5) {
		c := &tree.Constant{Name: d.fresh("const"), Type: pick(d, constantTypes), Note: d.note(), Extra: d.extra()}
		t, _ := check.ConstantType(c.Type)
		if d.payload || d.chance(80) {
			v := d.constant(t)
			c.Default = &v
		}
		if c.Default == nil || !d.payload && d.chance(30) {
			env.Constants = append(env.Constants, run.Field{Name: c.Name, Value: d.constant(t)})
		}
		d.spec.Constants = append(d.spec.Constants, c)
		d.bind(c.Name, t)
	}
}

func (d *drawer) constant(t types.Type) value.Value {
	switch t.Kind {
	case types.Datetime:
		return value.Text(pick(d, []string{"2025-12-10 19:00:00", "2026-03-29 02:30", "2025-07-01", "2024-02-29T23:59:59Z"}))
	case types.Table:
		var rows []value.Member
		for _, key := range d.distinct(d.IntN(4), words) {
			rows = append(rows, value.Member{Key: key, Value: d.plain(*t.Elem)})
		}
		return value.Object(rows)
	}
	return d.plain(t)
}

// enrich declares some of what the model offers, and gives the snapshots that a run would have.
func (d *drawer) enrich(c *Case) {
	uses := map[string]fetched{"": {at: tree.Path{Root: d.root}}}
	for _, e := range c.Model.Enrichments {
		of, ok := uses[e.Of]
		if !ok || d.chance(25) {
			continue
		}
		n := d.fresh("fetched")
		d.spec.Enrichments = append(d.spec.Enrichments, &tree.Enrichment{Name: n, Of: of.at, Use: e.Use, Note: d.note()})
		path := below(of.at, tree.Step{Key: n})
		one := fetched{at: path, is: e.Type}
		snapshot := value.Null()
		if d.chance(80) && !of.missing { // a parent that is null has nothing to fetch for
			snapshot = passed(c.Env.Country, e.Type.Sure(), d.fitting(e.Type.Sure()))
		}
		one.missing = snapshot.IsNull()
		uses[e.Use] = one
		d.fetched = append(d.fetched, one)
		c.Env.Enrichments = append(c.Env.Enrichments, run.Field{Name: path.String(), Value: snapshot})
	}
}

func below(p tree.Path, steps ...tree.Step) tree.Path {
	return tree.Path{Root: p.Root, Steps: append(slices.Clip(p.Steps), steps...)}
}

// note, extra and comment put in what means nothing and must not be lost.

func (d *drawer) note() string {
	if d.chance(92) {
		return ""
	}
	return pick(d, []string{"a remark", "key: value # no", "two\nlines", " spaces ", "é 😀", "- dash", "'"})
}

func (d *drawer) extra() []value.Member {
	if d.chance(95) {
		return nil
	}
	return []value.Member{{Key: "x-" + pick(d, words), Value: d.anything(2)}}
}

func (d *drawer) comment() {
	for range max(0, d.IntN(6)-3) {
		var places [][]string
		for n := range d.spec.Instructions {
			at := []string{"instructions", strconv.Itoa(n)}
			places = append(places, at)
			for _, f := range d.spec.Instructions[n].Fields {
				places = append(places, append(slices.Clone(at), f.Name))
			}
		}
		places = append(places, nil, []string{"instructions"}, []string{"constants"}, []string{"constants", "0"})
		d.spec.AddComment(pick(d, places), d.chance(30), pick(d, []string{"a comment", "# double", "key: value", "- dash", "'", "é"}))
	}
}
