package value

import (
	"math"
	"strconv"
	"time"
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
	ok := true
	switch v.kind {
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
	seconds, rest := micros/1e6, micros%1e6
	if rest < 0 {
		seconds--
		rest += 1e6
	}
	b = time.Unix(seconds, 0).UTC().AppendFormat(b, "2006-01-02T15:04:05")
	if rest > 0 {
		b = append(b, '.')
		for unit := int64(100000); rest > 0; unit /= 10 {
			b = append(b, byte('0'+rest/unit))
			rest %= unit
		}
	}
	return append(b, 'Z')
}
