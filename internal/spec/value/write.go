package value

import (
	"math"
	"strconv"
)

// AppendJSON adds the canonical JSON of v: numbers as canonical text, moments as RFC 3339 in UTC with the microseconds
// they have, references as their noun and external_id, personal values as their pseudonym.
func (v Value) AppendJSON(b []byte) []byte {
	b, _ = v.AppendLimited(b, math.MaxInt, math.MaxInt)
	return b
}

// AppendLimited is AppendJSON, but gives up, with false, once it has added more than about size bytes, and where
// lists and objects are nested deeper than depth.
func (v Value) AppendLimited(b []byte, size, depth int) ([]byte, bool) {
	most := math.MaxInt
	if size < math.MaxInt-len(b) {
		most = len(b) + size
	}
	return v.append(b, most, depth)
}

func (v Value) append(b []byte, most, depth int) ([]byte, bool) {
	var ok bool
	switch v.Kind() {
	case KindNull:
		b = append(b, "null"...)
	case KindText, KindPseudonym:
		b = AppendQuoted(b, v.Text())
	case KindNumber:
		b = v.Decimal().Append(b)
	case KindBool:
		b = strconv.AppendBool(b, v.n == 1)
	case KindMoment:
		b = append(b, '"')
		b = AppendMoment(b, v.n)
		b = append(b, '"')
	case KindList:
		if depth == 0 {
			return b, false
		}
		b = append(b, '[')
		for i, item := range v.Items() {
			if i > 0 {
				b = append(b, ',')
			}
			if b, ok = item.append(b, most, depth-1); !ok {
				return b, false
			}
		}
		b = append(b, ']')
	case KindObject:
		if depth == 0 {
			return b, false
		}
		b = append(b, '{')
		for i, m := range v.Members() {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendQuoted(b, m.Key)
			b = append(b, ':')
			if b, ok = m.Value.append(b, most, depth-1); !ok {
				return b, false
			}
		}
		b = append(b, '}')
	case KindRef:
		e := v.Entity()
		b = append(b, `{"noun":`...)
		b = AppendQuoted(b, e.Noun())
		b = append(b, `,"external_id":`...)
		b = AppendQuoted(b, e.ExternalID())
		b = append(b, '}')
	}
	return b, len(b) <= most
}

// String is the canonical JSON, for messages and tests.
func (v Value) String() string { return string(v.AppendJSON(nil)) }

// MarshalJSON is AppendJSON.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

const hexDigits = "0123456789abcdef"

// AppendQuoted adds s as a JSON string.
func AppendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] && c != 0x7f {
			i++
			continue
		}
		b = append(b, s[start:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, `\u00`...)
			b = append(b, hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

// The moments there are: years 1 to 9999 UTC, in microseconds.
const (
	MinMoment = -62135596800_000000
	MaxMoment = 253402300799_999999
)

// AppendMoment adds a moment as RFC 3339 in UTC: seconds always, microseconds as far as there are any.
func AppendMoment(b []byte, micros int64) []byte {
	const day = 24 * 60 * 60 * 1e6
	days, rest := micros/day, micros%day
	if rest < 0 {
		days--
		rest += day
	}
	year, month, dayOfMonth := DateOf(days)
	seconds, fraction := int(rest/1e6), int(rest%1e6)
	b = appendTwo(appendTwo(b, year/100), year%100)
	b = appendTwo(append(b, '-'), month)
	b = appendTwo(append(b, '-'), dayOfMonth)
	b = appendTwo(append(b, 'T'), seconds/3600)
	b = appendTwo(append(b, ':'), seconds/60%60)
	b = appendTwo(append(b, ':'), seconds%60)
	if fraction > 0 {
		b = append(b, '.')
		for unit := 100000; fraction > 0; unit /= 10 {
			b = append(b, byte('0'+fraction/unit))
			fraction %= unit
		}
	}
	return append(b, 'Z')
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

// DateOf gives the date that is a number of days after 1970-01-01, in the Gregorian calendar (after Howard Hinnant's
// civil_from_days).
func DateOf(days int64) (year, month, dayOfMonth int) {
	days += 719468 // to 0000-03-01
	era := days / 146097
	if days < 0 && days%146097 != 0 {
		era--
	}
	dayOfEra := days - era*146097
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	monthFromMarch := (5*dayOfYear + 2) / 153
	dayOfMonth = int(dayOfYear - (153*monthFromMarch+2)/5 + 1)
	month = int(monthFromMarch+2)%12 + 1
	year = int(yearOfEra + era*400)
	if month <= 2 {
		year++
	}
	return year, month, dayOfMonth
}
