package tree

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// jsonDepth bounds what is read at all; MaxDepth of instructions and of expressions is told as a problem of its own.
const jsonDepth = 8 * MaxDepth

// ParseLimits are those of a spec's JSON.
var ParseLimits = value.Limits{Bytes: MaxBytes, Depth: jsonDepth}

// FormulaProblem is something wrong within a formula, at a byte offset of it ("=" is at 0).
type FormulaProblem struct {
	Offset  int
	Code    string
	Message string
	Hint    string
	Mended  string // the whole formula without the mistake; "": nobody knows
	Mend    string // what that does, for the title of a fix
}

// Decoder reads specs from JSON values.
type Decoder struct {
	Grammar Grammar
	// Formula reads a text that begins with one "=". It gives an expression as far as there is one, and what is wrong.
	Formula func(source string) (*Expr, []FormulaProblem)
}

// Decode reads a spec. It gives what could be read and everything that has not the form of a spec; whether the spec
// makes sense is for package check.
func (d *Decoder) Decode(v value.Value) (*Spec, []Problem) {
	r := decoder{Decoder: d}
	spec := r.spec(v)
	spec.settleComments()
	return spec, r.problems
}

// Expr reads an expression that is known to be one: of a fix.
func (d *Decoder) Expr(v value.Value) *Expr { return (&decoder{Decoder: d}).expr(v, nil) }

// ReadExpr reads an expression, with everything that has not the form of one.
func (d *Decoder) ReadExpr(v value.Value) (*Expr, []Problem) {
	r := decoder{Decoder: d}
	e := r.expr(v, nil)
	return e, r.problems
}

// Instruction reads an instruction that is known to be one: of a fix.
func (d *Decoder) Instruction(v value.Value) *Instruction {
	i := (&decoder{Decoder: d}).instruction(v, nil)
	settle(&i.Comments, i.holder)
	return i
}

// decoder is one reading.
type decoder struct {
	*Decoder
	problems []Problem
	id       string // of the instruction being read
	muted    int    // within so many disabled instructions: what is wrong is counted but not told
	hushed   int
}

func (r *decoder) problem(at *Place, code, message, hint string) *Problem {
	if r.muted > 0 {
		r.hushed++
		return &Problem{}
	}
	r.problems = append(r.problems, Problem{Code: code, Severity: Error, InstructionID: r.id,
		Pointer: at.Pointer(), Message: message, Hint: hint})
	return &r.problems[len(r.problems)-1]
}

var specKeys = []string{"spec", "note", "source_model", "var", "constants", "enrichments", "instructions", "tests"}

func (r *decoder) spec(v value.Value) *Spec {
	s := &Spec{}
	if v.Kind() != value.KindObject {
		r.problem(nil, WrongType, "a spec is an object with the keys spec, source_model and instructions, not "+v.Kind().String(), "Begin with spec: 1, each key on a line of its own.")
		return s
	}
	for _, m := range v.Members() {
		at := (*Place)(nil).Key(m.Key)
		switch m.Key {
		case "spec":
			if !m.Value.Equal(value.Int(Revision)) || m.Value.Kind() != value.KindNumber {
				r.problem(at, BadLiteral, "spec is "+m.Value.String()+"; this version reads spec: 1", "Write spec: 1.").Fix =
					Replace("Write spec: 1", at.Pointer(), value.Int(Revision))
			}
		case "note":
			s.Note = r.text(m.Value, at)
		case "source_model":
			s.SourceModel = r.filled(m.Value, at, "Write the source model the processor is for: webhook.payload.")
		case "var":
			s.Var = r.name(m.Value, at)
		case "constants":
			s.Constants = items(r, m.Value, at, "constants", r.constant)
		case "enrichments":
			s.Enrichments = items(r, m.Value, at, "enrichments", r.enrichment)
		case "instructions":
			s.Instructions = items(r, m.Value, at, "instructions", r.instruction)
		case "tests":
			s.Tests = items(r, m.Value, at, "tests", r.test)
		default:
			if !r.extra(v, m, at, &s.Extra, &s.Comments, "a spec", specKeys) {
				s.Unknown = append(s.Unknown, Field{m.Key, r.raw(m.Value, at)})
			}
		}
	}
	for _, key := range []string{"spec", "source_model", "instructions"} {
		if v.Has(key) {
			continue
		}
		p := r.problem(nil, MissingField, key+" is missing", "Add "+key+" at the top of the spec.")
		switch key {
		case "spec":
			p.Fix = Add("Add spec: 1", "/spec", value.Int(Revision))
		case "instructions":
			p.Fix = Add("Add instructions", "/instructions", value.List(nil))
		}
	}
	return s
}

