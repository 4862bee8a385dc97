package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// step is one instruction being checked.
type step struct {
	*checker
	i         *tree.Instruction
	at        *tree.Place
	signature *types.Signature
	bound     types.Bindings
	sound     bool
	branches  []branch
	otherwise bool    // a branch is there that runs when no other does
	strange   []*name // bound within what has not the form of its field
}

// branch is what a branch leaves behind.
type branch struct {
	given string // the condition it runs under
	ends  bool
	names []*name
}

// instruction checks one instruction and says whether it always ends the run or item.
func (c *checker) instruction(i *tree.Instruction, at *tree.Place) (ends bool) {
	outer := c.id
	c.id = i.ID
	defer func() { c.id = outer }()
	signature := c.lib.Instruction(i.Type)
	if signature == nil { // the reader has told it
		c.unknown(i, at)
		return false
	}
	s := &step{checker: c, i: i, at: at, signature: signature, bound: types.Bindings{}, sound: true}
	if signature.EndsRun && c.loops > 0 {
		c.warn(at, tree.StopInLoop, i.Type+" within a loop ends the whole run: the items after this one are not run", "To leave out one item, put the rest in an if_else.")
	}
	mark := len(c.order)
	for n := range signature.Params {
		s.param(&signature.Params[n])
	}
	for _, f := range i.Fields {
		if param, _ := signature.Param(f.Name); param == nil {
			s.strange = append(s.strange, c.raw(f.Content, at.Key(f.Name))...)
		}
	}
	for _, n := range s.strange { // perhaps every branch was to bind it
		for _, b := range s.branches {
			for _, m := range b.names {
				if m.name == n.name {
					m.use()
				}
			}
		}
	}
	s.joinBranches(mark)
	c.rebind(s.strange)
	s.returnAs()
	return signature.Ends || s.ends()
}

// unknown checks what stands within an instruction of an unknown type. What it may bind is not known: its name is
// taken as bound, and what else looks like a name within it.
func (c *checker) unknown(i *tree.Instruction, at *tree.Place) {
	mark, restore := len(c.order), c.remembering()
	for _, f := range i.Fields {
		raw, _ := f.Content.(tree.Raw)
		if text := raw.Value.Text(); tree.IsName(text) && c.names[strings.ToLower(text)] == nil {
			c.bind(at.Key(f.Name), text, types.Broken).quiet = true
		}
	}
	var gone []*name
	for _, f := range i.Fields {
		gone = append(gone, c.raw(f.Content, at.Key(f.Name))...)
	}
	c.leave(mark)
	restore()
	c.rebind(gone)
	known := c.names[strings.ToLower(i.ReturnAs)]
	switch {
	case i.ReturnAs == "":
	case known != nil && known.definition != nil:
		c.forget(known.name) // it may be an assignment
	default:
		c.bind(at.Key("return_as"), i.ReturnAs, types.Broken).quiet = true
	}
}

// raw checks what could be read within what could not, and gives the names that instructions bound there.
func (c *checker) raw(content tree.Content, at *tree.Place) []*name {
	raw, _ := content.(tree.Raw)
	var gone []*name
	for _, part := range raw.Parts {
		at := at
		for _, key := range part.Path {
			at = at.Key(key)
		}
		switch content := part.Content.(type) {
		case *tree.Expr:
			c.expr(content, at)
		case tree.Body:
			mark, restore := len(c.order), c.remembering()
			c.list(content, at)
			gone = append(gone, c.leave(mark)...)
			restore()
		}
	}
	return gone
}

// rebind keeps names visible of which it is not known how long they are: to miss them merely follows.
func (c *checker) rebind(names []*name) {
	for _, n := range names {
		if c.names[strings.ToLower(n.name)] == nil {
			c.bind(n.place, n.name, types.Broken).quiet = true
		}
	}
}

func helpHint(p *types.Param) string {
	if p.Help == "" {
		return "Add " + p.Name + "."
	}
	return p.Help
}

func fieldsHint(p *types.Param) string {
	names := make([]string, len(p.Fields))
	for i := range p.Fields {
		names[i] = p.Fields[i].Name
	}
	return "It has " + strings.Join(names, ", ") + "."
}

