package trial

import (
	"github.com/dealwright/dealwright/internal/spec/run"
)

// sameFields reports whether two writes set the same fields to the same.
func sameFields(a, b []run.Field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || !a[i].Value.Equal(b[i].Value) {
			return false
		}
	}
	return true
}
