package processor

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Fits reports whether v can be the value of a constant of that type. Null never is.
func Fits(typ string, v value.Value) bool {
	switch typ {
	case "string", "datetime":
		return v.Kind() == value.KindText
	case "number":
		return v.Kind() == value.KindNumber
	case "boolean":
		return v.Kind() == value.KindBool
	}
	elem, ok := strings.CutPrefix(typ, "table<")
	if !ok || v.Kind() != value.KindObject {
		return false
	}
	for _, m := range v.Members() {
		if !Fits(strings.TrimSuffix(elem, ">"), m.Value) {
			return false
		}
	}
	return true
}