// items reads a list of objects.
func items[T any](r *decoder, v value.Value, at *Place, what string, read func(value.Value, *Place) T) []T {
	if v.Kind() != value.KindList {
		r.notList(v, at, fmt.Sprintf("%s is a list, not %s", what, v.Kind()), "An empty list is written [].")
		return nil
	}
	list := make([]T, 0, v.Len())
	for n, item := range v.Items() {
		list = append(list, read(item, at.Index(n)))
	}
	return list
}

// notList tells that a list belongs here. The fix makes one of what is there.
func (r *decoder) notList(v value.Value, at *Place, message, hint string) {
	p := r.problem(at, WrongType, message, hint)
	if v.IsNull() {
		p.Fix = Replace("Write []", p.Pointer, value.List(nil))
	} else {
		p.Fix = Replace("Write [ ] around it", p.Pointer, value.List([]value.Value{v}))
	}
}

// object says whether v is one, and tells it where not.
func (r *decoder) object(v value.Value, at *Place, what string) bool {
	if v.Kind() == value.KindObject {
		return true
	}
	r.problem(at, WrongType, fmt.Sprintf("%s is an object, not %s", what, v.Kind()), "Write its keys, each with a value: {key: value}.")
	return false
}

// extra takes what every object may have, x- keys and comments, and tells the rest. It says whether m was taken.
func (r *decoder) extra(within value.Value, m value.Member, at *Place, extra *[]value.Member, comments *Comments, what string, known []string) bool {
	switch {
	case strings.HasPrefix(m.Key, "x-"):
		*extra = append(*extra, m)
	case m.Key == "comments":
		*comments = r.comments(m.Value, at)
	default:
		p := r.unknownKey(within, m, at, what, known)
		if !strings.HasPrefix(p.Hint, "Did") {
			p.Hint += " Keys of your own begin with x-."
			if p.Fix != nil && !within.Has("x-"+m.Key) {
				p.Fix = Rename("Keep it as x-"+m.Key+", which means nothing", p.Pointer, "x-"+m.Key)
			}
		}
		return false
	}
	return true
}

func (r *decoder) unknownKey(within value.Value, m value.Member, at *Place, what string, known []string) *Problem {
	key := m.Key
	near := Closest(key, known)
	hint := "Take it out."
	if near != "" {
		hint = "Did you mean " + near + "?"
	} else if len(known) > 0 {
		hint = "It has " + strings.Join(known, ", ") + "."
	}
	p := r.problem(at, UnknownKey, fmt.Sprintf("%s has no key %s", what, key), hint)
	if near != "" && !within.Has(near) {
		p.Fix = Rename("Write "+near, at.Pointer(), near)
	} else if k := m.Value.Kind(); k != value.KindList && k != value.KindObject { // there may be much in those
		p.Fix = Remove("Take out "+key, at.Pointer())
	}
	return p
}

func (r *decoder) text(v value.Value, at *Place) string {
	if v.Kind() != value.KindText {
		p := r.problem(at, WrongType, fmt.Sprintf("%s is text, not %s", at.key, v.Kind()), quoteHint(v))
		if v.Kind() == value.KindNumber || v.Kind() == value.KindBool {
			p.Fix = Replace("Put quotes around it", at.Pointer(), value.Text(v.String()))
		}
	}
	return v.Text()
}

