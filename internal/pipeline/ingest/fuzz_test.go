package ingest

import (
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// FuzzForm: whatever comes as a form is an object of texts, one level deep, that is JSON like any other; or it is
// refused as unreadable.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{
		"id=1&energy_meta[gas_usage]=12.5", "a=&b=%00", "a[b]=1&a=2", "a=1&a=2", "%zz=1", "a[]=1", "&&=&", "id=%F0%9F%98%80",
		"--X\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n1\r\n--X--\r\n", "{\"id\": 1}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, read := range map[string]func() (value.Value, *fault.Error){
			"urlencoded": func() (value.Value, *fault.Error) { return parseURLEncoded(raw) },
			"multipart":  func() (value.Value, *fault.Error) { return parseMultipart(raw, "X") },
		} {
			v, e := read()
			if e != nil {
				if e.Kind != fault.Unreadable || e.Message == "" {
					t.Errorf("%s: %v", name, e)
				}
				continue
			}
			text := v.AppendJSON(nil)
			again, syntax := value.ParseJSON(text, value.Limits{Bytes: len(text) + 1})
			if syntax != nil || !again.Equal(v) || v.Kind() != value.KindObject {
				t.Errorf("%s: %s is no JSON object: %v", name, text, syntax)
			}
			for _, m := range v.Members() {
				if m.Value.Kind() == value.KindText && m.Value.Text() == "" {
					t.Errorf("%s: %q is empty text", name, m.Key)
				}
				for _, inner := range m.Value.Members() {
					if inner.Value.Kind() != value.KindText {
						t.Errorf("%s: %q is nested too deep", name, m.Key)
					}
				}
			}
		}
	})
}

// FuzzElements: the texts of the items of an array are JSON and mean the items.
func FuzzElements(f *testing.F) {
	for _, seed := range []string{`[]`, `[1, "a,]", {"b": [2]}]`, `["\\", "\"]"]`, " [ [ ] , { } ] "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, array string) {
		v, syntax := value.ParseJSON([]byte(array), value.Limits{})
		if syntax != nil || v.Kind() != value.KindList || v.Len() == 0 {
			return
		}
		texts := elements([]byte(strings.TrimPrefix(array, "\ufeff")))
		if len(texts) != v.Len() {
			t.Fatalf("%d texts for %d items", len(texts), v.Len())
		}
		for i, text := range texts {
			item, syntax := value.ParseJSON(text, value.Limits{})
			if syntax != nil || !item.Equal(v.At(i)) {
				t.Errorf("item %d: %q, %v", i, text, syntax)
			}
		}
	})
}
