package api

import (
	"context"
	"encoding/hex"
	"strings"

	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

type specCheckInput struct {
	ID          string `path:"id"`
	ContentType string `header:"Content-Type"`
	Scope       string `query:"scope" doc:"JSON Pointer to an instruction, to the place after the last of a list, or to an expression: what can be used there is told." example:"/instructions/3"`
	Forms       bool   `query:"forms" default:"true" doc:"False: text and tree are left out, and so are the lines of a tree's problems. Enough while somebody edits the tree."`
	RawBody     []byte `contentType:"application/yaml" alsoTypes:"application/json"`
}

// checkedSpec is what is wrong with a spec, and what it is in its two forms.
type checkedSpec struct {
	Valid       bool          `json:"valid" doc:"It could be saved; warnings may remain."`
	Problems    []ProblemView `json:"problems" doc:"Lines are those of the YAML that was sent; where a tree was sent, those of text."`
	Whole       bool          `json:"whole" doc:"All that was sent could be read, so text and tree hold all of it. Else they are null: something would be lost."`
	Text        *string       `json:"text" doc:"As the formatter writes it, in YAML."`
	Tree        anything      `json:"tree" doc:"As it would be stored: formulas as trees, with ids, notes and comments."`
	Content     *string       `json:"content" doc:"Digest of the tree; null where whole is false."`
	Program     *string       `json:"program" doc:"Digest of what it does, as lists of versions show it."`
	Version     int           `json:"version" doc:"The current one; 0: none was saved yet."`
	SameContent bool          `json:"same_content" doc:"It is the current version: saving it makes none."`
	SameProgram bool          `json:"same_program" doc:"It does the same as the current version."`
	Scope       *SpecScope    `json:"scope" doc:"Null: it was not asked for, or the place is not there."`
}

// ProblemView is one thing wrong with a spec.
type ProblemView struct {
	Code          string     `json:"code"`
	Severity      string     `json:"severity" enum:"error,warning"`
	InstructionID string     `json:"instruction_id,omitempty"`
	Pointer       string     `json:"pointer" doc:"JSON Pointer into the tree, also into what a formula says."`
	Slot          string     `json:"slot,omitempty" doc:"The same from the instruction on: moment, energy_meta/gas_usage, condition/left."`
	Message       string     `json:"message" said:"ours"`
	Hint          string     `json:"hint,omitempty" said:"ours"`
	Line          int        `json:"line,omitempty"`
	Column        int        `json:"column,omitempty"`
	Fix           *FixView   `json:"fix,omitempty"`
	Others        []*FixView `json:"others,omitempty" doc:"Fixes of which one may be meant instead, the likeliest first."`
}

// FixView is a change that mends a problem, to be made as a whole.
type FixView struct {
	Title  string          `json:"title" said:"ours"`
	Edits  []FixEdit       `json:"edits" doc:"Changes of the tree, one after the other. None: the text is no tree yet."`
	Source []tree.TextEdit `json:"source,omitempty" doc:"The same as changes of the text, beside each other."`
}

// FixEdit changes one place of the tree, as a JSON Patch does.
type FixEdit struct {
	Op    string   `json:"op" enum:"replace,add,remove,move"`
	From  string   `json:"from,omitempty"`
	Path  string   `json:"path"`
	Value anything `json:"value,omitempty" doc:"Of an expression: a tree, a plain literal, or a formula as text from its = on."`
}

// SpecScope is what can be used at a place of a spec.
type SpecScope struct {
	Pointer string      `json:"pointer"`
	Names   []ScopeName `json:"names" doc:"In the order they are bound."`
	Known   []string    `json:"known" doc:"Paths that are known not to be null here: a condition around it, or before it, says so."`
	Slots   []SlotView  `json:"slots" doc:"Of an instruction: its expressions, outer before inner, with what belongs there and what stands there."`
}

// ScopeName is a name that can be used.
type ScopeName struct {
	Name        string   `json:"name" doc:"Of an enrichment: its whole path."`
	Type        TypeView `json:"type"`
	Origin      string   `json:"origin" enum:"source_model,enrichment,constant,result,item,index"`
	Pointer     string   `json:"pointer" doc:"Of what binds it; \"\" for the source model."`
	Instruction string   `json:"instruction_id,omitempty" doc:"Of the instruction that binds it, or within which it is bound."`
	Data        *string  `json:"data" doc:"Where it is in what was delivered, as the paths of the processor's shape: \"\" is the delivery itself, lines[] an item. Null: it is not from there, or not known."`
}

// SlotView is a place for an expression.
type SlotView struct {
	Pointer string    `json:"pointer"`
	Takes   TypeView  `json:"takes"`
	Has     *TypeView `json:"has" doc:"Null: it could not be found out."`
}

func (s *Server) checkSpec(ctx context.Context, in *specCheckInput) (checkedSpec, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return checkedSpec{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return checkedSpec{}, err
	}
	draft := processor.Draft{Text: in.RawBody, Media: in.ContentType}
	l, err := processor.Look(ctx, s.remembering(), s.Library, p, draft, in.Scope)
	if err != nil {
		return checkedSpec{}, err
	}
	wasTree, err := draft.IsTree()
	return s.viewLooked(p, &l, in, wasTree), err
}

func (s *Server) viewLooked(p processor.Processor, l *processor.Looked, in *specCheckInput, wasTree bool) checkedSpec {
	v := checkedSpec{Valid: !tree.HasErrors(l.Problems), Whole: l.Whole, Version: p.Version, Tree: anything("null")}
	if l.Whole {
		if in.Forms {
			written := string(text.FormatYAML(l.Spec, s.Library))
			v.Text, v.Tree = &written, l.Spec.AppendJSON(nil)
		}
		content, program := l.Spec.ContentHash(), l.Spec.ProgramHash()
		v.Content, v.Program = new(string), new(string)
		*v.Content, *v.Program = hex.EncodeToString(content[:8]), shortHash(program[:])
		if l.Current != nil {
			v.SameContent = l.Before != nil && tree.Equal(l.Before, l.Spec)
			v.SameProgram = string(l.Current.ProgramHash) == string(program[:])
		}
	}
	if wasTree && len(l.Problems) > 0 {
		placed(l.Problems, v.Text, s.Library)
	}
	v.Problems = viewProblems(l.Problems, l.Spec)
	if in.Scope != "" && l.Spec != nil && l.At.Names != nil {
		v.Scope = viewScope(l, in.Scope)
	}
	return v
}

// placed gives problems of a tree their places in the text that it is written as; without one they have none.
func placed(problems []tree.Problem, written *string, g tree.Grammar) {
	for i := range problems {
		problems[i].Line, problems[i].Column = 0, 0
		if fix := problems[i].Fix; fix != nil {
			fix.Source = nil
		}
		for _, other := range problems[i].Others {
			other.Source = nil
		}
	}
	if written == nil {
		return
	}
	_, _, places := text.ReadYAML([]byte(*written), g)
	places.Place(problems)
	tree.SortByPlace(problems)
}

func viewProblems(problems []tree.Problem, spec *tree.Spec) []ProblemView {
	places := map[string]string{} // of instructions by id
	if spec != nil {
		spec.Walk(func(pointer string, i *tree.Instruction) bool {
			places[i.ID] = pointer
			return true
		})
	}
	views := make([]ProblemView, len(problems))
	for i := range problems {
		p := &problems[i]
		views[i] = ProblemView{
			Code: p.Code, Severity: string(p.Severity), InstructionID: p.InstructionID, Pointer: p.Pointer, Message: p.Message, Hint: p.Hint,
			Line: p.Line, Column: p.Column,
		}
		if at, ok := places[p.InstructionID]; ok {
			if slot, within := strings.CutPrefix(p.Pointer, at+"/"); within {
				views[i].Slot = slot
			}
		}
		if p.Fix != nil {
			views[i].Fix = viewFix(p.Fix)
		}
		for _, other := range p.Others {
			views[i].Others = append(views[i].Others, viewFix(other))
		}
	}
	return views
}

func viewFix(f *tree.Fix) *FixView {
	v := &FixView{Title: f.Title, Edits: make([]FixEdit, len(f.Edits)), Source: f.Source}
	for i, e := range f.Edits {
		v.Edits[i] = FixEdit{Op: e.Op, From: e.From, Path: e.Pointer}
		if e.Value != nil {
			v.Edits[i].Value = e.Value.AppendJSON(nil)
		}
	}
	return v
}

func viewScope(l *processor.Looked, pointer string) *SpecScope {
	v := &SpecScope{Pointer: pointer, Names: []ScopeName{}, Known: append([]string{}, l.At.Known...), Slots: []SlotView{}}
	for i, n := range l.At.Names {
		one := ScopeName{Name: n.Name, Type: viewType(n.Type), Origin: originOf(n), Pointer: n.Pointer}
		if n.Delivered {
			one.Data = &l.At.Names[i].Data
		}
		if found := l.Spec.FindInstruction(n.Pointer); found != nil {
			one.Instruction = found.ID
		}
		v.Names = append(v.Names, one)
		if n.Pointer == "" {
			for _, e := range l.At.Enrichments {
				v.Names = append(v.Names, ScopeName{Name: e.Name, Type: viewType(e.Type), Origin: "enrichment", Pointer: e.Pointer})
			}
		}
	}
	for _, slot := range l.Checked.Slots(pointer) {
		one := SlotView{Pointer: slot.Pointer, Takes: viewTaken(slot.Takes)}
		if slot.Has.Kind != 0 {
			has := viewType(slot.Has)
			one.Has = &has
		}
		v.Slots = append(v.Slots, one)
	}
	return v
}

// originOf says what binds a name, by the pointer to it.
func originOf(n check.Visible) string {
	switch {
	case n.Pointer == "":
		return "source_model"
	case strings.HasPrefix(n.Pointer, "/constants/"):
		return "constant"
	case strings.HasSuffix(n.Pointer, "/return_as"):
		return "result"
	case strings.HasSuffix(n.Pointer, "/index_var"):
		return "index"
	}
	return "item"
}