func (s *step) param(p *types.Param) {
	content := s.i.Field(p.Name)
	at := s.at.Key(p.Name)
	if content == nil {
		if p.Required {
			s.problem(s.at, tree.MissingField, s.i.Type+" needs "+p.Name, helpHint(p)).Fix = s.missingFix(p)
			s.sound = false
		}
		return
	}
	switch content := content.(type) {
	case *tree.Expr:
		if p.Form == types.Group { // null: it clears every field
			if p.Required {
				s.problem(at, tree.BadLiteral, p.Name+" is required and cannot be null", "Give it a value. "+p.Help)
			}
			return
		}
		s.field(p, content, at)
	case tree.List:
		if len(content) == 0 {
			s.problem(at, tree.BadLiteral, p.Name+" is an empty list", "Leave it out for all.").Fix = tree.Remove("Leave it out", at.Pointer())
		}
		for n, e := range content {
			s.field(p, e, at.Index(n))
		}
	case tree.Group:
		s.group(p, content, at)
	case tree.Name:
		s.item(p, string(content), at)
	case tree.Body:
		s.body(p, content, at)
	case tree.Cases:
		s.cases(p, content, at)
	default:
		s.strange = append(s.strange, s.raw(content, at)...)
		s.sound = false
		if p.Otherwise {
			s.otherwise = true
		}
	}
}

func (s *step) group(p *types.Param, group tree.Group, at *tree.Place) {
	if p.Required && len(group) == 0 {
		s.problem(at, tree.MissingField, p.Name+" needs at least one field", fieldsHint(p))
	}
	for _, f := range group {
		s.raw(f.Content, at.Key(f.Name))
		for n := range p.Fields {
			if e, ok := f.Content.(*tree.Expr); ok && p.Fields[n].Name == f.Name {
				s.field(&p.Fields[n], e, at.Key(f.Name))
			}
		}
	}
}

// field checks an expression of a field.
func (s *step) field(p *types.Param, e *tree.Expr, at *tree.Place) {
	before := len(s.problems)
	t := s.expr(e, at)
	s.meant(before, p.Type, e, at)
	fits := s.fits(p, p.Name, e, t, at)
	s.sound = s.sound && fits
	if !fits || t.Kind == types.Unknown {
		return
	}
	wrong := tree.HasErrors(s.problems[before:])
	if err := s.bound.Bind(p.Type, t); err != nil {
		s.problem(at, tree.WrongType, err.Error(), "All that goes together here has one type.")
		s.sound = false
		return
	}
	if s.missing(p, e, t, at) {
		return
	}
	if p.FieldOf != "" {
		s.recordField(p, e, at)
	}
	if p.PerRun != "" {
		s.perRun(p, e, at)
	}
	if e.Type == tree.Literal && e.Value.Kind() == value.KindText {
		if meant := s.meantFormula(e.Value.Text()); meant != nil && (meant.Type != tree.Var || len(meant.Path.Steps) > 0) {
			s.warn(at, tree.LooksLikeFormula, fmt.Sprintf("%s is taken as the text %s", p.Name, e.Value),
				"Write ="+e.Value.Text()+" for the value.").Fix = tree.Replace("Make it a formula", at.Pointer(), meant.JSON())
		}
	}
	if t.Internal && s.signature.Result.Kind == types.Ref {
		s.warn(at, tree.InternalIDStored, p.Name+" takes an id that this system gave, which no other system knows", "Use external_id.").Fix =
			s.externalFix(e, at)
	}
	if !wrong {
		s.personal(p, e, at)
		s.changingKey(p, e, at)
		s.alwaysSame(p, e, at)
		s.unidentified(p, e, at)
	}
}

// missing tells about null where a value is required, and says whether it can be nothing else.
func (s *step) missing(p *types.Param, e *tree.Expr, t types.Type, at *tree.Place) bool {
	if !p.NeedsValue() {
		return false
	}
	if e.Type == tree.Literal {
		if e.Value.IsBlank() {
			s.problem(at, tree.BadLiteral, p.Name+" is required and cannot be empty", "Give it a value. "+p.Help)
			return true
		}
		return false
	}
	if t.MayBeNull() {
		what := "this"
		if e.Type == tree.Var {
			what = e.Path.String()
		}
		s.warn(at, tree.MayBeMissing, fmt.Sprintf("%s may be missing, and %s is required: the run then fails", what, p.Name),
			"Test it first, or give another value with coalesce(…).").Fix = s.skipWithout(e)
	}
	return false
}

// alwaysSame warns about conditions and record keys that no delivery can change.
func (s *step) alwaysSame(p *types.Param, e *tree.Expr, at *tree.Place) {
	decides := slices.ContainsFunc(s.signature.Params, func(q types.Param) bool { return q.Given == p.Name })
	record := p.Key && p.Required && s.signature.Result.Kind == types.Ref && !s.signature.Result.IsIdentity()
	switch {
	case !decides && !record || s.varies(e):
	case decides:
		s.warn(at, tree.AlwaysSame, "the condition is the same for every delivery", "Put something of the delivery in it.")
	default:
		s.warn(at, tree.AlwaysSame, p.Name+" is the same for every delivery, so each overwrites the one before", "Put the id of the thing in it.")
	}
}

