package record

import (
	"slices"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// echoes are the last upserts on an overlay, for those beside it: of an upsert of the same fields into the same thing as
// it is there, at the same mark, the outcome is the same, so it is taken over and not worked out again.
type echoes struct {
	last [16]echo
	next int // of last, to be overwritten
}

// echo is one upsert. Either the rows or the identities are what it is about.
type echo struct {
	place                int
	wasRow, row          *Row
	wasIdentity, becomes *Identity
	tenant               int64
	mark                 Mark
	delivery             int64 // of the maker: what else its JSON names, nobody reads of a thing that is not there
	fields               []run.Field
	answer               run.Answer
}

// echo gives an upsert that had the same outcome as one by w of e would have; nil: there was none. What it is into has
// to be compared by the caller.
func (s *Stage) echo(place int, w *Writer, e *run.Effect, into func(*echo) bool) *echo {
	if s.echoes == nil || s.leads {
		return nil
	}
	for i := range s.echoes.last {
		one := &s.echoes.last[i]
		if one.place == place && into(one) && one.mark == w.Mark && one.tenant == w.TenantID && one.delivery == w.Maker.Delivery &&
			slices.EqualFunc(one.fields, e.Fields, identical) {
			return one
		}
	}
	return nil
}

// keep makes room for an echo of what has just been done; nil: nobody listens.
func (s *Stage) keep(place int, w *Writer, e *run.Effect, answer *run.Answer) *echo {
	if s.echoes == nil || !s.leads {
		return nil
	}
	one := &s.echoes.last[s.echoes.next]
	s.echoes.next = (s.echoes.next + 1) % len(s.echoes.last)
	*one = echo{
		place: place, tenant: w.TenantID, mark: w.Mark, delivery: w.Maker.Delivery,
		fields: append(one.fields[:0], e.Fields...), answer: *answer,
	}
	return one
}

// identical is more than equal: nothing can tell the two apart. A reference is to the very same state of a thing.
func identical(a, b run.Field) bool {
	if a.Name != b.Name || a.Value.Kind() != b.Value.Kind() {
		return false
	}
	switch a.Value.Kind() {
	case value.KindRef:
		return a.Value.Entity() == b.Value.Entity()
	case value.KindNumber:
		return a.Value.Rounded() == b.Value.Rounded() && a.Value.Decimal().String() == b.Value.Decimal().String()
	case value.KindList, value.KindObject:
		return false // rare
	default:
		return a.Value.Equal(b.Value)
	}
}
