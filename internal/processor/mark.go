package processor

import (
	"context"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// SetMarks says where personal data is in what a source delivers, for sources whose records have no schema. Marks that a
// spec of a linked processor does not check with are refused, with its problems. Read says whether the source still is
// what the caller has seen.
func SetMarks(ctx context.Context, store Store, lib *library.Library, tenantID, sourceID int64, list []types.Mark, read func(updatedAt int64) error) (Origin, error) {
	return store.SetMarks(ctx, tenantID, sourceID, func(o Origin, linked []Target) (types.Marks, error) {
		if err := read(o.UpdatedAt); err != nil {
			return nil, err
		}
		refused := fault.New(fault.Invalid, "The marks of source “%s” were not changed.", o.Name)
		if model, known := lib.Model(o.Model); !known || model.Type.Kind != types.Any {
			return nil, refused.With(fault.Detail{Field: "marks", Code: "has_schema", Message: o.Model + " has a schema, which says itself what is personal data.", Hint: "Marks are for sources that deliver any JSON."})
		}
		if len(list) > types.MaxMarks {
			return nil, refused.With(fault.Detail{Field: "marks", Code: "too_many", Message: fmt.Sprintf("A source takes at most %d marks; %d were sent.", types.MaxMarks, len(list)), Hint: "Mark things further out, or use * and **."})
		}
		marks, wrong := types.ReadMarks(list)
		for _, e := range wrong {
			refused.With(fault.Detail{Field: "marks." + e.Field, Index: &e.Index, Code: e.Code, Message: e.Message + ".", Hint: e.Hint})
		}
		if len(refused.Details) > 0 {
			return nil, refused
		}
		for _, t := range linked {
			problems, err := t.personal(lib, marks)
			if err != nil {
				return nil, err
			}
			for _, d := range problems {
				refused.With(d)
			}
		}
		if len(refused.Details) > 0 {
			return nil, refused
		}
		return marks, nil
	})
}

// samplesForMarks is how many of the last deliveries of a source its marks are tried on.
const samplesForMarks = 200

// Unfound is a mark that leads to nothing in what a source has delivered.
type Unfound struct {
	Mark       types.Mark
	Deliveries int // that were looked at
}

// UnfoundMarks gives the marks of a source that lead to nothing in its last deliveries: perhaps their paths are mistyped,
// and what they were to hide is stored as it comes. Before the first delivery there are none.
func UnfoundMarks(ctx context.Context, store Store, lib *library.Library, tenantID int64, o Origin) ([]Unfound, error) {
	list := o.Marks.List()
	if len(list) == 0 {
		return nil, nil
	}
	looked := 0
	err := store.Samples(ctx, lib, tenantID, []int64{o.ID}, samplesForMarks, func(item value.Value) {
		looked++
		list = slices.DeleteFunc(list, func(m types.Mark) bool {
			alone, _ := types.ReadMarks([]types.Mark{m})
			return alone.Finds(item)
		})
	})
	if err != nil || looked == 0 {
		return nil, err
	}
	unfound := make([]Unfound, len(list))
	for i, m := range list {
		unfound[i] = Unfound{m, looked}
	}
	return unfound, nil
}

// personal tells where the saved spec of a processor would use personal data for what it may not be used for, if these
// marks were added to those of its other sources.
func (t Target) personal(lib *library.Library, added types.Marks) ([]fault.Detail, error) {
	if t.Current == nil || len(added) == 0 {
		return nil, nil
	}
	spec, err := t.Current.Spec(lib)
	if err != nil {
		return nil, err
	}
	var details []fault.Detail
	for _, p := range Problems(spec, lib, t.Processor.SourceModel, t.Marks.With(added)) {
		if p.Code == tree.PersonalData {
			d := Detail(p)
			d.Field, d.Message, d.Fix = "marks", fmt.Sprintf("the processor “%s”: %s", t.Processor.Name, p.Message), nil
			details = append(details, d)
		}
	}
	return details, nil
}
