package metric

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"
)

// Series is the values of one agent, of one team, or of all, by bucket. Numbers are exact; nil stands where there is none:
// a ratio whose lower part is zero.
type Series struct {
	ID     int64 // 0: of what is linked to nobody
	Name   string
	Points []*big.Rat
	Total  *big.Rat // of the whole window: not the sum of the points for contacts and ratios
}

// Values are those of a metric over a window.
type Values struct {
	All    Series
	By     []Series // the largest total first
	More   bool     // there are more than MostSeries
	Window Window
}

// Mixed is how many of the values that were added up are money, and how many are something else.
type Mixed struct{ Money, Other int64 }

// MixedIn says whether a metric, or a part of a ratio, adds money to what is none; nil: it does not.
func MixedIn(ctx context.Context, store Store, tenantID int64, d Definition, w Window) (*Mixed, error) {
	parts := []Definition{d}
	if d.Aggregate == Ratio {
		parts = nil
		for _, n := range []int64{d.Over, d.Under} {
			m, err := store.Metric(ctx, tenantID, n)
			if err != nil {
				return nil, err
			}
			parts = append(parts, m.Definition)
		}
	}
	for _, part := range parts {
		if !part.MayMix() {
			continue
		}
		mixed, err := store.MetricMixed(ctx, tenantID, part, w.Start(), w.End())
		if err != nil {
			return nil, err
		}
		if mixed.Money > 0 && mixed.Other > 0 {
			return &mixed, nil
		}
	}
	return nil, nil
}

// MostSeries are told at most.
const MostSeries = 500

// NewSeries is one of zeros.
func NewSeries(id int64, name string, n int) Series {
	s := Series{ID: id, Name: name, Points: make([]*big.Rat, n), Total: new(big.Rat)}
	for i := range s.Points {
		s.Points[i] = new(big.Rat)
	}
	return s
}

// Compute works a metric out.
func Compute(ctx context.Context, store Store, tenantID int64, d Definition, w Window, by By) (Values, error) {
	if d.Aggregate != Ratio {
		v, err := store.MetricValues(ctx, tenantID, d, w, by)
		v.Window = w
		return v.sorted(), err
	}
	var parts [2]Values
	for i, n := range []int64{d.Over, d.Under} {
		m, err := store.Metric(ctx, tenantID, n)
		if err == nil {
			parts[i], err = store.MetricValues(ctx, tenantID, m.Definition, w, by)
		}
		if err != nil {
			return Values{}, err
		}
	}
	v := Values{Window: w, All: divide(parts[0].All, parts[1].All, d)}
	under := map[int64]Series{}
	for _, s := range parts[1].By {
		under[s.ID] = s
	}
	for _, s := range parts[0].By {
		lower, ok := under[s.ID]
		if !ok {
			lower = NewSeries(s.ID, s.Name, w.Len())
		}
		delete(under, s.ID)
		v.By = append(v.By, divide(s, lower, d))
	}
	for _, lower := range under {
		v.By = append(v.By, divide(NewSeries(lower.ID, lower.Name, w.Len()), lower, d))
	}
	return v.sorted(), nil
}

// Divided gives a ratio's value, nil where the lower part is zero. A percentage is of a hundred.
func (d Definition) Divided(over, under *big.Rat) *big.Rat {
	if under.Sign() == 0 {
		return nil
	}
	q := new(big.Rat).Quo(over, under)
	if d.Format == "percentage" {
		q.Mul(q, big.NewRat(100, 1))
	}
	return q
}

func divide(over, under Series, d Definition) Series {
	s := Series{ID: over.ID, Name: over.Name, Points: make([]*big.Rat, len(over.Points)), Total: d.Divided(over.Total, under.Total)}
	for i := range s.Points {
		s.Points[i] = d.Divided(over.Points[i], under.Points[i])
	}
	return s
}

func (v Values) sorted() Values {
	slices.SortFunc(v.By, func(a, b Series) int {
		if (a.Total == nil) != (b.Total == nil) {
			if a.Total == nil {
				return 1
			}
			return -1
		}
		if a.Total != nil {
			if c := b.Total.Cmp(a.Total); c != 0 {
				return c
			}
		}
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	if v.More = len(v.By) > MostSeries; v.More {
		v.By = v.By[:MostSeries]
	}
	return v
}

// decimals of a quotient that has no end.
const decimals = 8

// Text writes a number with the digits it has, "" for none.
func Text(r *big.Rat) string {
	if r == nil {
		return ""
	}
	if r.IsInt() {
		return r.Num().String()
	}
	text := strings.TrimRight(r.FloatString(decimals), "0")
	return strings.TrimSuffix(text, ".")
}