// varies says whether an expression can have another result for another delivery.
func (s *step) varies(e *tree.Expr) bool {
	switch {
	case e.Broken():
		return true
	case e.Type == tree.Literal:
		return false
	case e.Type == tree.Var:
		n := s.names[strings.ToLower(e.Path.Root)]
		return n == nil || !strings.HasPrefix(n.at, "/constants/")
	}
	args := arguments(e)
	return len(args) == 0 || slices.ContainsFunc(args, s.varies)
}

// item binds the name of a loop's item or index. The names are bound when the body is checked; here they are only kept.
func (s *step) item(p *types.Param, text string, at *tree.Place) {
	t, quiet, data := types.Num, false, ""
	if p.Of != "" {
		t, quiet = types.Broken, true
		if list, _ := s.signature.Param(p.Of); list != nil {
			if e := s.i.Expr(p.Of); e != nil && s.sound {
				t = element(s.types[e])
				if place, ok := s.place(e.Path); ok && e.Type == tree.Var {
					data = place + "[]"
				}
			}
		}
	}
	n := s.bind(at, text, t)
	n.quiet, n.data = n.quiet || quiet, data
}

// body checks a list of instructions of a block.
func (s *step) body(p *types.Param, list tree.Body, at *tree.Place) {
	s.branch(p, list, at, p.Given)
	if p.Otherwise {
		s.otherwise = true
	}
}

// branch checks a list of instructions in a scope of its own.
func (s *step) branch(p *types.Param, list []*tree.Instruction, at *tree.Place, given string) {
	mark, unnamed := len(s.order), len(s.unnamed)
	restore := s.remembering()
	if given != "" {
		s.fact(s.checker.given(given, s.i.Field))
	}
	if s.signature.Loops {
		s.loops++
		for root := range assignedIn(list, s.lib.Instruction) {
			s.forget(root)
		}
	}
	ends := s.list(list, at)
	if s.signature.Loops {
		s.loops--
	}
	gone := s.leave(mark)
	s.unnamed = s.unnamed[:unnamed]
	restore()
	if p.Branch {
		s.branches = append(s.branches, branch{given: given, ends: ends, names: gone})
	} else {
		s.unused(gone)
		s.remember(gone, "It is bound within a loop, and gone after it.")
	}
}

// assignedIn gives the names that instructions of a list assign, at any depth.
func assignedIn(list []*tree.Instruction, signature func(string) *types.Signature) map[string]bool {
	names := map[string]bool{}
	(&tree.Spec{Instructions: list}).Walk(func(_ string, i *tree.Instruction) bool {
		if sig := signature(i.Type); sig != nil && sig.Assigns && !i.Disabled {
			names[i.ReturnAs] = true
		}
		return !i.Disabled
	})
	return names
}

func (s *step) cases(p *types.Param, cases tree.Cases, at *tree.Place) {
	if p.Required && len(cases) == 0 {
		s.problem(at, tree.BadLiteral, p.Name+" has no case", "Each case is {equals: …, body: […]}.")
	}
	for n, one := range cases {
		at := at.Index(n)
		if len(one.Equals) == 0 && !one.Broken {
			s.problem(at.Key("equals"), tree.BadLiteral, "equals is an empty list, so the case never runs", "Put the values in it, or take the case out.")
		}
		for k, e := range one.Equals {
			t := s.expr(e, at.Key("equals").Index(k))
			s.fits(&types.Param{Name: "equals", Type: p.Type}, "equals", e, t, at.Key("equals").Index(k))
		}
		s.branch(p, one.Body, at.Key("body"), "")
		for _, f := range one.Unknown {
			s.strange = append(s.strange, s.raw(f.Content, at.Key(f.Name))...)
		}
	}
}

// remember keeps, for hints, why names are not visible any more.
func (c *checker) remember(gone []*name, why string) {
	for _, n := range gone {
		c.elsewhere[strings.ToLower(n.name)] = why
	}
}

// joinBranches ends the scope of the block's own names; what every branch bound, with one type, stays.
func (s *step) joinBranches(mark int) {
	if len(s.order) > mark {
		gone := s.leave(mark)
		s.unused(gone)
		s.remember(gone, "It is bound for a loop, and gone after it.")
	}
	if len(s.branches) == 0 {
		return
	}
	var going []branch // those after which the spec goes on
	for _, b := range s.branches {
		if !b.ends {
			going = append(going, b)
		}
	}
	stays := map[*name]bool{}
	if s.otherwise && len(going) > 0 {
		for _, first := range going[0].names {
			if joined := join(first, going[1:]); joined != nil {
				for _, n := range joined.from {
					stays[n] = true
					n.root().whole = joined
				}
				s.names[strings.ToLower(joined.name)] = joined
				s.order = append(s.order, joined)
			}
		}
	}
	for _, b := range s.branches {
		var gone []*name
		for _, n := range b.names {
			if !stays[n] {
				gone = append(gone, n)
			}
		}
		s.unused(gone)
		for _, n := range gone {
			if s.names[strings.ToLower(n.name)] == nil {
				s.remember([]*name{n}, s.whyGone(n, going))
			}
		}
	}
	s.after(going)
}

