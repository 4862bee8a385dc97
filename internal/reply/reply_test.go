package reply

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
)

func TestNobodyIsToldToComeBackAtOnce(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]string{time.Millisecond: "1", time.Second: "1", 1500 * time.Millisecond: "2", 0: ""} {
		w := httptest.NewRecorder()
		WriteError(w, &fault.Error{Kind: fault.Unavailable, Message: "Not now.", RetryAfter: wait}, Meta{})
		if got := w.Header().Get("Retry-After"); got != want {
			t.Errorf("a wait of %v: Retry-After is %q, want %q", wait, got, want)
		}
	}
}
