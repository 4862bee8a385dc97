package library

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Every local time is the one its instant shows, unless a clock change skipped it; and no earlier instant shows it.
func TestLocalTimes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"}).Draw(t, "zone")
		loc, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		wall := rapid.Int64Range(0, 80*366*24*4).Draw(t, "quarter of an hour") * 15 * minute
		l := fromWall(wall)
		if l.wall() != wall {
			t.Fatalf("%+v is %d, not %d", l, l.wall(), wall)
		}
		at, changed := l.instant(loc)
		shows := localAt(at, loc) == l
		if shows == (changed == skipped) {
			t.Fatalf("%s %+v: change %d, and the clock shows %+v", name, l, changed, localAt(at, loc))
		}
		earlier, later := false, false
		for shift := 15 * minute; shift <= 3*hour; shift += 15 * minute {
			earlier = earlier || localAt(at-shift, loc) == l
			later = later || localAt(at+shift, loc) == l
		}
		if earlier || later != (changed == doubled) {
			t.Fatalf("%s %+v: change %d, earlier %v, later %v", name, l, changed, earlier, later)
		}
	})
}

func TestWeeks(t *testing.T) {
	t.Parallel()
	for days := int64(-20000); days < 40000; days += 3 {
		l := fromWall(days * day)
		want := time.Unix(days*86400, 0).UTC()
		year, week := l.isoWeek()
		wantYear, wantWeek := want.ISOWeek()
		if year != wantYear || week != wantWeek || (l.weekday()+1)%7 != int(want.Weekday()) {
			t.Fatalf("%s is %d-W%d, weekday %d", want, year, week, l.weekday())
		}
	}
}

func TestStartOfSkippedMidnight(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2018, 11, 4, 12, 0, 0, 0, loc) // clocks went from 00:00 to 01:00
	want := time.Date(2018, 11, 4, 3, 0, 0, 0, time.UTC)
	if got := startOfUnit(noon.UnixMicro(), "day", loc); got != want.UnixMicro() {
		t.Errorf("the day begins at %s, want %s", time.UnixMicro(got).UTC(), want)
	}
}
