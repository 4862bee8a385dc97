package ingest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/dealwright/dealwright/internal/fault"
)

// TestParse reads testdata/body/*.txtar: `headers` and `body` as they come in, and either `value`, what they say, as
// canonical JSON, or `refused`: the status, then a line per detail. Lines of a multipart body may end in LF.
func TestParse(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/body/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			sections := map[string]string{}
			for _, f := range archive.Files {
				sections[f.Name] = string(f.Data)
			}
			header := http.Header{}
			for line := range strings.Lines(sections["headers"]) {
				name, text, _ := strings.Cut(strings.TrimSpace(line), ": ")
				header.Add(name, text)
			}
			raw := strings.TrimSuffix(sections["body"], "\n")
			if strings.HasPrefix(header.Get("Content-Type"), "multipart/") {
				raw = strings.ReplaceAll(raw, "\n", "\r\n") + "\r\n"
			}
			b, e := parse(header, []byte(raw), sections["door"] != "source\n")
			got := ""
			if e != nil {
				got = describe(e)
			} else {
				got = string(b.value.AppendJSON(nil)) + "\n"
			}
			name := "value"
			if e != nil {
				name = "refused"
			}
			if want := sections[name]; got != want {
				t.Errorf("%s:\n%s\nwant %s:\n%s\nor refused:\n%s", name, got, name, sections["value"], sections["refused"])
			}
		})
	}
}

func describe(e *fault.Error) string {
	s := strconv.Itoa(e.Kind.Status()) + " " + e.Message + "\n"
	for _, d := range e.Details {
		s += strings.Join([]string{d.Field, d.Code, d.Message, d.Hint}, " / ") + "\n"
	}
	return s
}

func TestReadBodyStopsAtTheLimit(t *testing.T) {
	t.Parallel()
	const most = "; at most 1 MiB (1048576 bytes) is taken in one call. Send less at a time."
	for _, c := range []struct {
		body io.Reader
		want string
	}{
		{bytes.NewReader(make([]byte, maxBody+1)), "The body has 1048577 bytes" + most},
		{struct{ *bytes.Reader }{bytes.NewReader(make([]byte, maxBody+1))}, "The body has more than 1 MiB" + most}, // of no length
	} {
		_, e := readBody(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", c.body))
		if e == nil || e.Kind != fault.TooLarge || e.Message != c.want {
			t.Errorf("%v; want %s", e, c.want)
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(make([]byte, maxBody)))
	if raw, e := readBody(httptest.NewRecorder(), r); e != nil || len(raw) != maxBody {
		t.Errorf("exactly the limit: %d bytes, %v", len(raw), e)
	}
}

func TestReadBodyWantsAllOfIt(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"id"`))
	r.ContentLength = 100
	if _, e := readBody(httptest.NewRecorder(), r); e == nil || e.Kind != fault.Unreadable {
		t.Errorf("a body cut off: %v; want unreadable", e)
	}
}

func TestGzip(t *testing.T) {
	t.Parallel()
	pack := func(b []byte) []byte {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return packed.Bytes()
	}
	header := http.Header{"Content-Encoding": {"gzip"}}
	b, e := parse(header, pack([]byte(`{"id": 1}`)), false)
	if e != nil || string(b.raw) != `{"id": 1}` {
		t.Errorf("packed: %q, %v", b.raw, e)
	}
	bomb := append(append([]byte{'"'}, bytes.Repeat([]byte{'a'}, 100*maxBody)...), '"')
	if _, e := parse(header, pack(bomb), false); e == nil || e.Kind != fault.TooLarge {
		t.Errorf("a bomb: %v; want too large", e)
	}
	if _, e := parse(header, []byte(`{"id": 1}`), false); e == nil || e.Kind != fault.Unreadable {
		t.Errorf("not packed: %v; want unreadable", e)
	}
	cut := pack([]byte(`{"id": 1}`))
	if _, e := parse(header, cut[:len(cut)-4], false); e == nil || e.Kind != fault.Unreadable {
		t.Errorf("cut off: %v; want unreadable", e)
	}
	header.Add("Content-Encoding", "gzip")
	if _, e := parse(header, pack(pack([]byte(`{}`))), false); e == nil || e.Kind != fault.Media {
		t.Errorf("packed twice: %v; want a media fault", e)
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	for array, want := range map[string][]string{
		`[1]`:                            {"1"},
		" [ {\"a\": [1, 2]} ,\n{} ] \n":  {`{"a": [1, 2]}`, `{}`},
		`[{"a": "],[\"}"}, "x\\", null]`: {`{"a": "],[\"}"}`, `"x\\"`, "null"},
		`[[],[[]],{"a":{"b":[{}]}}]`:     {`[]`, `[[]]`, `{"a":{"b":[{}]}}`},
	} {
		var got []string
		for _, item := range elements([]byte(array)) {
			got = append(got, string(item))
		}
		if strings.Join(got, "\x00") != strings.Join(want, "\x00") {
			t.Errorf("%s: %q; want %q", array, got, want)
		}
	}
}
