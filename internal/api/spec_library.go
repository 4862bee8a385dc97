package api

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/schema"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

func (s *Server) specLibraryRows() []Row {
	return []Row{
		{"GET", "/v1/spec-library", access.ReadConfig, "What a spec can be written with: operations, blocks, functions, constants, source models; enough to draw a form from", one(s.getSpecLibrary)},
	}
}

type specLibraryInput struct {
	ProcessorID string `query:"processor_id" doc:"Only the source model of this processor."`
	Spoken
}

type specLibraryView struct {
	Groups        []LibraryGroup      `json:"groups" doc:"Of instructions, in the order of a picker; blocks last."`
	Instructions  []InstructionType   `json:"instructions" doc:"Operations and blocks, in the order of their groups."`
	FunctionGroup []LibraryGroup      `json:"function_groups" doc:"In the order of a picker."`
	Functions     []FunctionType      `json:"functions" doc:"What formulas are made of, beside literals and variables."`
	ConstantTypes []ConstantTypeView  `json:"constant_types"`
	Models        []SourceModelView   `json:"source_models"`
	Errors        []ErrorCode         `json:"errors" doc:"All codes a run can fail with."`
	Limits        specLimits          `json:"limits"`
	Nouns         map[string]TypeView `json:"nouns" doc:"Identities and records by noun, with what can be read of each."`
}

// LibraryGroup is a shelf of the library.
type LibraryGroup struct {
	Name    string   `json:"name"`
	Members []string `json:"members" doc:"Names of instructions or functions, in order."`
}

// InstructionType declares an operation or a block.
type InstructionType struct {
	Name     string           `json:"name"`
	Group    string           `json:"group"`
	Title    string           `json:"title"`
	Help     string           `json:"help"`
	Summary  string           `json:"summary" doc:"One line for lists, with fields in braces: Upsert activity {external_id}."`
	Block    bool             `json:"block"`
	Off      string           `json:"off,omitempty" said:"ours" doc:"Why it cannot be used: what it makes is switched off in Settings."`
	Fields   []FieldSpec      `json:"fields"`
	Result   *TypeView        `json:"result" doc:"What return_as binds; null: there is no result."`
	ReturnAs string           `json:"return_as" enum:"none,optional,required"`
	Assigns  bool             `json:"assigns" doc:"return_as may name a variable that such an instruction made: it then gets another value."`
	Loops    bool             `json:"loops" doc:"Its body runs once per item."`
	Ends     bool             `json:"ends" doc:"Nothing after it in its list runs."`
	EndsRun  bool             `json:"ends_run" doc:"Nothing after it runs at all, also out of loops."`
	Examples []LibraryExample `json:"examples"`
}

// FunctionType declares a function of formulas.
type FunctionType struct {
	Name      string           `json:"name"`
	Group     string           `json:"group"`
	Title     string           `json:"title"`
	Help      string           `json:"help"`
	Call      string           `json:"call" doc:"How it is written." example:"round(value, decimals?, mode?) → number"`
	Arguments []FieldSpec      `json:"arguments" doc:"The last may be variadic: form expressions."`
	Result    *TypeView        `json:"result" doc:"Null: its arguments say it."`
	Nulls     string           `json:"nulls" enum:"null_in,never,as_given" doc:"null_in: a null argument makes the result null; never: the result is not null; as_given: the result type says it."`
	Examples  []LibraryExample `json:"examples"`
}

// LibraryExample is one of the reference.
type LibraryExample struct {
	In    string `json:"in" doc:"YAML of instructions, or a formula without =."`
	Out   string `json:"out,omitempty" doc:"What is written, or the result."`
	Error string `json:"error,omitempty" doc:"Code of the error it fails with."`
}

