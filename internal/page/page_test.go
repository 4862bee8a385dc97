package page_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
)

func TestCursorsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	for _, c := range []page.Cursor{
		{Sort: "-id", Value: int64(7), ID: 7},
		{Sort: "name", Value: "Ann & Bob ", ID: 1 << 62},
		{Sort: "updated_at", Value: int64(1795000000000001), ID: 2},
	} {
		got, err := page.ParseCursor(c.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&c, got); diff != "" {
			t.Error(diff)
		}
	}
	for _, text := range []string{"!", "e30", "bm90IGpzb24", "eyJzIjoiaWQiLCJ2IjpbXSwiaSI6MX0"} {
		if _, err := page.ParseCursor(text); !fault.Is(err, fault.Unreadable) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
