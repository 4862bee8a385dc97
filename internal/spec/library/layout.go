package library

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// token is a part of a format (4.1): one of the tokens, or text as it is.
type token struct {
	name string // "" for text
	text string
}

// tokens by length, so that the longest that fits is taken.
var tokens = []string{"YYYY", "MMMM", "dddd", "GGGG", "MMM", "ddd", "SSS", "YY", "MM", "DD", "HH", "hh", "mm", "ss", "WW", "M", "D", "H", "h", "m", "s", "A", "Z"}

var (
	months   = []string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"}
	weekdays = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)

func layout(format string) []token {
	var list []token
	text := func(s string) {
		if n := len(list); n > 0 && list[n-1].name == "" {
			list[n-1].text += s
			return
		}
		list = append(list, token{text: s})
	}
next:
	for format != "" {
		if inside, rest, ok := strings.Cut(format[1:], "]"); format[0] == '[' && ok {
			text(inside)
			format = rest
			continue
		}
		for _, name := range tokens {
			if rest, ok := strings.CutPrefix(format, name); ok {
				list = append(list, token{name: name})
				format = rest
				continue next
			}
		}
		text(format[:1])
		format = format[1:]
	}
	return list
}

// readable says whether a format can be read with: it needs year, month and day, and to know mornings from evenings.
func readable(list []token) error {
	has := map[string]bool{}
	for _, t := range list {
		if t.name != "" {
			has[strings.ToLower(t.name[:1])+t.name[1:]] = true
		}
		switch t.name {
		case "GGGG", "WW":
			return fmt.Errorf("%s is for writing only; a format to read with has year, month and day", t.name)
		case "YYYY", "YY":
			has["year"] = true
		case "M", "MM", "MMM", "MMMM":
			has["month"] = true
		case "D", "DD":
			has["day"] = true
		case "h", "hh":
			has["12"] = true
		case "A":
			has["half"] = true
		}
	}
	switch {
	case !has["year"] || !has["month"] || !has["day"]:
		return errors.New("a format to read with has year, month and day: DD-MM-YYYY")
	case has["12"] && !has["half"]:
		return errors.New("h and hh count to 12 and need A (AM or PM); H and HH count to 24")
	}
	return nil
}

func isReadable(v value.Value) error { return readable(layout(v.Text())) }

// read reads text by a format.
func read(list []token, s string) (local, reading, bool) {
	var l local
	r := reading{dateOnly: true}
	half := ""
	for _, t := range list {
		var ok bool
		if s, ok = t.read(s, &l, &r, &half); !ok {
			return l, r, false
		}
	}
	switch half {
	case "AM":
		if l.hour < 1 || l.hour > 12 {
			return l, r, false
		}
		l.hour %= 12
	case "PM":
		if l.hour < 1 || l.hour > 12 {
			return l, r, false
		}
		l.hour = l.hour%12 + 12
	}
	if r.dateOnly {
		l.hour, l.minute, l.second, l.micros = sixOClock, 0, 0, 0
	}
	r.whole = s == ""
	return l, r, r.whole && l.valid()
}