// FieldSpec declares a field of an instruction or an argument of a function: a form is drawn from it.
type FieldSpec struct {
	Name       string      `json:"name"`
	Title      string      `json:"title"`
	Help       string      `json:"help"`
	Form       string      `json:"form" enum:"expression,expressions,fields,name,body,cases" doc:"expression: one; expressions: a list, in a formula the last arguments; fields: an object of expressions; name: plain text that names a variable; body: a list of instructions; cases: [{equals: expression or list, body: instructions}]."`
	Type       *TypeView   `json:"type" doc:"What an expression here must give; null with name, body and fields."`
	Required   bool        `json:"required"`
	NeedsValue bool        `json:"needs_value" doc:"What is given must be neither null nor blank."`
	Literals   []string    `json:"literals" doc:"Kinds of literal it takes: string, number, boolean, null."`
	Literal    bool        `json:"literal_only" doc:"Only a literal is taken."`
	Options    []string    `json:"options,omitempty" doc:"The texts that can be right."`
	Max        int         `json:"max_length,omitempty" doc:"Characters."`
	Key        bool        `json:"key,omitempty" doc:"It identifies: trimmed, and never built from nothing."`
	Label      bool        `json:"label,omitempty" doc:"A name or word for people: trimmed."`
	FieldOf    string      `json:"field_of,omitempty" doc:"It names a field of the record that this other field takes."`
	ItemOf     *string     `json:"item_of,omitempty" doc:"Of a name: it is bound to the items of the list in this other field; \"\": to the number of the item, from 1."`
	Inner      bool        `json:"inner,omitempty" doc:"It sees the names that the name fields beside it bind."`
	Given      string      `json:"given,omitempty" doc:"The boolean field that holds when this one runs; with ! before it, that does not."`
	Branch     bool        `json:"branch,omitempty" doc:"Of bodies: at most one of the branches runs. A body that is no branch is a loop's."`
	Otherwise  bool        `json:"otherwise,omitempty" doc:"The branch that runs where no other does."`
	Fields     []FieldSpec `json:"fields,omitempty" doc:"Of form fields."`
}

// ConstantTypeView is a type that a constant may have.
type ConstantTypeView struct {
	Name string   `json:"name" example:"table<string>"`
	Type TypeView `json:"type"`
}

// SourceModelView is what a spec can be for.
type SourceModelView struct {
	Name        string               `json:"name"`
	Var         string               `json:"var" doc:"What an item is called where the spec does not say it."`
	Type        TypeView             `json:"type"`
	Enrichments []EnrichmentTypeView `json:"enrichments"`
}

// EnrichmentTypeView is what can be fetched beside an item.
type EnrichmentTypeView struct {
	Use  string   `json:"use"`
	Of   string   `json:"of" doc:"The use that it is fetched for; \"\": the item itself."`
	Type TypeView `json:"type"`
}

// ErrorCode is a code of data errors.
type ErrorCode struct {
	Code  string `json:"code"`
	Means string `json:"means" said:"ours"`
	Do    string `json:"do" said:"ours"`
}

type specLimits struct {
	Bytes        int `json:"bytes"`
	Instructions int `json:"instructions"`
	Depth        int `json:"depth" doc:"Of instructions, and of expressions."`
	Formula      int `json:"formula" doc:"Bytes."`
	Constants    int `json:"constants"`
	Tests        int `json:"tests"`
	Name         int `json:"name" doc:"Characters of a name."`
}

func (s *Server) getSpecLibrary(ctx context.Context, in *specLibraryInput) (specLibraryView, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return specLibraryView{}, err
	}
	models := s.Library.Models()
	n, err := filter("processor_id", id.Processor, in.ProcessorID)
	if err != nil {
		return specLibraryView{}, err
	}
	if n != 0 {
		p, err := s.Store.Processor(ctx, t.ID, n)
		if err != nil {
			return specLibraryView{}, err
		}
		m, known := s.Library.Model(p.SourceModel)
		if !known {
			return specLibraryView{}, fault.New(fault.Conflict, "The processor “%s” is for %s, which this server does not know.", p.Name, p.SourceModel)
		}
		models = []library.Model{m}
	}
	return viewLibrary(in.library(s.Library), models, t.Has), nil
}

// viewLibrary shows a library; on tells what a tenant has switched on.
func viewLibrary(lib *library.Library, models []library.Model, on func(noun string) bool) specLibraryView {
	v := specLibraryView{
		Groups: []LibraryGroup{}, Instructions: []InstructionType{}, FunctionGroup: []LibraryGroup{}, Functions: []FunctionType{},
		ConstantTypes: []ConstantTypeView{}, Models: []SourceModelView{}, Errors: []ErrorCode{}, Nouns: map[string]TypeView{},
		Limits: specLimits{tree.MaxBytes, tree.MaxInstructions, tree.MaxDepth, tree.MaxFormula, tree.MaxConstants, tree.MaxTests, tree.MaxName},
	}
	for _, blocks := range []bool{false, true} {
		for _, o := range lib.Operations() {
			if o.Block != blocks {
				continue
			}
			v.Instructions = append(v.Instructions, viewInstruction(o, on))
			v.Groups = shelved(v.Groups, o.Group, o.Name)
			if o.Result.Kind == types.Ref {
				v.Nouns[o.Result.Noun] = viewType(o.Result)
			}
		}
	}
	for _, e := range lib.Expressions() {
		v.Functions = append(v.Functions, viewFunction(e))
		v.FunctionGroup = shelved(v.FunctionGroup, e.Group, e.Name)
	}
	for _, name := range check.ConstantTypes() {
		t, _ := check.ConstantType(name)
		v.ConstantTypes = append(v.ConstantTypes, ConstantTypeView{name, viewType(t)})
	}
	for _, m := range models {
		one := SourceModelView{Name: m.Name, Var: m.Var, Type: viewType(m.Type), Enrichments: []EnrichmentTypeView{}}
		for _, e := range m.Enrichments {
			one.Enrichments = append(one.Enrichments, EnrichmentTypeView{e.Use, e.Of, viewType(e.Type)})
		}
		v.Models = append(v.Models, one)
	}
	for _, c := range run.Codes {
		v.Errors = append(v.Errors, ErrorCode{c.Code, c.Means, c.Do})
	}
	return v
}

