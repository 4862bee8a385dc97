package library

import (
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// ReadMoment reads text as parse_datetime does without a format, for dates that come in outside of a spec; zoneless
// text is in loc. Blank text and 0000-00-00 are null; ok false: it cannot be read.
func ReadMoment(text string, loc *time.Location) (_ value.Value, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" || strings.HasPrefix(text, "0000-00-00") {
		return value.Null(), true
	}
	l, r, ok := readLocal(text)
	if !ok {
		return value.Null(), false
	}
	micros := l.wall() - r.offset
	if !r.hasOffset {
		micros, _ = l.instant(loc)
	}
	v, err := datetime(micros)
	return v, err == nil
}
