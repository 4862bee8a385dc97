package processor

import (
	"bytes"
	"context"
	"fmt"
	"mime"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/tenant"
)

// Draft is a spec as somebody sends it.
type Draft struct {
	Text  []byte
	Media string // Content-Type; "": found out from the text
	Note  string // of the version
	// Onto says whether the draft may follow the version there is (0: none yet); nil: any.
	Onto func(version int) error
}

// Saved is what became of a draft.
type Saved struct {
	Version  Version
	New      bool // false: nothing changed, so it is the version before
	Warnings []tree.Problem
}

// Save checks a draft and makes it the current version of a processor; a draft that changes nothing makes none. All
// problems of a draft come at once, as details of a fault.Invalid.
func Save(ctx context.Context, store Store, lib *library.Library, tenantID, id int64, d Draft, author string) (Saved, error) {
	for range saveTries {
		p, err := store.Processor(ctx, tenantID, id)
		if err != nil {
			return Saved{}, err
		}
		if d.Onto != nil {
			if err := d.Onto(p.Version); err != nil {
				return Saved{}, err
			}
		}
		current, before, err := currentSpec(ctx, store, lib, p)
		if err != nil {
			return Saved{}, err
		}
		around, err := sampled(ctx, store, lib, p)
		if err != nil {
			return Saved{}, err
		}
		spec, next, warnings, err := read(around, p, before, d)
		if err != nil {
			return Saved{}, err
		}
		if p.On && len(spec.Instructions) == 0 {
			return Saved{}, emptySpec("The spec was not saved: the processor is enabled, and this one is empty.", "Disable the processor first, or give the spec an instruction.")
		}
		if before != nil && tree.Equal(before, spec) {
			return Saved{Version: *current, Warnings: warnings}, nil
		}
		content, program := spec.ContentHash(), spec.ProgramHash()
		v, ok, err := store.AddVersion(ctx, tenantID, id, p.Version, around.marks, Version{
			ProcessorID: id, Number: p.Version + 1, Tree: spec.AppendJSON(nil), ContentHash: content[:], ProgramHash: program[:], Note: d.Note, CreatedBy: author,
		}, next)
		if err != nil || ok {
			return Saved{Version: v, New: true, Warnings: warnings}, err
		}
	}
	return Saved{}, fault.New(fault.Conflict, "Others keep saving this spec at the same moment. Look at their versions, then try again.")
}

// saveTries is how often somebody else may be first.
const saveTries = 5

// currentSpec gives the current version and its spec, nil where none was saved yet.
func currentSpec(ctx context.Context, store Store, lib *library.Library, p Processor) (*Version, *tree.Spec, error) {
	if p.Version == 0 {
		return nil, nil, nil
	}
	v, err := store.SpecVersion(ctx, p.TenantID, p.ID, p.Version)
	if err != nil {
		return nil, nil, err
	}
	spec, err := v.Spec(lib)
	return &v, spec, err
}

// Spec reads the stored tree. It was read before it was stored, so a failure is not the user's; what no longer checks
// is found by Problems.
func (v *Version) Spec(lib *library.Library) (*tree.Spec, error) {
	spec, problems, _ := v.read(lib)
	if spec == nil {
		return nil, fmt.Errorf("version %d of processor %d cannot be read: %v", v.Number, v.ProcessorID, problems)
	}
	return spec, nil
}

func (v *Version) read(lib *library.Library) (*tree.Spec, []tree.Problem, *text.Positions) {
	return text.ReadJSON(v.Tree, lib)
}

// read reads and checks a draft for a processor, gives its instructions their ids, and the number for the next id.
func read(around surroundings, p Processor, before *tree.Spec, d Draft) (*tree.Spec, int, []tree.Problem, error) {
	reader, err := readerFor(d)
	if err != nil {
		return nil, 0, nil, err
	}
	spec, problems, places := reader(d.Text, around.lib)
	next := p.NextStep
	if spec != nil {
		next = spec.AssignIDs(before, p.NextStep)
		problems = append(problems, around.problems(spec, places)...)
		spec.NameProblems(problems)
		tree.SortByPlace(problems)
	}
	if tree.HasErrors(problems) {
		return nil, 0, nil, Refused("The spec was not saved.", problems)
	}
	return spec, next, problems, nil
}

