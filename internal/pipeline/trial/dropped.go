package trial

import (
	"context"
	"maps"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// without are fields of a thing, by place, with what they would hold had the processor not run on the deliveries.
type without map[int]value.Value

// noteDropped keeps the fields of things that the live version alone sets, until a later delivery has them set by the
// version that is tried as well.
func (b *backtest) noteDropped(d *pipeline.Delivery, live, tried []write, alike bool) {
	if !alike && !setAlike(live, tried) {
		for i := range live {
			live[i].eachSet(d, func(key record.Key, fields []run.Field) {
				for _, f := range fields {
					if !slices.Contains(b.dropped[key], f.Name) {
						b.dropped[key] = append(b.dropped[key], f.Name)
					}
				}
			})
		}
	}
	if len(b.dropped) == 0 {
		return
	}
	for i := range tried {
		tried[i].eachSet(d, func(key record.Key, fields []run.Field) {
			left := b.dropped[key]
			if left == nil {
				return
			}
			left = slices.DeleteFunc(left, func(name string) bool {
				return slices.ContainsFunc(fields, func(f run.Field) bool { return f.Name == name })
			})
			if b.dropped[key] = left; len(left) == 0 {
				delete(b.dropped, key)
			}
		})
	}
}

// setAlike reports whether two runs set the same fields of the same things, whatever to.
func setAlike(a, b []write) bool {
	if !sameThings(a, b) {
		return false
	}
	for i := range a {
		if !slices.EqualFunc(a[i].fields, b[i].fields, func(x, y run.Field) bool {
			return x.Name == y.Name && (x.Value.Equal(y.Value) || len(x.Value.Members())+len(y.Value.Members()) == 0)
		}) {
			return false
		}
	}
	return true
}

// eachSet gives each thing that a write is about, and the fields that it is to set there.
func (w *write) eachSet(d *pipeline.Delivery, give func(record.Key, []run.Field)) {
	if w.about == ofLock {
		return
	}
	if w.about != ofContact {
		give(keyOf(d, w), flat(w.key.Noun, w.sets()))
	}
	for _, other := range w.others {
		give(record.Key{ProviderID: d.ProviderID, Noun: w.key.Noun, ExternalID: other.ExternalID}, flat(w.key.Noun, w.setsInOthers()))
	}
}

// undropped finds what the fields would hold that the live version alone sets: what they held before the first of the
// deliveries on which this processor set them, as far as nothing else has set them since.
func (b *backtest) undropped(ctx context.Context) (map[record.Key]without, error) {
	fields := map[record.Key][]int{} // places, of what was set last by one of the deliveries
	things := map[record.Key]record.Thing{}
	for key, names := range b.dropped {
		was := stateOf(b.tried.stage, key, true)
		if was == nil || was.id <= 0 || b.gone(key, was) {
			continue
		}
		for _, name := range names {
			place := slices.Index(was.names, name)
			if place >= 0 && b.over(was.marks(place).Number) {
				fields[key] = append(fields[key], place)
				things[key] = record.Thing{Noun: key.Noun, ID: was.id}
			}
		}
	}
	found, identities := map[record.Key]without{}, map[int64][]func(value.Value){}
	for keys := range slices.Chunk(slices.SortedFunc(maps.Keys(fields), record.Key.Compare), pieceDeliveries) {
		some := make([]record.Thing, len(keys))
		for i, key := range keys {
			some[i] = things[key]
		}
		var journal map[record.Thing][]record.Entry
		err := b.desk.Store.Snapshot(ctx, func(at record.Snapshot) (err error) {
			journal, err = at.Journal(some)
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, key := range keys {
			s := stateOf(b.tried.stage, key, true)
			past, err := b.pastOf(key, s, journal[things[key]])
			if err != nil {
				return nil, err
			}
			held := without{}
			for _, place := range fields[key] {
				was, set := past.before(s.names[place])
				if !set || was.Value.IsNull() && was.Identity == 0 && required(key, place) {
					continue
				}
				if said, is := b.saidBefore(key, s.names[place]); is && was.Mark.Number < b.out.First {
					was = record.Was{Value: said}
				}
				held[place] = was.Value
				if was.Identity != 0 {
					identities[was.Identity] = append(identities[was.Identity], func(v value.Value) { held[place] = v })
				}
			}
			if len(held) > 0 {
				found[key] = held
			}
		}
	}
	return found, b.resolve(ctx, identities)
}

// required reports whether a thing cannot be without the field: then something else has given it.
func required(key record.Key, place int) bool {
	return !key.IsIdentity() && record.KindOf(key.Noun).Fields[place].Required
}

// saidBefore takes what the version that is tried says of a field on an earlier delivery, which a later run of the live one
// holds back.
func (b *backtest) saidBefore(key record.Key, field string) (said value.Value, is bool) {
	b.held[key] = slices.DeleteFunc(b.held[key], func(h Field) bool {
		if h.Name != field || h.Why != Stale {
			return false
		}
		said, is = h.After, true
		return true
	})
	return said, is
}

// over reports whether the backtest is over the delivery.
func (b *backtest) over(delivery int64) bool {
	_, is := slices.BinarySearch(b.numbers, delivery)
	return is
}

// past is what happened to a thing, the latest last.
type past struct {
	key     record.Key
	changes []pastChange
	made    bool // on one of the deliveries, by the processor
}

type pastChange struct {
	ours  bool
	image []record.Was
}

func (b *backtest) pastOf(key record.Key, s *state, journal []record.Entry) (past, error) {
	ours := func(by record.Maker) bool {
		return by.Processor == b.tried.processor.ID && by.Undo == 0 && by.Rekey == 0 && b.over(by.Delivery)
	}
	p := past{key: key, made: ours(makerOf(s.madeBy))}
	for _, e := range journal {
		image, err := record.ReadBefore(key.Noun, e.Before)
		if err != nil {
			return p, err
		}
		p.changes = append(p.changes, pastChange{ours(makerOf(e.MadeBy)), image})
	}
	return p, nil
}

// before gives what a field held before runs on the deliveries set it last, one after the other; false: they have not.
func (p past) before(field string) (was record.Was, set bool) {
	for _, c := range slices.Backward(p.changes) {
		at := slices.IndexFunc(c.image, func(w record.Was) bool { return w.Field == field })
		if at < 0 {
			continue
		}
		if !c.ours {
			return was, set
		}
		was, set = c.image[at], true
	}
	if !p.made {
		return was, set
	}
	was = record.Was{Field: field}
	switch kind := record.KindOf(p.key.Noun); {
	case kind == nil && field == "external_name": // which is its id until it has one
		was.Value = value.Text(p.key.ExternalID)
	case kind != nil && kind.Fields[kind.Place(field)].Type == record.BoolField:
		was.Value = value.Bool(false)
	}
	return was, true
}

// resolve gives identities by their numbers, none for those that are no longer there.
func (b *backtest) resolve(ctx context.Context, wanted map[int64][]func(value.Value)) error {
	if len(wanted) == 0 {
		return nil
	}
	var keys map[int64]record.Key
	need, loaded := &record.Need{}, (*record.Loaded)(nil)
	err := b.desk.Store.Snapshot(ctx, func(at record.Snapshot) (err error) {
		if keys, err = at.Keys(slices.Sorted(maps.Keys(wanted))); err != nil {
			return err
		}
		need.Keys = slices.Collect(maps.Values(keys))
		need.Normalize()
		loaded, err = at.Load(need)
		return err
	})
	if err != nil {
		return err
	}
	b.tried.stage.LoadMore(need, loaded)
	for number, give := range wanted {
		v := value.Null()
		if key, there := keys[number]; there {
			if i := b.tried.stage.Identity(key); i != nil {
				v = value.Ref(i)
			}
		}
		for _, to := range give {
			to(v)
		}
	}
	return nil
}