// filled is a text that must not be empty.
func (r *decoder) filled(v value.Value, at *Place, hint string) string {
	text := r.text(v, at)
	if text == "" && v.Kind() == value.KindText {
		r.problem(at, BadLiteral, at.key+" is empty", hint)
	}
	return text
}

func quoteHint(v value.Value) string {
	if v.Kind() == value.KindNumber || v.Kind() == value.KindBool {
		return "Put quotes around it."
	}
	return "Write text here."
}

// name reads plain text that names a variable.
func (r *decoder) name(v value.Value, at *Place) string {
	s := r.text(v, at)
	if v.Kind() == value.KindText && !IsName(s) {
		hint := "A name is letters, digits and _, begins with no digit, and has at most 64 characters."
		if strings.HasPrefix(s, "=") {
			hint = "A name stands without =. " + hint
		}
		p := r.problem(at, BadLiteral, fmt.Sprintf("%q is no name", s), hint)
		if near := nameLike(s); near != "" {
			p.Fix = Replace("Write "+near, at.Pointer(), value.Text(near))
		}
		return ""
	}
	return s
}

// nameLike makes a name of a text that is nearly one, "" where it is not.
func nameLike(s string) string {
	near := strings.Map(func(c rune) rune {
		if c == '-' || c == ' ' || c == '.' {
			return '_'
		}
		return c
	}, strings.TrimSpace(strings.TrimLeft(s, "=")))
	if !IsName(near) {
		return ""
	}
	return near
}

func (r *decoder) comments(v value.Value, at *Place) Comments {
	var c Comments
	if !r.object(v, at, "comments") {
		return nil
	}
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		if m.Value.Kind() != value.KindList {
			r.problem(at, WrongType, "a comment is a list of lines, not "+m.Value.Kind().String(), "Write [ ] around it.")
			continue
		}
		var lines []string
		for n, line := range m.Value.Items() {
			if line.Kind() != value.KindText || strings.ContainsFunc(line.Text(), unprintable) {
				r.problem(at.Index(n), WrongType, "a line of a comment is text of one line", "Make an item of each line.")
				continue
			}
			lines = append(lines, strings.TrimRight(line.Text(), " "))
		}
		c = c.Add(m.Key, lines...)
	}
	return c
}

// unprintable says that a character cannot stand in a comment.
func unprintable(c rune) bool { return !unicode.IsPrint(c) }

var constantKeys = []string{"name", "type", "default", "note"}

func (r *decoder) constant(v value.Value, at *Place) *Constant {
	c := &Constant{}
	if !r.object(v, at, "a constant") {
		return c
	}
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		switch m.Key {
		case "name":
			c.Name = r.name(m.Value, at)
		case "type":
			c.Type = r.filled(m.Value, at, "For example type: string.")
		case "default":
			c.Default = &m.Value
		case "note":
			c.Note = r.text(m.Value, at)
		default:
			r.extra(v, m, at, &c.Extra, &c.Comments, "a constant", constantKeys)
		}
	}
	r.required(v, at, "a constant", "name", "type")
	return c
}

func (r *decoder) required(v value.Value, at *Place, what string, keys ...string) {
	for _, key := range keys {
		if !v.Has(key) {
			r.problem(at, MissingField, what+" needs "+key, "Add "+key+": to it.")
		}
	}
}

var enrichmentKeys = []string{"name", "of", "use", "note"}

func (r *decoder) enrichment(v value.Value, at *Place) *Enrichment {
	e := &Enrichment{}
	if !r.object(v, at, "an enrichment") {
		return e
	}
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		switch m.Key {
		case "name":
			e.Name = r.name(m.Value, at)
		case "of":
			path, err := ParsePath(r.text(m.Value, at))
			if err != nil && m.Value.Kind() == value.KindText {
				r.problem(at, BadEnrichment, "of names the model's variable or an enrichment above", "For example of: event.contact.")
			}
			e.Of = path
		case "use":
			e.Use = r.filled(m.Value, at, "Write what the source model calls it.")
		case "note":
			e.Note = r.text(m.Value, at)
		default:
			r.extra(v, m, at, &e.Extra, &e.Comments, "an enrichment", enrichmentKeys)
		}
	}
	r.required(v, at, "an enrichment", "name", "of", "use")
	return e
}

