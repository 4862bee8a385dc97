package spectest_test

import (
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/reference"
)

// TestReference: what the reference shows of tests passes.
func TestReference(t *testing.T) {
	t.Parallel()
	if told := tell(t, []byte(reference.ExampleOfTests)); strings.Contains(told, "FAIL") || strings.Contains(told, "\n  not ") {
		t.Errorf("the example of tests:\n%s", told)
	}
}