// CheckDraft gives all that is wrong with a draft for a processor, without saving it. Instructions without an id are
// named by the one that a save would give them.
func CheckDraft(ctx context.Context, store Store, lib *library.Library, p Processor, d Draft) ([]tree.Problem, error) {
	_, problems, err := ReadDraft(ctx, store, lib, p, d)
	return problems, err
}

// ReadDraft is CheckDraft that also gives the spec, as far as there is one (nil: it could not be read at all).
func ReadDraft(ctx context.Context, store Store, lib *library.Library, p Processor, d Draft) (*tree.Spec, []tree.Problem, error) {
	l, err := Look(ctx, store, lib, p, d, "")
	return l.Spec, l.Problems, err
}

// Looked is what there is to know about a draft.
type Looked struct {
	Spec     *tree.Spec // nil: it could not be read at all
	Problems []tree.Problem
	// Whole: the spec holds all that was sent. Where something could not be read, it does not.
	Whole bool
	// Current version, and its spec; nil: none was saved yet.
	Current *Version
	Before  *tree.Spec
	// Checked is the spec with its types, and At what can be used at the place that was asked for.
	Checked check.Checked
	At      check.At
}

// Look is ReadDraft that also tells what can be used at a place of the spec, given by its pointer.
func Look(ctx context.Context, store Store, lib *library.Library, p Processor, d Draft, pointer string) (l Looked, err error) {
	reader, err := readerFor(d)
	if err != nil {
		return l, err
	}
	if l.Current, l.Before, err = currentSpec(ctx, store, lib, p); err != nil {
		return l, err
	}
	around, err := sampled(ctx, store, lib, p)
	if err != nil {
		return l, err
	}
	spec, problems, places := reader(d.Text, lib)
	l.Spec, l.Whole = spec, spec != nil && !tree.HasErrors(problems)
	if spec != nil {
		spec.AssignIDs(l.Before, p.NextStep)
		var found []tree.Problem
		l.Checked, l.At, found = check.SeenAt(spec, lib, around.source(), around.seen, pointer)
		found = append(found, SwitchedOff(spec, around.tenant.Has)...)
		places.Place(found)
		problems = append(problems, found...)
		spec.NameProblems(problems)
		tree.SortByPlace(problems)
	}
	l.Problems = problems
	return l, nil
}

// surroundings are what the spec of a processor is checked with.
type surroundings struct {
	lib    *library.Library
	tenant tenant.Tenant
	model  string
	marks  types.Marks  // of the sources linked to it
	seen   *shape.Shape // what those delivered lately; nil where only errors count
}

func surroundingsOf(ctx context.Context, store Store, lib *library.Library, tenantID, id int64, model string) (s surroundings, err error) {
	s = surroundings{lib: lib, model: model}
	if s.tenant, err = store.Tenant(ctx, tenantID); err != nil {
		return s, err
	}
	s.marks, err = store.Marks(ctx, tenantID, id)
	return s, err
}

// sampled are the surroundings for somebody who writes a spec: with samples.
func sampled(ctx context.Context, store Store, lib *library.Library, p Processor) (surroundings, error) {
	s, err := surroundingsOf(ctx, store, lib, p.TenantID, p.ID, p.SourceModel)
	if err == nil {
		s.seen, err = Shape(ctx, store, lib, p, samples)
	}
	return s, err
}

// source is the source model as the checker sees it: with a model that does not exist the first there is, which tells
// that.
func (s surroundings) source() library.Model {
	m, known := s.lib.Model(s.model)
	if !known {
		m = s.lib.Models()[0]
	}
	return m.Marked(s.marks)
}

// problems of a spec, with their places.
func (s surroundings) problems(spec *tree.Spec, places *text.Positions) []tree.Problem {
	problems := append(check.Seen(spec, s.lib, s.source(), s.seen), SwitchedOff(spec, s.tenant.Has)...)
	places.Place(problems)
	return problems
}

// Problems gives what is wrong with a spec that has been read, for processors of a source model and with the marks of
// their sources.
func Problems(spec *tree.Spec, lib *library.Library, model string, marks types.Marks) []tree.Problem {
	return check.Seen(spec, lib, surroundings{lib: lib, model: model, marks: marks}.source(), nil)
}