func (r *decoder) test(v value.Value, at *Place) *Test {
	t := &Test{}
	if !r.object(v, at, "a test") {
		return t
	}
	for _, m := range v.Members() {
		if m.Key == "comments" {
			t.Comments = r.comments(m.Value, at.Key(m.Key))
			continue
		}
		t.Members = append(t.Members, m)
	}
	return t
}

// instructionKeys are those of every instruction, beside its fields.
var instructionKeys = []string{"type", "id", "note", "disabled", "return_as"}

func (r *decoder) instruction(v value.Value, at *Place) *Instruction {
	i := &Instruction{}
	if !r.object(v, at, "an instruction") {
		return i
	}
	outer := r.id
	defer func() { r.id = outer }()
	if r.id = v.Get("id").Text(); !isID(r.id) {
		r.id = "" // it gets one
	}
	if v.Get("disabled").Bool() {
		r.muted++
		defer func() { r.muted-- }()
	}
	if kind := v.Get("type"); kind.Kind() == value.KindText && kind.Text() != "" {
		i.Type = kind.Text()
	} else if !v.Has("type") || kind.Kind() == value.KindText {
		r.problem(at, MissingField, "an instruction needs type", "For example type: upsert_activity.")
	} else {
		r.text(kind, at.Key("type"))
	}
	signature := r.Grammar.Instruction(i.Type)
	if signature == nil && i.Type != "" {
		r.unknownInstruction(i.Type, at.Key("type"))
	}
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		switch m.Key {
		case "type":
		case "id":
			i.ID = r.instructionID(m.Value, at)
		case "note":
			i.Note = r.text(m.Value, at)
		case "disabled":
			if m.Value.Kind() != value.KindBool {
				r.problem(at, WrongType, "disabled is true or false, not "+m.Value.Kind().String(), "Write disabled: true, or leave it out.").Fix =
					Remove("Leave it out", at.Pointer())
			}
			i.Disabled = m.Value.Bool()
		case "return_as":
			i.ReturnAs = r.name(m.Value, at)
		default:
			r.field(i, signature, v, m, at)
		}
	}
	inOrder(i.Fields, signature)
	return i
}

func (r *decoder) unknownInstruction(name string, at *Place) {
	hint := ""
	if r.Grammar.Expression(name) != nil {
		hint = "It is an expression; it goes into a field, as =" + name + "(…)."
	} else if near := Closest(name, r.Grammar.InstructionNames()); near != "" {
		hint = "Did you mean " + near + "?"
	} else {
		hint = "There are " + strings.Join(r.Grammar.InstructionNames(), ", ") + "."
	}
	p := r.problem(at, UnknownType, "there is no instruction "+name, hint)
	if near, ok := strings.CutPrefix(strings.TrimSuffix(hint, "?"), "Did you mean "); ok {
		p.Fix = Replace("Write "+near, at.Pointer(), value.Text(near))
	}
}

func (r *decoder) instructionID(v value.Value, at *Place) string {
	s := r.text(v, at)
	if v.Kind() == value.KindText && !isID(s) {
		r.problem(at, BadLiteral, fmt.Sprintf("%q is no id", s), "An id is 1 to 40 letters, digits, - and _. Leave it out to get one on save.").Fix =
			Remove("Leave the id out", at.Pointer())
		return ""
	}
	return s
}

