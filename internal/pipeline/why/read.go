package why

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// reading is one question under way.
type reading struct {
	*Desk
	*held
	ctx    context.Context
	tenant int64

	ids     map[string]bool // external ids that the thing has and had
	changes map[string][]Change
	runs    map[record.Mark]*runs
	traced  map[int64]*ran
}

// readJournal sorts the story of the thing by field, the newest first.
func (r *reading) readJournal() error {
	r.ids, r.changes = map[string]bool{r.held.key.ExternalID: true}, map[string][]Change{}
	var entries []record.Entry
	err := r.Store.Snapshot(r.ctx, func(at record.Snapshot) error {
		journal, err := at.Journal([]record.Thing{r.thing})
		entries = journal[r.thing]
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(entries) {
		by, err := record.ReadMaker(e.MadeBy)
		if err != nil {
			return err
		}
		fields, err := record.ReadBefore(e.Noun, e.Before)
		if err != nil {
			return err
		}
		for _, was := range fields {
			name := was.Field
			if name == "entity_id" {
				name = entityField
				was.Value = r.entity(was.Value)
			}
			if name == keyField {
				r.ids[was.Value.Text()] = true
			}
			r.changes[name] = append(r.changes[name], Change{At: e.At, By: by, Before: was.Value, Identity: was.Identity})
		}
	}
	return nil
}

// entity shows the number of what an identity was linked to as people know it.
func (r *reading) entity(v value.Value) value.Value {
	n, _ := v.Decimal().Int64()
	kind := record.IdentityKindOf(r.noun())
	if n == 0 || kind == nil {
		return value.Null()
	}
	return value.Text(id.Format(kind.EntityPrefix, n))
}

// runs are those that wrote under one mark, the last one first.
type runs struct {
	delivery *pipeline.DeliveryLine
	item     value.Value
	all      []*ran
}

// ran is one execution with what it did to the thing.
type ran struct {
	*explain.Explained
	hits []*hit // in order of running
}

// under finds what wrote under a mark; nil: nothing that is kept.
func (r *reading) under(mark record.Mark) (*runs, error) {
	if found, ok := r.runs[mark]; ok {
		return found, nil
	}
	found := &runs{}
	r.runs[mark] = found
	number := mark.Number
	renumbered, err := r.Store.Renumbered(r.ctx, r.tenant, mark.Number)
	switch {
	case err == nil:
		number = renumbered.DeliveryID
	case !fault.Is(err, fault.NotFound):
		return nil, err
	}
	delivery, err := r.Store.Delivery(r.ctx, r.tenant, number)
	if fault.Is(err, fault.NotFound) {
		r.runs[mark] = nil
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found.delivery = &delivery
	if delivery.SourceID == 0 {
		found.item, err = r.item(r.ctx, &delivery.Delivery)
		return found, err
	}
	lines, err := r.executions(number)
	if err != nil {
		return nil, err
	}
	for _, e := range lines {
		if e.Number != mark.Number || int32(e.Position) != mark.Position || e.Status == run.Waiting || e.Status == run.Failed {
			continue
		}
		x, err := r.trace(e.ID)
		if err != nil {
			return nil, err
		}
		found.all = append(found.all, x)
	}
	return found, nil
}

// executions of a delivery, the last one that ran first.
func (r *reading) executions(delivery int64) ([]pipeline.ExecutionLine, error) {
	p, err := r.Store.ListExecutions(r.ctx, pipeline.ExecutionFilter{TenantID: r.tenant, DeliveryID: delivery}, page.Request{Size: page.MaxSize})
	slices.SortStableFunc(p.Items, func(a, b pipeline.ExecutionLine) int {
		return cmp.Or(cmp.Compare(b.RanAt, a.RanAt), cmp.Compare(b.ID, a.ID))
	})
	return p.Items, err
}

func (r *reading) trace(execution int64) (*ran, error) {
	if x := r.traced[execution]; x != nil {
		return x, nil
	}
	explained, err := explain.Trace(r.ctx, r.Store, r.Library, r.tenant, execution)
	if err != nil {
		return nil, err
	}
	x := &ran{Explained: explained}
	w := r.walker(explained)
	w.visit = func(at *visited) { x.hits = append(x.hits, r.hitsAt(at)...) }
	w.steps(explained.Tree.Steps)
	r.traced[execution] = x
	return x, nil
}

// key tells where the external id comes from: from the run that made the thing.
func (r *reading) key() (Field, error) {
	f := Field{Name: keyField, Value: value.Text(r.held.key.ExternalID), Before: r.changes[keyField]}
	f.setChanged()
	switch {
	case r.maker.Execution != 0:
		x, err := r.trace(r.maker.Execution)
		if err != nil {
			return f, err
		}
		delivery, err := r.Store.Delivery(r.ctx, r.tenant, x.Execution.DeliveryID)
		if err != nil {
			return f, err
		}
		f.From = r.write(&delivery.Delivery, x, x.last(keyField, wrote))
	case r.maker.Delivery != 0:
		delivery, err := r.Store.Delivery(r.ctx, r.tenant, r.maker.Delivery)
		if err != nil {
			return f, err
		}
		item, err := r.item(r.ctx, &delivery.Delivery)
		if err != nil {
			return f, err
		}
		f.From = r.called(&delivery.Delivery, item, keyField)
	}
	return f, nil
}

// setChanged takes the newest change as what brought the value.
func (f *Field) setChanged() {
	if len(f.Before) == 0 {
		return
	}
	f.Changed = &f.Before[0]
	if undo := f.Changed.By.Undo; undo != 0 {
		f.Note = fmt.Sprintf("Undo %s gave this value back; what set it before is shown.", id.Format(id.Undo, undo))
	}
}

// field tells where the value of one field comes from.
func (r *reading) field(hf heldField) (Field, error) {
	f := Field{Name: hf.name, Value: hf.value, Before: r.changes[hf.name]}
	f.setChanged()
	if hf.locker != 0 {
		f.Lock = &Lock{Delivery: hf.locker}
		if locked := r.changes[lockPrefix+hf.name]; len(locked) > 0 {
			f.Lock.At, f.Lock.By = locked[0].At, locked[0].By
		}
	}
	if !hf.marked {
		return f, nil
	}
	if hf.mark == (record.Mark{}) {
		if f.Changed == nil {
			f.Note = "Nobody has set it."
			if hf.name == "external_name" {
				f.Note = "Nobody has given a name: it is the external id."
			}
		}
		return f, nil
	}
	found, err := r.under(hf.mark)
	if err != nil {
		return f, err
	}
	switch {
	case found == nil:
		f.Note = strings.TrimSpace(f.Note + fmt.Sprintf(" It was set by delivery %s, which is not kept any more.", id.Format(id.Delivery, hf.mark.Number)))
	case found.delivery.SourceID == 0:
		f.From = r.called(&found.delivery.Delivery, found.item, hf.name)
	default:
		f.From = r.chosen(found, hf)
		if f.From == nil {
			f.Note = strings.TrimSpace(f.Note + fmt.Sprintf(" It was set by a run of delivery %s that is not kept any more.", id.Format(id.Delivery, hf.mark.Number)))
		}
	}
	return f, nil
}

// chosen picks, of the runs under one mark, the one that set the field: the last one whose step gave the value it holds;
// else the last one that set it; else the last one.
func (r *reading) chosen(found *runs, hf heldField) *Write {
	var x *ran
	var h *hit
	for _, one := range found.all {
		last := one.last(hf.name, wrote)
		if last != nil && last.gave(hf.value) {
			x, h = one, last
			break
		}
		if x == nil || h == nil && last != nil {
			x, h = one, last
		}
	}
	if x == nil {
		return nil
	}
	return r.write(&found.delivery.Delivery, x, h)
}

func (r *reading) write(d *pipeline.Delivery, x *ran, h *hit) *Write {
	w := &Write{Delivery: withoutBody(d), Execution: &x.Execution, Matches: x.Tree.DigestMatches, Note: x.Tree.Note}
	if h != nil {
		w.Step = h.shown()
		w.Sources = h.sources
	}
	return w
}

func withoutBody(d *pipeline.Delivery) pipeline.Delivery {
	without := *d
	without.Body = nil
	return without
}

// called is a write by a call of a fixed webhook.
func (r *reading) called(d *pipeline.Delivery, item value.Value, field string) *Write {
	w := &Write{Delivery: withoutBody(d), Matches: true}
	if path := r.sentAs(d.Door, field); path != nil {
		v := item
		for _, key := range path {
			v = v.Get(key)
		}
		w.Sources = []Source{{Kind: FromDelivery, Path: strings.Join(path, "."), Value: v}}
	}
	return w
}

// last is the last hit of a field in a run, nil for none.
func (x *ran) last(field string, how outcome) *hit {
	for _, h := range slices.Backward(x.hits) {
		if h.field == field && h.how == how {
			return h
		}
	}
	return nil
}

// heldBack looks for writes that left fields of t alone: among the newest deliveries that hold what the key was made of.
func (r *reading) heldBack(t *Thing) error {
	texts := r.keyTexts(t)
	if len(texts) == 0 {
		return nil
	}
	s, err := r.Store.Sightings(r.ctx, pipeline.SightingFilter{
		TenantID: r.tenant, ProviderID: r.held.key.ProviderID, Texts: texts, Calls: lookAt, Most: mostSeen, Bytes: mostBytes,
	})
	if err != nil {
		return err
	}
	t.Looked = Looked{Texts: texts, Calls: s.Calls, Since: s.Since, All: s.All}
	for i := range s.Deliveries {
		d := &s.Deliveries[i].Delivery
		if d.SourceID == 0 {
			continue
		}
		lines, err := r.executions(d.Number)
		if err != nil {
			return err
		}
		for _, e := range lines {
			if e.Status == run.Waiting || e.Status == run.Failed {
				continue
			}
			x, err := r.trace(e.ID)
			if err != nil {
				return err
			}
			for n := range t.Fields {
				t.Fields[n].Held = append(t.Fields[n].Held, x.heldBack(d, t.Fields[n].Name)...)
			}
		}
	}
	return nil
}

func (x *ran) heldBack(d *pipeline.Delivery, field string) (all []Attempt) {
	for _, h := range x.hits {
		if h.field != field || h.how == wrote {
			continue
		}
		a := Attempt{Delivery: withoutBody(d), Execution: &x.Execution, Step: h.step.ID, Why: string(h.how)}
		if h.given != nil && h.given.Value != nil {
			a.Value = h.given.Value.Value
		}
		all = append(all, a)
	}
	return all
}

// keyTexts are what the external id was made of in the delivery that made the thing: what other deliveries about it hold,
// too. Where the trace does not tell, it is the id itself.
func (r *reading) keyTexts(t *Thing) []string {
	f, err := r.key()
	if err != nil || f.From == nil {
		return nil
	}
	var texts []string
	for _, s := range f.From.Sources {
		text := s.Value.Text()
		if s.Value.Kind() == value.KindNumber {
			text = s.Value.Decimal().String()
		}
		if s.Kind == FromDelivery && text != "" && !slices.Contains(texts, text) {
			texts = append(texts, inJSON(text))
		}
	}
	if len(texts) == 0 {
		texts = []string{inJSON(t.Key.ExternalID)}
	}
	return texts[:min(len(texts), mostTexts)]
}

// mostTexts that are looked for together.
const mostTexts = 4

// inJSON is a text as a body holds it, without its quotes.
func inJSON(text string) string {
	quoted := value.Text(text).String()
	return quoted[1 : len(quoted)-1]
}