type reader func([]byte, tree.Grammar) (*tree.Spec, []tree.Problem, *text.Positions)

func readerFor(d Draft) (reader, error) {
	isTree, err := d.IsTree()
	if isTree {
		return text.ReadJSON, err
	}
	return text.ReadYAML, err
}

// IsTree says whether a draft is sent as JSON; else it is YAML.
func (d Draft) IsTree() (bool, error) {
	media := d.Media
	if media != "" {
		var err error
		if media, _, err = mime.ParseMediaType(d.Media); err != nil {
			media = d.Media
		}
	}
	switch media {
	case "application/json":
		return true, nil
	case "application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml":
		return false, nil
	case "":
		return bytes.HasPrefix(bytes.TrimSpace(d.Text), []byte("{")), nil
	}
	return false, fault.New(fault.Media, "The Content-Type %q is not taken here. Send application/yaml or application/json.", d.Media)
}

// Refused is the fault for a spec with problems, all of them its details.
func Refused(message string, problems []tree.Problem) *fault.Error {
	e := fault.New(fault.Invalid, "%s", message)
	for _, p := range problems {
		e.With(Detail(p))
	}
	return e
}

// Detail is a problem as answers show it.
func Detail(p tree.Problem) fault.Detail {
	d := fault.Detail{
		Code: p.Code, Severity: string(p.Severity), InstructionID: p.InstructionID, Pointer: p.Pointer,
		Message: p.Message, Hint: p.Hint, Line: p.Line, Column: p.Column,
	}
	if p.Fix != nil {
		d.Fix = p.Fix
	}
	return d
}

// Enable makes a processor run, if it has a spec that checks.
func Enable(ctx context.Context, store Store, lib *library.Library, tenantID, id int64) (Processor, error) {
	empty := emptySpec("The processor was not enabled: its spec is empty.", "Save a spec with PUT /v1/processors/{id}/spec first.")
	s, err := surroundingsOf(ctx, store, lib, tenantID, id, "")
	if err != nil {
		return Processor{}, err
	}
	return store.ChangeProcessor(ctx, tenantID, id, func(p Processor, current *Version) (Processor, error) {
		if current == nil {
			return p, empty
		}
		spec, problems, places := current.read(lib)
		if spec != nil && len(spec.Instructions) == 0 {
			return p, empty
		}
		if spec != nil {
			s.model = p.SourceModel
			problems = append(problems, s.problems(spec, places)...)
		}
		if tree.HasErrors(problems) {
			return p, Refused("The processor was not enabled: its spec does not check.", problems)
		}
		p.On, p.Broken = true, false
		return p, nil
	})
}

// emptySpec is the answer to what would make an empty spec run.
func emptySpec(message, hint string) error {
	return fault.New(fault.Invalid, "%s", message).With(fault.Detail{Field: "spec", Code: "empty_spec", Message: "The spec has no instructions.", Hint: hint})
}

// Disable makes a processor stop running; what is linked stays linked.
func Disable(ctx context.Context, store Store, tenantID, id int64) (Processor, error) {
	return store.ChangeProcessor(ctx, tenantID, id, func(p Processor, _ *Version) (Processor, error) {
		p.On = false
		return p, nil
	})
}

// Restore makes an old version the current one again, as a new version.
func Restore(ctx context.Context, store Store, lib *library.Library, tenantID, id int64, number int, author string) (Saved, error) {
	v, err := store.SpecVersion(ctx, tenantID, id, number)
	if err != nil {
		return Saved{}, err
	}
	return Save(ctx, store, lib, tenantID, id, Draft{Text: v.Tree, Media: "application/json", Note: fmt.Sprintf("Version %d again", number)}, author)
}

// Recheck checks every saved spec as the language and the settings are now, and marks those that no longer check as
// broken, or no longer: a newer release may know less, or more. It gives the processors whose mark has changed.
func Recheck(ctx context.Context, store Store, lib *library.Library) ([]Processor, error) {
	return store.MarkBroken(ctx, 0, func(t tenant.Tenant, target Target) bool { return brokenIn(lib, t, target) })
}