func isID(s string) bool {
	for _, c := range []byte(s) {
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= MaxID
}

// field reads one field of an instruction by the form its declaration gives it.
func (r *decoder) field(i *Instruction, signature *types.Signature, within value.Value, m value.Member, at *Place) {
	var param *types.Param
	if signature != nil {
		param, _ = signature.Param(m.Key)
	}
	if param == nil {
		if strings.HasPrefix(m.Key, "x-") || m.Key == "comments" {
			r.extra(within, m, at, &i.Extra, &i.Comments, "", nil)
			return
		}
		if signature != nil {
			r.unknownKey(within, m, at, i.Type, append(names(signature.Params), instructionKeys...))
		}
		i.Fields = append(i.Fields, Field{m.Key, r.raw(m.Value, at)})
		return
	}
	i.Fields = append(i.Fields, Field{m.Key, r.content(param, m.Value, at)})
}

func names(params []types.Param) []string {
	list := make([]string, len(params))
	for i := range params {
		list[i] = params[i].Name
	}
	return list
}

// inOrder puts fields in the order of the declaration; others keep theirs, at the end.
func inOrder(fields []Field, signature *types.Signature) {
	if signature == nil {
		return
	}
	rank := func(f Field) int {
		if _, i := signature.Param(f.Name); i >= 0 {
			return i
		}
		return len(signature.Params)
	}
	slices.SortStableFunc(fields, func(a, b Field) int { return rank(a) - rank(b) })
}

// content reads a field or parameter. Where an instruction is disabled, what is wrong is kept as it is written.
func (r *decoder) content(param *types.Param, v value.Value, at *Place) Content {
	hushed := r.hushed
	c := r.formed(param, v, at)
	if r.muted > 0 && r.hushed > hushed && param.Form != types.Body && param.Form != types.Cases {
		return Raw{Value: v}
	}
	return c
}

func (r *decoder) formed(param *types.Param, v value.Value, at *Place) Content {
	switch param.Form {
	case types.Expressions:
		if v.Kind() != value.KindList {
			r.notList(v, at, fmt.Sprintf("%s is a list of expressions, not %s", param.Name, v.Kind()), "Write [ ] around it.")
			return r.raw(v, at)
		}
		return List(items(r, v, at, param.Name, r.expr))
	case types.Group:
		if v.IsNull() || v.Get("type").Text() == Literal && v.Has("value") && v.Get("value").IsNull() {
			return Lit(value.Null())
		}
		return r.group(param, v, at)
	case types.Name:
		if name := r.name(v, at); name != "" {
			return Name(name)
		}
		return Raw{Value: v}
	case types.Body:
		if v.Kind() != value.KindList {
			r.notList(v, at, fmt.Sprintf("%s is a list of instructions, not %s", param.Name, v.Kind()), "An empty list is written [].")
			return r.raw(v, at)
		}
		return Body(items(r, v, at, param.Name, r.instruction))
	case types.Cases:
		if v.Kind() != value.KindList {
			r.notList(v, at, fmt.Sprintf("%s is a list of cases, not %s", param.Name, v.Kind()), "Each case is {equals: …, body: […]}.")
			return r.raw(v, at)
		}
		return Cases(items(r, v, at, param.Name, r.oneCase))
	default:
		return r.expr(v, at)
	}
}

func (r *decoder) group(param *types.Param, v value.Value, at *Place) Content {
	if !r.object(v, at, param.Name) {
		return r.raw(v, at)
	}
	inner := types.Signature{Params: param.Fields}
	group := make(Group, 0, v.Len())
	for _, m := range v.Members() {
		field, _ := inner.Param(m.Key)
		if field == nil {
			r.unknownKey(v, m, at.Key(m.Key), param.Name, names(param.Fields))
			group = append(group, Field{m.Key, r.raw(m.Value, at.Key(m.Key))})
			continue
		}
		group = append(group, Field{m.Key, r.content(field, m.Value, at.Key(m.Key))})
	}
	inOrder(group, &inner)
	return group
}

func (r *decoder) oneCase(v value.Value, at *Place) *Case {
	c := &Case{}
	if !r.object(v, at, "a case") {
		c.Broken = true
		return c
	}
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		switch m.Key {
		case "equals":
			if m.Value.Kind() == value.KindList {
				c.Equals = items(r, m.Value, at, "equals", r.expr)
			} else {
				c.Equals = []*Expr{r.expr(m.Value, at)}
			}
		case "body":
			c.Body = items(r, m.Value, at, "body", r.instruction)
		default:
			if !r.extra(v, m, at, &c.Extra, &c.Comments, "a case", []string{"equals", "body"}) {
				c.Unknown = append(c.Unknown, Field{m.Key, r.raw(m.Value, at)})
			}
		}
	}
	r.required(v, at, "a case", "equals", "body")
	c.Broken = !v.Has("equals") || !v.Has("body")
	return c
}

