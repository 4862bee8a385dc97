package pulse

import "time"

// Weeks of the past that make the usual band, and how many it takes.
const (
	Weeks      = 8
	LeastWeeks = 3
)

// Band is what is usual: the least and the most of this hour of the week in the weeks before.
type Band struct{ Low, High int64 }

// Usual gives the band of an hour from the hours of the weeks before, by the clock of the zone. Before first there is no
// history, and an hour in which nothing came counts as zero. False: there are too few weeks.
func Usual(history map[int64]int64, hour time.Time, first int64) (Band, bool) {
	b, weeks := Band{Low: -1}, 0
	for i := 1; i <= Weeks; i++ {
		at := hour.AddDate(0, 0, -7*i) // the same hour on the clock
		if at.UnixMicro() < first {
			break
		}
		n := history[at.UnixMicro()]
		if weeks++; b.Low < 0 || n < b.Low {
			b.Low = n
		}
		b.High = max(b.High, n)
	}
	return b, weeks >= LeastWeeks
}

// Recent gives the band of the sixty minutes up to a moment: that of the hours of the clock that they lie in, taken together, so
// that an hour in which now and then nothing comes, or more, makes neither silence nor a burst of what follows or went before.
func Recent(history map[int64]int64, now time.Time, first int64) (Band, bool) {
	from := now.Add(-time.Hour).Truncate(time.Hour)
	b, ok := Usual(history, from, first)
	if next := from.Add(time.Hour); ok && next.Before(now) {
		var c Band
		c, ok = Usual(history, next, first)
		b = Band{min(b.Low, c.Low), max(b.High, c.High)}
	}
	return b, ok
}

// States of a source.
const (
	AsUsual = "usual"
	Silent  = "silent"
	Burst   = "burst"
	Unknown = "unknown"
)

// State is what came in the past sixty minutes against what is usual. before is what came in the five minutes before those:
// what comes each hour, give or take some minutes, is not silent.
func (b Band) State(lastHour, before int64) string {
	switch {
	case b.Low > 0 && lastHour+before == 0:
		return Silent
	case lastHour > 2*max(b.High, 1):
		return Burst
	}
	return AsUsual
}
