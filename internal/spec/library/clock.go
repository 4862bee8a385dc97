package library

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // machines without time zones have them too

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

const (
	second = int64(1e6) // microseconds
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// local is what a clock on a wall and a calendar show, without a zone.
type local struct {
	year, month, day     int
	hour, minute, second int
	micros               int
}

// sixOClock is the time of text without one.
const sixOClock = 6

// wall is the number of microseconds from 1970-01-01 00:00:00 to l, as if no zone ever shifted.
func (l local) wall() int64 {
	return daysTo(l.year, l.month, l.day)*day + int64(l.hour)*hour + int64(l.minute)*minute + int64(l.second)*second + int64(l.micros)
}

// fromWall is the opposite of wall.
func fromWall(wall int64) local {
	days, rest := floorDiv(wall, day)
	l := local{}
	l.year, l.month, l.day = value.DateOf(days)
	l.hour, rest = int(rest/hour), rest%hour
	l.minute, rest = int(rest/minute), rest%minute
	l.second, l.micros = int(rest/second), int(rest%second)
	return l
}

func (l local) date() string { return fmt.Sprintf("%04d-%02d-%02d", l.year, l.month, l.day) }

func floorDiv(a, b int64) (q, r int64) {
	q, r = a/b, a%b
	if r < 0 {
		q--
		r += b
	}
	return q, r
}

// daysTo counts the days from 1970-01-01, in the Gregorian calendar (after Howard Hinnant's days_from_civil).
func daysTo(year, month, dayOfMonth int) int64 {
	y := int64(year)
	if month <= 2 {
		y--
	}
	era, yearOfEra := floorDiv(y, 400)
	monthFromMarch := int64((month + 9) % 12)
	dayOfYear := (153*monthFromMarch+2)/5 + int64(dayOfMonth) - 1
	dayOfEra := yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear
	return era*146097 + dayOfEra - 719468
}

func daysIn(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31 - (month-1)%7%2
}

func (l local) valid() bool { return l.wrong() == "" }

// wrong says what there is not on any calendar or clock; "": nothing.
func (l local) wrong() string {
	switch {
	case l.year < 1 || l.year > 9999:
		return "years go from 1 to 9999"
	case l.month < 1 || l.month > 12:
		return fmt.Sprintf("there is no month %d", l.month)
	case l.day < 1 || l.day > daysIn(l.year, l.month):
		return fmt.Sprintf("%04d-%02d has %d days, and no day %d", l.year, l.month, daysIn(l.year, l.month), l.day)
	case l.hour > 23:
		return fmt.Sprintf("there is no hour %d; midnight is 00:00 of the day it begins", l.hour)
	case l.minute > 59:
		return fmt.Sprintf("there is no minute %d", l.minute)
	case l.second > 59:
		return fmt.Sprintf("there is no second %d", l.second)
	}
	return ""
}

// weekday counts from Monday, 0.
func (l local) weekday() int {
	_, w := floorDiv(daysTo(l.year, l.month, l.day)+3, 7) // 1970-01-01 was a Thursday
	return int(w)
}

// isoWeek is the week that holds the Thursday of l's week.
func (l local) isoWeek() (year, week int) {
	thursday := daysTo(l.year, l.month, l.day) + int64(3-l.weekday())
	year, _, _ = value.DateOf(thursday)
	return year, int(thursday-daysTo(year, 1, 1))/7 + 1
}

// addMonths keeps the time; a day that the month lacks becomes its last.
func (l local) addMonths(n int64) local {
	y, m := floorDiv(int64(l.year)*12+int64(l.month-1)+n, 12)
	l.year, l.month = int(y), int(m)+1
	l.day = min(l.day, daysIn(l.year, l.month))
	return l
}

// offsetAt is how far the zone is ahead of UTC at an instant, in microseconds.
func offsetAt(loc *time.Location, micros int64) int64 {
	seconds, _ := floorDiv(micros, second)
	_, offset := time.Unix(seconds, 0).In(loc).Zone()
	return int64(offset) * second
}

// localAt is what clocks in a zone show at an instant.
func localAt(micros int64, loc *time.Location) local {
	return fromWall(micros + offsetAt(loc, micros))
}

// change says what a clock change did to a local time.
type change uint8

const (
	noChange change = iota
	skipped         // no clock showed this time
	doubled         // clocks showed it twice
)

// instant is when clocks in a zone show l. One that a clock change skipped is read with the offset before the change;
// one that comes twice is the earlier. (Go's time.Date promises neither.)
func (l local) instant(loc *time.Location) (int64, change) {
	wall := l.wall()
	// Offsets are less than a day, so a change that matters lies between these two.
	before, after := offsetAt(loc, wall-day), offsetAt(loc, wall+day)
	if before == after {
		// No change; or two within two days, which no zone has kept to for a century: the offset at hand decides.
		if at := wall - before; offsetAt(loc, at) == before {
			return at, noChange
		}
		return wall - offsetAt(loc, wall-before), noChange
	}
	isBefore := offsetAt(loc, wall-before) == before
	isAfter := offsetAt(loc, wall-after) == after
	switch {
	case isBefore && isAfter:
		return min(wall-before, wall-after), doubled
	case isAfter:
		return wall - after, noChange
	case isBefore:
		return wall - before, noChange
	}
	return wall - before, skipped
}

// moment makes a datetime of a local time, with a remark where the clock changed.
func (l local) moment(f *run.Frame, loc *time.Location) (value.Value, *run.DataError) {
	micros, changed := l.instant(loc)
	switch changed {
	case skipped:
		f.Remark("clock_change", "a clock change skipped this time; it is read with the offset before it")
	case doubled:
		f.Remark("clock_change", "clocks showed this time twice; it is the earlier")
	}
	return datetime(micros)
}

// datetime is a value, if it is within years 1 to 9999.
func datetime(micros int64) (value.Value, *run.DataError) {
	if micros < value.MinMoment || micros > value.MaxMoment {
		return value.Null(), run.Fail("out_of_range", value.Null(), "the result is outside the years 1 to 9999", "Check the values that go in.")
	}
	return value.Moment(micros), nil
}

// zoneParam declares a zone.
func zoneParam() types.Param {
	return valid(opt("zone", types.Text, "An IANA name or +01:00; the tenant's zone if left out."), isZone)
}

func isZone(v value.Value) error {
	name := v.Text()
	if _, ok := readOffset(name); ok && name != "Z" {
		return nil
	}
	if name == "" || name == "Local" {
		return errors.New("this is no time zone; write an IANA name such as Europe/Amsterdam, or +01:00")
	}
	if _, err := time.LoadLocation(name); err != nil {
		return fmt.Errorf("%q is no time zone; write an IANA name such as Europe/Amsterdam, or +01:00", name)
	}
	return nil
}

// zoneOf finds a zone by the value of a zone argument: null is the tenant's.
func zoneOf(f *run.Frame, v value.Value, pointer string) (*time.Location, *run.DataError) {
	name := v.Text()
	if offset, ok := readOffset(name); ok && name != "Z" {
		return time.FixedZone(name, int(offset/second)), nil
	}
	if name == "" && !v.IsNull() {
		return nil, at(pointer, run.Fail("out_of_range", v, "the zone is blank", "Write an IANA name such as Europe/Amsterdam, or +01:00."))
	}
	loc, err := f.Location(name)
	if err != nil {
		return nil, at(pointer, run.Fail("out_of_range", v, err.Error(), "Write an IANA name such as Europe/Amsterdam, or +01:00."))
	}
	return loc, nil
}

// readOffset reads Z, UTC, +01:00, +0100 or +01, as microseconds ahead of UTC.
func readOffset(s string) (int64, bool) {
	if s == "Z" || s == "UTC" {
		return 0, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	digits := s[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	if len(digits) != 2 && len(digits) != 4 || !allDigits(digits) {
		return 0, false
	}
	hours, minutes := atoi(digits[:2]), 0
	if len(digits) == 4 {
		minutes = atoi(digits[2:])
	}
	if hours > 23 || minutes > 59 {
		return 0, false
	}
	offset := int64(hours)*hour + int64(minutes)*minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// atoi reads a few digits.
func atoi(digits string) int {
	n := 0
	for i := range len(digits) {
		n = n*10 + int(digits[i]-'0')
	}
	return n
}

// reading is a local time as it was read: with the offset that stood behind it, if one did.
type reading struct {
	offset    int64
	hasOffset bool
	dateOnly  bool
	whole     bool // nothing is left that was not understood
}

// readLocal reads YYYY-MM-DD, alone or with a time and an offset (4.1).
func readLocal(s string) (local, reading, bool) {
	var l local
	var r reading
	s = strings.TrimSpace(s)
	if len(s) < 10 || s[4] != '-' || s[7] != '-' || !allDigits(s[:4]) || !allDigits(s[5:7]) || !allDigits(s[8:10]) {
		return l, r, false
	}
	l.year, l.month, l.day = atoi(s[:4]), atoi(s[5:7]), atoi(s[8:10])
	rest := s[10:]
	if len(rest) >= 6 && (rest[0] == 'T' || rest[0] == ' ') && isTime(rest[1:]) {
		rest = l.readTime(rest[1:])
	} else {
		l.hour = sixOClock
		r.dateOnly = true
	}
	if rest = strings.TrimLeft(rest, " \t"); rest != "" {
		var ok bool
		if r.offset, ok = readOffset(rest); !ok {
			return l, r, false
		}
		r.hasOffset = true
	}
	r.whole = true
	return l, r, l.valid()
}

func isTime(s string) bool {
	return len(s) >= 5 && s[2] == ':' && allDigits(s[:2]) && allDigits(s[3:5])
}

// readTime reads HH:mm, :ss and a fraction, as far as they are there, and gives what follows.
func (l *local) readTime(s string) string {
	l.hour, l.minute = atoi(s[:2]), atoi(s[3:5])
	s = s[5:]
	if len(s) < 3 || s[0] != ':' || !allDigits(s[1:3]) {
		return s
	}
	l.second = atoi(s[1:3])
	s = s[3:]
	if len(s) < 2 || s[0] != '.' || s[1] < '0' || s[1] > '9' {
		return s
	}
	end := 1
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	l.micros = fraction(s[1:end])
	return s[end:]
}

// fraction reads digits behind a point as microseconds; finer ones are cut off.
func fraction(digits string) int {
	return atoi((digits + "000000")[:6])
}

// ReadDatetime reads a constant that is a datetime: given as text, as parse_datetime reads it.
func ReadDatetime(f *run.Frame, given value.Value) (value.Value, *run.DataError) {
	if given.Kind() == value.KindMoment {
		return given, nil
	}
	l, r, ok := readLocal(given.Text())
	if !ok {
		return value.Null(), unreadableDate(given, l, r, false)
	}
	if r.hasOffset {
		return datetime(l.wall() - r.offset)
	}
	loc, err := zoneOf(f, value.Null(), "")
	if err != nil {
		return value.Null(), err
	}
	return l.moment(f, loc)
}
