package processor

import (
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Link runs a processor on what a source delivers.
type Link struct {
	SourceID    int64
	SourceName  string // for lists
	ProcessorID int64
	Position    int         // in the order of running, from 0
	Constants   value.Value // object: the values given on this link
	Target      Target
}

// Target is the processor a link goes to.
type Target struct {
	Processor Processor
	Current   *Version // nil: no spec was saved yet
	// Marks are those of the sources it is linked to, but for the source that is being changed.
	Marks types.Marks
}

// Origin is the source a link comes from.
type Origin struct {
	ID        int64
	Name      string
	Model     string
	Marks     types.Marks
	UpdatedAt int64
}

// Links per source and bounds of a link's constants.
const maxLinks = 50

// CheckLinks says what is wrong with links of a source, all at once, each by its place.
func CheckLinks(lib *library.Library, origin Origin, links []Link, targets map[int64]Target) error {
	wrong := fault.New(fault.Invalid, "The processors of source “%s” were not changed.", origin.Name)
	if len(links) > maxLinks {
		wrong.With(fault.Detail{Code: "too_many", Message: fmt.Sprintf("A source takes at most %d processors; %d were sent.", maxLinks, len(links))})
	}
	for i, l := range links {
		at := func(d fault.Detail) { d.Index = &i; wrong.With(d) }
		t, ok := targets[l.ProcessorID]
		switch {
		case !ok:
			at(fault.Detail{Field: "processor_id", Code: "not_found", Message: "There is no such processor."})
			continue
		case slices.ContainsFunc(links[:i], func(o Link) bool { return o.ProcessorID == l.ProcessorID }):
			at(fault.Detail{Field: "processor_id", Code: "twice", Message: "The processor “" + t.Processor.Name + "” is named twice."})
			continue
		case t.Processor.SourceModel != origin.Model:
			at(fault.Detail{Field: "processor_id", Code: "wrong_model", Message: fmt.Sprintf("The processor “%s” is for %s, the source “%s” delivers %s.", t.Processor.Name, t.Processor.SourceModel, origin.Name, origin.Model)})
			continue
		}
		spec, err := t.spec(lib)
		if err != nil {
			return err
		}
		for _, d := range append(CheckConstants(spec, l.Constants), unknownConstants(spec.Constants, t.Processor.Name, l.Constants)...) {
			at(d)
		}
		personal, err := t.personal(lib, origin.Marks)
		if err != nil {
			return err
		}
		for _, d := range personal {
			at(d)
		}
	}
	if len(wrong.Details) > 0 {
		return wrong
	}
	return nil
}

// Missing says what a link to t lacks, given the values of its constants: nothing is a complete link. Values of
// constants that are gone do not count.
func (t Target) Missing(lib *library.Library, given value.Value) ([]fault.Detail, error) {
	spec, err := t.spec(lib)
	if err != nil {
		return nil, err
	}
	return CheckConstants(spec, given), nil
}

// spec of the current version; an empty one where none was saved yet.
func (t Target) spec(lib *library.Library) (*tree.Spec, error) {
	if t.Current == nil {
		return &tree.Spec{}, nil
	}
	return t.Current.Spec(lib)
}

// CheckConstants says which constants of a spec lack a fitting value on a link.
func CheckConstants(spec *tree.Spec, given value.Value) []fault.Detail {
	var details []fault.Detail
	for _, c := range spec.Constants {
		v, has := member(given, c.Name)
		field := "constants." + c.Name
		if !has && c.Default == nil {
			details = append(details, fault.Detail{Field: field, Code: "missing_constant", Message: fmt.Sprintf("The constant “%s” (%s) has no default, so each link must give it a value.", c.Name, c.Type), Hint: "Give it a value on this link."})
		}
		if t, ok := check.ConstantType(c.Type); has && ok {
			if wrong := check.ConstantFits(t, v); wrong != "" {
				details = append(details, fault.Detail{Field: field, Code: "wrong_constant", Message: fmt.Sprintf("The value of the constant “%s” does not fit %s: %s.", c.Name, c.Type, wrong), Hint: "A constant is never null; leave it out to use its default."})
			}
		}
	}
	return details
}

func member(object value.Value, name string) (value.Value, bool) {
	for _, m := range object.Members() {
		if m.Key == name {
			return m.Value, true
		}
	}
	return value.Null(), false
}

func unknownConstants(declared []*tree.Constant, processor string, given value.Value) []fault.Detail {
	var details []fault.Detail
	for _, m := range given.Members() {
		if !slices.ContainsFunc(declared, func(c *tree.Constant) bool { return c.Name == m.Key }) {
			details = append(details, fault.Detail{Field: "constants." + m.Key, Code: "unknown_constant", Message: "The processor “" + processor + "” has no constant “" + m.Key + "”."})
		}
	}
	return details
}
