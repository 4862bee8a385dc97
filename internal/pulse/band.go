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