// shelved adds an entry to its group.
func shelved(groups []LibraryGroup, group library.Group, name string) []LibraryGroup {
	for i := range groups {
		if groups[i].Name == string(group) {
			groups[i].Members = append(groups[i].Members, name)
			return groups
		}
	}
	return append(groups, LibraryGroup{string(group), []string{name}})
}

func viewInstruction(o *library.Operation, on func(string) bool) InstructionType {
	off, _ := processor.Offers(o.Name, on)
	v := InstructionType{
		Name: o.Name, Group: string(o.Group), Title: o.Title, Help: o.Help, Summary: o.Summary, Block: o.Block, Off: off,
		Fields: viewParams(o.Params), ReturnAs: "none", Assigns: o.Assigns, Loops: o.Loops, Ends: o.Ends, EndsRun: o.EndsRun, Examples: viewExamples(o.Examples),
	}
	if o.Result.Kind != types.None {
		result := viewType(o.Result)
		v.Result, v.ReturnAs = &result, "optional"
	}
	if o.ReturnAs {
		v.ReturnAs = "required"
	}
	return v
}

var nullNames = map[types.Nulls]string{types.NullIn: "null_in", types.NoNull: "never", types.AsGiven: "as_given"}

func viewFunction(e *library.Expression) FunctionType {
	v := FunctionType{
		Name: e.Name, Group: string(e.Group), Title: e.Title, Help: e.Help, Call: e.Call(), Arguments: viewParams(e.Params),
		Nulls: nullNames[e.Nulls], Examples: viewExamples(e.Examples),
	}
	if e.Infer == nil {
		result := viewType(e.Result)
		v.Result = &result
	}
	return v
}

func viewExamples(all []library.Example) []LibraryExample {
	views := make([]LibraryExample, len(all))
	for i, x := range all {
		views[i].In = x.In
		if code, failed := strings.CutPrefix(x.Out, "!"); failed {
			views[i].Error = code
		} else {
			views[i].Out = x.Out
		}
	}
	return views
}

var formNames = [...]string{
	types.Expression: "expression", types.Expressions: "expressions", types.Group: "fields", types.Name: "name", types.Body: "body", types.Cases: "cases",
}

func viewParams(params []types.Param) []FieldSpec {
	views := make([]FieldSpec, len(params))
	for i := range params {
		views[i] = viewParam(&params[i])
	}
	return views
}

func viewParam(p *types.Param) FieldSpec {
	v := FieldSpec{
		Name: p.Name, Title: p.Title, Help: p.Help, Form: formNames[p.Form], Required: p.Required, NeedsValue: p.NeedsValue(), Literals: []string{},
		Literal: p.Literal, Options: p.Words, Max: p.Max, Key: p.Key, Label: p.Label, FieldOf: p.FieldOf, Inner: p.Inner, Given: p.Given,
		Branch: p.Branch, Otherwise: p.Otherwise,
	}
	if v.Title == "" {
		words := strings.ReplaceAll(p.Name, "_", " ")
		v.Title = strings.ToUpper(words[:1]) + words[1:]
	}
	switch p.Form {
	case types.Expression, types.Expressions, types.Cases:
		taken := viewTaken(p.Type)
		v.Type = &taken
		for _, k := range schema.Literals(p.Type) {
			if k == types.String || k == types.Number || k == types.Boolean {
				v.Literals = append(v.Literals, k.String())
			}
		}
	case types.Group:
		v.Fields = viewParams(p.Fields)
	case types.Name:
		v.ItemOf = &p.Of
	}
	if !v.NeedsValue && p.Form != types.Name && p.Form != types.Body {
		v.Literals = append(v.Literals, "null")
	}
	return v
}