// read reads one token at the start of s.
func (t token) read(s string, l *local, r *reading, half *string) (string, bool) {
	var ok bool
	switch t.name {
	case "":
		return strings.CutPrefix(s, t.text)
	case "YYYY":
		return digits(s, 4, 4, &l.year)
	case "YY":
		if s, ok = digits(s, 2, 2, &l.year); l.year < 70 {
			l.year += 100
		}
		l.year += 1900
		return s, ok
	case "MM":
		return digits(s, 2, 2, &l.month)
	case "M":
		return digits(s, 1, 2, &l.month)
	case "MMM":
		return name(s, months, 3, &l.month)
	case "MMMM":
		return name(s, months, 0, &l.month)
	case "DD":
		return digits(s, 2, 2, &l.day)
	case "D":
		return digits(s, 1, 2, &l.day)
	case "ddd":
		return name(s, weekdays, 3, new(int))
	case "dddd":
		return name(s, weekdays, 0, new(int))
	case "HH", "hh":
		r.dateOnly = false
		return digits(s, 2, 2, &l.hour)
	case "H", "h":
		r.dateOnly = false
		return digits(s, 1, 2, &l.hour)
	case "mm":
		return digits(s, 2, 2, &l.minute)
	case "m":
		return digits(s, 1, 2, &l.minute)
	case "ss":
		return digits(s, 2, 2, &l.second)
	case "s":
		return digits(s, 1, 2, &l.second)
	case "SSS":
		end := 0
		for end < len(s) && end < 9 && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		if end > 0 {
			l.micros = fraction(s[:end])
		}
		return s[end:], end > 0
	case "A":
		if len(s) < 2 {
			return s, false
		}
		*half = strings.ToUpper(s[:2])
		return s[2:], *half == "AM" || *half == "PM"
	}
	// Z: as long as it can be.
	for _, size := range []int{6, 5, 3, 1} {
		if len(s) >= size {
			if offset, ok := readOffset(s[:size]); ok {
				r.offset, r.hasOffset = offset, true
				return s[size:], true
			}
		}
	}
	return s, false
}

func digits(s string, least, most int, to *int) (string, bool) {
	end := 0
	for end < len(s) && end < most && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	if end < least {
		return s, false
	}
	*to = atoi(s[:end])
	return s[end:], true
}

// name reads a name or the first letters of one, whatever their case, as its number from 1.
func name(s string, names []string, letters int, to *int) (string, bool) {
	for i, n := range names {
		if letters > 0 {
			n = n[:letters]
		}
		if len(s) >= len(n) && strings.EqualFold(s[:len(n)], n) {
			*to = i + 1
			return s[len(n):], true
		}
	}
	return s, false
}

// write writes a local time by a format; offset is microseconds ahead of UTC.
func write(list []token, l local, offset int64) string {
	var b []byte
	for _, t := range list {
		b = t.append(b, l, offset)
	}
	return string(b)
}

func (t token) append(b []byte, l local, offset int64) []byte {
	hour12 := (l.hour+11)%12 + 1
	switch t.name {
	case "":
		return append(b, t.text...)
	case "YYYY":
		return padded(b, l.year, 4)
	case "YY":
		return padded(b, l.year%100, 2)
	case "MM":
		return padded(b, l.month, 2)
	case "M":
		return padded(b, l.month, 1)
	case "MMM":
		return append(b, months[l.month-1][:3]...)
	case "MMMM":
		return append(b, months[l.month-1]...)
	case "DD":
		return padded(b, l.day, 2)
	case "D":
		return padded(b, l.day, 1)
	case "ddd":
		return append(b, weekdays[l.weekday()][:3]...)
	case "dddd":
		return append(b, weekdays[l.weekday()]...)
	case "HH":
		return padded(b, l.hour, 2)
	case "H":
		return padded(b, l.hour, 1)
	case "hh":
		return padded(b, hour12, 2)
	case "h":
		return padded(b, hour12, 1)
	case "mm":
		return padded(b, l.minute, 2)
	case "m":
		return padded(b, l.minute, 1)
	case "ss":
		return padded(b, l.second, 2)
	case "s":
		return padded(b, l.second, 1)
	case "SSS":
		return padded(b, l.micros/1000, 3)
	case "A":
		if l.hour < 12 {
			return append(b, "AM"...)
		}
		return append(b, "PM"...)
	case "GGGG":
		year, _ := l.isoWeek()
		return padded(b, year, 4)
	case "WW":
		_, week := l.isoWeek()
		return padded(b, week, 2)
	}
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	b = padded(append(b, sign), int(offset/hour), 2)
	return padded(append(b, ':'), int(offset%hour/minute), 2)
}

func padded(b []byte, n, width int) []byte {
	text := strconv.Itoa(n)
	for i := len(text); i < width; i++ {
		b = append(b, '0')
	}
	return append(b, text...)
}