func (s *step) whyGone(n *name, going []branch) string {
	if !s.otherwise {
		return "It is bound in a branch, and gone after it; where every branch binds it and there is an else or default, it stays."
	}
	for _, b := range going {
		if !slices.ContainsFunc(b.names, func(m *name) bool { return m.name == n.name }) {
			return "It is bound in a branch, but not in every one, so it is gone after it."
		}
	}
	return "The branches bind it with different types, so it is gone after them."
}

// after notes what the branches that end leave known for what comes after the block.
func (s *step) after(going []branch) {
	for _, b := range s.branches {
		if !b.ends || b.given == "" {
			continue
		}
		opposite, not := strings.CutPrefix(b.given, "!")
		if !not {
			opposite = "!" + b.given
		}
		if len(going) < len(s.branches) {
			s.fact(s.checker.given(opposite, s.i.Field))
		}
	}
}

// join makes one name of those that all branches bound, nil where not all did or their types have nothing in common.
func join(first *name, others []branch) *name {
	one := &name{name: first.name, kind: first.kind, at: first.at, place: first.place, id: first.id, from: []*name{first}, used: first.used, quiet: first.quiet}
	for _, b := range others {
		at := slices.IndexFunc(b.names, func(n *name) bool { return n.name == first.name })
		if at < 0 {
			return nil
		}
		n := b.names[at]
		t, err := types.Unify(one.kind, n.kind)
		if err != nil {
			return nil
		}
		one.kind, one.used, one.quiet = t, one.used && n.used, one.quiet && n.quiet
		one.from = append(one.from, n)
	}
	one.definition = first.definition
	for _, n := range one.from {
		if n.definition == nil {
			one.definition = nil
		}
	}
	return one
}

// ends says whether every way through the block ends.
func (s *step) ends() bool {
	if !s.otherwise || len(s.branches) == 0 {
		return false
	}
	return !slices.ContainsFunc(s.branches, func(b branch) bool { return !b.ends })
}

// returnAs binds the result, or assigns the variable there is.
func (s *step) returnAs() {
	at := s.at.Key("return_as")
	text := s.i.ReturnAs
	switch {
	case text == "" && s.signature.ReturnAs:
		s.problem(s.at, tree.MissingField, s.i.Type+" needs return_as, the name of the variable", "For example return_as: total.").Fix =
			tree.Add("Call it value", at.Pointer(), value.Text(s.free("value")))
		return
	case text == "":
		if s.signature.Result.Kind == types.Ref {
			s.unnamed = append(s.unnamed, unnamed{s.i, s.at})
		}
		return
	case s.signature.Result.Kind == types.None:
		s.problem(at, tree.UnknownKey, s.i.Type+" has no result to name", "Leave return_as out.").Fix =
			tree.Remove("Take out return_as", at.Pointer())
		return
	}
	t := types.Broken
	if s.sound || s.signature.Result.Kind == types.Ref {
		t = s.bound.Apply(s.signature.Result)
	}
	if !s.signature.Assigns {
		s.bind(at, text, t)
		return
	}
	if known := s.names[strings.ToLower(text)]; known != nil && known.definition != nil && known.name == text {
		s.used(known, at, tree.Path{Root: text}, Assign)
		s.assign(known, t, at)
		return
	}
	n := s.bind(at, text, t)
	if n.hidden == nil {
		n.definition = s.i
		s.first[s.i] = t
		s.assigned[s.i] = t
		if whole, ok := s.variables[s.i]; ok {
			n.kind = whole
		}
	}
}

// assign gives a variable another value. All its values have one type.
func (s *step) assign(n *name, t types.Type, at *tree.Place) {
	s.forget(n.name)
	if t.Kind == types.Unknown { // of a mistake here; taken for the variable's type, the next pass would not tell it
		return
	}
	whole, err := types.Unify(s.assigned[n.definition], t)
	if err != nil {
		s.problem(at, tree.WrongType, fmt.Sprintf("the variable %s is %s and is assigned %s", n.name, article(n.kind.Sure()), article(t.Sure())),
			"Give the other value a name of its own.")
		return
	}
	s.assigned[n.definition] = whole
}
