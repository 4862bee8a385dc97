package value

import "time"

// AppendJSON adds the canonical JSON of v: numbers as canonical text, moments as RFC 3339 in UTC with the microseconds
// they have, references as their noun and external_id, personal values as their pseudonym.
func (v Value) AppendJSON(b []byte) []byte {
	switch v.kind {
	case KindNull:
		return append(b, "null"...)
	case KindText, KindPseudonym:
		return AppendQuoted(b, v.Text())
	case KindNumber:
		return v.Decimal().Append(b)
	case KindBool:
		if v.n == 1 {
			return append(b, "true"...)
		}
		return append(b, "false"...)
	case KindMoment:
		b = append(b, '"')
		b = AppendMoment(b, v.n)
		return append(b, '"')
	case KindList:
		b = append(b, '[')
		for i, item := range v.Items() {
			if i > 0 {
				b = append(b, ',')
			}
			b = item.AppendJSON(b)
		}
		return append(b, ']')
	case KindObject:
		b = append(b, '{')
		for i, m := range v.Members() {
			if i > 0 {
				b = append(b, ',')
			}
			b = AppendQuoted(b, m.Key)
			b = append(b, ':')
			b = m.Value.AppendJSON(b)
		}
		return append(b, '}')
	default: // KindRef
		e := v.Entity()
		b = append(b, `{"noun":`...)
		b = AppendQuoted(b, e.Noun())
		b = append(b, `,"external_id":`...)
		b = AppendQuoted(b, e.ExternalID())
		return append(b, '}')
	}
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