// expr reads an expression as section 1.1 says. It always gives one; Broken, where there is none to read.
func (r *decoder) expr(v value.Value, at *Place) *Expr {
	switch v.Kind() {
	case value.KindText:
		s := v.Text()
		switch {
		case strings.HasPrefix(s, "=="):
			return Lit(value.Text(s[1:]))
		case strings.HasPrefix(s, "="):
			return r.formula(s, at)
		}
		return Lit(v)
	case value.KindList:
		r.problem(at, WrongType, "one expression belongs here, not a list", "A list is made by =list(…).")
		return r.broken(v, at)
	case value.KindObject:
		if v.Has("type") {
			return r.tree(v, at)
		}
		r.problem(at, WrongType, "one expression belongs here, not an object", "An expression written as an object has the key type.")
		return r.broken(v, at)
	}
	return Lit(v)
}

// broken gives an expression for what is none, with what can be read within it.
func (r *decoder) broken(v value.Value, at *Place) *Expr {
	return &Expr{Fields: []Field{{Content: r.raw(v, at)}}}
}

// raw keeps what has no place here, and reads what stands within: what is wrong there is told as well.
func (r *decoder) raw(v value.Value, at *Place) Raw {
	raw := Raw{Value: v}
	if r.muted == 0 {
		r.parts(v, at, nil, &raw.Parts)
	}
	return raw
}

func (r *decoder) parts(v value.Value, at *Place, path []string, parts *[]Part) {
	inner := func(key string) []string { return append(path[:len(path):len(path)], key) }
	switch v.Kind() {
	case value.KindText:
		if s := v.Text(); strings.HasPrefix(s, "=") && !strings.HasPrefix(s, "==") {
			*parts = append(*parts, Part{path, r.formula(s, at)})
		}
	case value.KindList:
		if slices.ContainsFunc(v.Items(), r.isInstruction) {
			*parts = append(*parts, Part{path, Body(items(r, v, at, "the list", r.instruction))})
			return
		}
		for n, item := range v.Items() {
			r.parts(item, at.Index(n), inner(itoa(n)), parts)
		}
	case value.KindObject:
		if kind := v.Get("type").Text(); kind == Literal || kind == Var || r.Grammar.Expression(kind) != nil {
			*parts = append(*parts, Part{path, r.tree(v, at)})
			return
		}
		for _, m := range v.Members() {
			if m.Key != "note" && m.Key != "comments" && !strings.HasPrefix(m.Key, "x-") {
				r.parts(m.Value, at.Key(m.Key), inner(m.Key), parts)
			}
		}
	}
}

// isInstruction says whether a value is an instruction, or was to be one.
func (r *decoder) isInstruction(v value.Value) bool {
	kind := v.Get("type").Text()
	return kind != "" && (r.Grammar.Instruction(kind) != nil || Closest(kind, r.Grammar.InstructionNames()) != "")
}

// Broken says that the expression could not be read; a problem tells why.
func (e *Expr) Broken() bool { return e.Type == "" }

func (r *decoder) formula(s string, at *Place) *Expr {
	e, problems := r.Formula(s)
	for _, p := range problems {
		told := r.problem(at, p.Code, p.Message, p.Hint)
		told.Offset = p.Offset
		if p.Mended != "" {
			told.Fix = Replace(p.Mend, at.Pointer(), value.Text(p.Mended))
		}
	}
	if e == nil {
		return &Expr{}
	}
	return e
}

