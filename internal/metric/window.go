package metric

import (
	"time"

	"github.com/dealwright/dealwright/internal/fault"
)

// Buckets a window is cut into.
const (
	Hour  = "hour"
	Day   = "day"
	Week  = "week" // begins on Monday
	Month = "month"
)

// MostBuckets of one window.
const MostBuckets = 800

// Window is a stretch of time cut into buckets: hours of the clock, or days, weeks and months of the tenant's zone, where
// a day may have 23 or 25 hours. Moments are microseconds.
type Window struct {
	Bucket string
	Zone   *time.Location
	Edges  []int64 // beginnings of the buckets, and the end of the last
	whole  int64   // where the first bucket would begin, were it whole; 0: it is
}

// NewWindow gives the whole buckets that hold what is from from to to.
func NewWindow(from, to time.Time, bucket string, zone *time.Location) (Window, error) {
	w := Window{Bucket: bucket, Zone: zone}
	if !to.After(from) {
		return w, fault.New(fault.Invalid, "There is no time between these two moments.").With(fault.Detail{Field: "to", Code: "before_from", Message: "The end must be after the beginning."})
	}
	at := w.floor(from.In(zone))
	for at.Before(to) {
		if len(w.Edges) == MostBuckets {
			return w, fault.New(fault.Invalid, "That is too much at once.").With(fault.Detail{Field: "bucket", Code: "too_many", Message: "This would give more than 800 values.", Hint: "Take larger steps, or a shorter time."})
		}
		w.Edges = append(w.Edges, at.UnixMicro())
		at = w.next(at)
	}
	w.Edges = append(w.Edges, at.UnixMicro())
	return w, nil
}

// LastDays gives a number of days of the zone of which the last holds what comes just before to. They are cut into buckets, of
// which the first and the last may not be whole: what is added up is of these days and of no other.
func LastDays(to time.Time, days int, bucket string, zone *time.Location) (Window, error) {
	y, m, d := to.Add(-time.Microsecond).In(zone).Date()
	from, end := time.Date(y, m, d-days+1, 0, 0, 0, 0, zone), time.Date(y, m, d+1, 0, 0, 0, 0, zone)
	w, err := NewWindow(from, end, bucket, zone)
	if err != nil {
		return w, err
	}
	w.whole = w.Start()
	w.Edges[0], w.Edges[w.Len()] = from.UnixMicro(), end.UnixMicro()
	return w, nil
}

// Whole is one bucket of whole days that holds the moments from from to to.
func Whole(from, to int64, zone *time.Location) Window {
	day := Window{Bucket: Day, Zone: zone}
	first, last := day.floor(time.UnixMicro(from).In(zone)), day.next(day.floor(time.UnixMicro(to).In(zone)))
	return Window{Bucket: Month, Zone: zone, Edges: []int64{first.UnixMicro(), last.UnixMicro()}}
}

func (w Window) floor(t time.Time) time.Time {
	y, m, d := t.Date()
	switch w.Bucket {
	case Hour: // of the clock, and the second of two that are alike when the clock goes back stays the second
		return t.Add(-time.Duration(t.Minute())*time.Minute - time.Duration(t.Second())*time.Second - time.Duration(t.Nanosecond()))
	case Week:
		return time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, w.Zone)
	case Month:
		return time.Date(y, m, 1, 0, 0, 0, 0, w.Zone)
	default:
		return time.Date(y, m, d, 0, 0, 0, 0, w.Zone)
	}
}

func (w Window) next(t time.Time) time.Time {
	y, m, d := t.Date()
	switch w.Bucket {
	case Hour:
		return t.Add(time.Hour)
	case Week:
		return time.Date(y, m, d+7, 0, 0, 0, 0, w.Zone)
	case Month:
		return time.Date(y, m+1, 1, 0, 0, 0, 0, w.Zone)
	default:
		return time.Date(y, m, d+1, 0, 0, 0, 0, w.Zone)
	}
}

// Start is where the first bucket begins.
func (w Window) Start() int64 { return w.Edges[0] }

// Base is where counting in whole buckets begins: at Start, or before it, where the first bucket is cut.
func (w Window) Base() int64 {
	if w.whole != 0 {
		return w.whole
	}
	return w.Start()
}

// End is where the last bucket ends.
func (w Window) End() int64 { return w.Edges[len(w.Edges)-1] }

// Len is how many buckets there are.
func (w Window) Len() int { return len(w.Edges) - 1 }

// Shift is an offset of the zone from UTC in microseconds, and the moment at which it ends.
type Shift struct{ Offset, Until int64 }

// Shifts are the offsets from the base to the end of the window, in order.
func (w Window) Shifts() []Shift {
	var all []Shift
	for at := time.UnixMicro(w.Base()).In(w.Zone); ; {
		_, seconds := at.Zone()
		_, until := at.ZoneBounds()
		if until.IsZero() || until.UnixMicro() >= w.End() {
			return append(all, Shift{int64(seconds) * int64(time.Second/time.Microsecond), w.End()})
		}
		all = append(all, Shift{int64(seconds) * int64(time.Second/time.Microsecond), until.UnixMicro()})
		at = until
	}
}
