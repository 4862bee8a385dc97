package ingest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/fault"
)

// TestMultipartCutOff cuts forms after each of their bytes: before the closing boundary is there, none of them is taken,
// and once it is there all fields are.
func TestMultipartCutOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ boundary, nl string }{{"X", "\r\n"}, {"X", "\n"}, {"----a:b", "\r\n"}, {"--", "\r\n"}} {
		t.Run(fmt.Sprintf("%s %q", c.boundary, c.nl), func(t *testing.T) {
			t.Parallel()
			lines := []string{"--" + c.boundary, `Content-Disposition: form-data; name="id"`, "", "deal 12", "--" + c.boundary,
				`Content-Type: text/plain; charset=utf-8`, `Content-Disposition: form-data; name="note"`, "", "two", "lines", "--" + c.boundary + "--", "epilogue"}
			whole := strings.Join(lines, c.nl)
			closed := strings.Index(whole, c.nl+"epilogue")
			for end := range len(whole) + 1 {
				v, e := parseMultipart([]byte(whole[:end]), c.boundary)
				switch {
				case end < closed && (e == nil || e.Kind != fault.Unreadable):
					t.Errorf("%q: %s, %v; want a refusal", whole[:end], v.AppendJSON(nil), e)
				case end == closed || end >= closed+len(c.nl):
					want := fmt.Sprintf(`{"id":"deal 12","note":%q}`, "two"+c.nl+"lines")
					if got := v.AppendJSON(nil); e != nil || string(got) != want {
						t.Errorf("%q: %s, %v", whole[:end], got, e)
					}
				}
			}
		})
	}
}

// FuzzMultipartCutOff: of a form that is taken, no part that ends before its closing boundary is.
func FuzzMultipartCutOff(f *testing.F) {
	f.Add("deal 12", "--X", 40)
	f.Add("\r\n--X", "", 70)
	f.Add("", "\r\n--X-", 100)
	f.Fuzz(func(t *testing.T, one, two string, end int) {
		part := func(name, text string) string {
			return "--X\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n"
		}
		whole := part("a", one) + part("b", two) + "--X--"
		if strings.Contains(one+two, "--X--") || end < 0 || end >= len(whole) {
			return
		}
		if v, e := parseMultipart([]byte(whole[:end]), "X"); e == nil {
			t.Errorf("%q was taken: %s", whole[:end], v.AppendJSON(nil))
		}
	})
}