// tree reads an expression written as an object (1.4).
func (r *decoder) tree(v value.Value, at *Place) *Expr {
	kind := v.Get("type")
	if kind.Kind() != value.KindText {
		r.text(kind, at.Key("type"))
		return &Expr{}
	}
	switch kind.Text() {
	case Literal:
		return r.literal(v, at)
	case Var:
		return r.variable(v, at)
	}
	e := &Expr{Type: kind.Text()}
	signature := r.Grammar.Expression(e.Type)
	if signature == nil {
		message, hint, near := UnknownExpression(r.Grammar, e.Type)
		p := r.problem(at.Key("type"), UnknownType, message, hint)
		if near != "" {
			p.Fix = Replace("Write "+near, p.Pointer, value.Text(near))
		}
		for _, m := range v.Members() {
			if m.Key != "type" {
				e.Fields = append(e.Fields, Field{m.Key, r.raw(m.Value, at.Key(m.Key))})
			}
		}
		return e
	}
	for _, m := range v.Members() {
		if m.Key == "type" {
			continue
		}
		param, _ := signature.Param(m.Key)
		if param == nil {
			r.unknownKey(v, m, at.Key(m.Key), e.Type, names(signature.Params))
			e.Fields = append(e.Fields, Field{m.Key, r.raw(m.Value, at.Key(m.Key))})
			continue
		}
		e.Fields = append(e.Fields, Field{m.Key, r.formed(param, m.Value, at.Key(m.Key))})
	}
	for i := range signature.Params {
		if p := &signature.Params[i]; p.Form == types.Expressions && e.Field(p.Name) == nil {
			e.Fields = append(e.Fields, Field{p.Name, List(nil)}) // as a formula reads a call without them
		}
	}
	inOrder(e.Fields, signature)
	return e
}

// UnknownExpression says that the grammar has no expression of that name, and which was meant perhaps.
func UnknownExpression(g Grammar, name string) (message, hint, near string) {
	if g.Instruction(name) != nil {
		hint = "It is an instruction and has its own place in a list."
	} else if near = Closest(name, g.ExpressionNames()); near != "" {
		hint = "Did you mean " + near + "?"
	} else {
		hint = "The reference of the language lists all there are."
	}
	return "there is no expression " + name, hint, near
}

func (r *decoder) literal(v value.Value, at *Place) *Expr {
	e := &Expr{}
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		switch m.Key {
		case "type":
		case "value":
			if k := m.Value.Kind(); k == value.KindList || k == value.KindObject {
				r.problem(at, BadLiteral, "a literal is text, a number, true, false or null, not "+k.String(), "Write a list as the expression list.")
				continue
			}
			e.Type, e.Value = Literal, m.Value
		case "number":
			number, err := value.ParseJSON([]byte(m.Value.Text()), ParseLimits)
			if err != nil || number.Kind() != value.KindNumber {
				r.problem(at, BadLiteral, "number is the digits of a number as text, not "+m.Value.String(), `For example "number": "12345678901234567890".`)
				continue
			}
			e.Type, e.Value = Literal, number
		default:
			r.unknownKey(v, m, at, "a literal", []string{"value", "number"})
		}
	}
	switch {
	case v.Has("value") && v.Has("number"):
		r.problem(at, WrongArguments, "a literal has value or number, not both", "Keep value; number is for more digits than other readers keep.")
	case !v.Has("value") && !v.Has("number"):
		r.problem(at, WrongArguments, "a literal needs value", `For example {"type": "literal", "value": "won"}.`)
	}
	return e
}

func (r *decoder) variable(v value.Value, at *Place) *Expr {
	for _, m := range v.Members() {
		if m.Key != "type" && m.Key != "var" {
			r.unknownKey(v, m, at.Key(m.Key), "a var", []string{"var"})
		}
	}
	if !v.Has("var") {
		r.problem(at, WrongArguments, "a var needs var, the path", `For example {"type": "var", "var": "event.id"}.`)
		return &Expr{}
	}
	at = at.Key("var")
	source := r.text(v.Get("var"), at)
	if v.Get("var").Kind() != value.KindText {
		return &Expr{}
	}
	path, err := ParsePath(source)
	if err != nil {
		r.problem(at, Syntax, err.Error(), PathHint).Offset = PathOffset(err)
		return &Expr{}
	}
	return &Expr{Type: Var, Path: path}
}
