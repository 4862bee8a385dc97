package types_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/types"
)

func TestReadMarks(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"a":                            "",
		"contact.email":                "",
		"lines[].name":                 "",
		"lines[][].name[]":             "",
		"*":                            "",
		"answers.*.text":               "",
		"**.email":                     "",
		"a.**.b.**.c":                  "",
		`["e-mail"]`:                   "",
		`contact["e-mail"][].x`:        "",
		`contact[""]`:                  "",
		"_x1":                          "",
		"":                             "the path is empty",
		".":                            `a key is missing in "." at character 1`,
		"a.":                           `a key is missing in "a." after the point at character 2`,
		"a..b":                         `a key is missing in "a..b" at character 3`,
		"a b":                          `the path "a b" cannot be read from its character 2 on`,
		"e-mail":                       `the path "e-mail" cannot be read from its character 2 on`,
		"1st":                          `a key is missing in "1st" at character 1`,
		"é":                            `a key is missing in "é" at character 1`,
		"[].name":                      `[] stands for the items of a list, and no list is named before it in "[].name"`,
		"a.[]":                         `a key is missing in "a.[]" after the point at character 2`,
		"lines[0].name":                `a single item of a list cannot be marked: "lines[0].name"`,
		`a["x`:                         `the key in brackets in "a[\"x" is not closed`,
		`a["x"`:                        `the key in brackets in "a[\"x\"" is not closed`,
		"a.**":                         `** is followed by a key, as in **.email; in "a.**" it is not`,
		"**":                           `** is followed by a key, as in **.email; in "**" it is not`,
		"**.**.a":                      `** is followed by a key, as in **.email; in "**.**.a" it is not`,
		strings.Repeat("a.", 64) + "a": "a path has at most 64 keys",
		strings.Repeat("a", 501):       "a path has at most 500 characters",
	} {
		marks, wrong := types.ReadMarks([]types.Mark{{Path: path, Kind: "email"}})
		switch {
		case want == "" && (len(wrong) > 0 || len(marks) != 1):
			t.Errorf("%s: %v", path, wrong)
		case want == "":
			if diff := cmp.Diff([]types.Mark{{Path: path, Kind: "email"}}, marks.List()); diff != "" {
				t.Errorf("%s is listed as something else:\n%s", path, diff)
			}
		case len(wrong) != 1 || wrong[0].Message != want || wrong[0].Hint == "":
			t.Errorf("%q: %+v, want %s", path, wrong, want)
		}
	}
	_, wrong := types.ReadMarks([]types.Mark{{Path: "a", Kind: "iban"}, {Path: "lines.name", Kind: "name"}, {Path: "lines[].name", Kind: "text"}, {Path: "", Kind: ""}})
	var codes []string
	for _, e := range wrong {
		codes = append(codes, e.Code)
	}
	if diff := cmp.Diff([]string{"bad_kind", "twice", "bad_path"}, codes); diff != "" {
		t.Errorf("not everything is told:\n%s", diff)
	}
}

// TestManyWaysToOnePlace: a mark with ** may lead to one place in many ways and stays there once.
func TestManyWaysToOnePlace(t *testing.T) {
	t.Parallel()
	marks, wrong := types.ReadMarks([]types.Mark{{Path: "**.a.**.a.**.a.**.a.b", Kind: "text"}})
	if len(wrong) > 0 {
		t.Fatal(wrong[0])
	}
	for range 64 {
		marks = marks.Key("a")
	}
	if len(marks) > 9 {
		t.Errorf("after 64 steps there are %d places", len(marks))
	}
	if _, hit := marks.Key("b").Hit(); !hit {
		t.Error("the mark is lost")
	}
}

func FuzzReadMarks(f *testing.F) {
	for _, path := range []string{"contact.email", `a["x"].**.b`, "*[].c", `["\u00e9"]`} {
		f.Add(path, "email")
	}
	f.Fuzz(func(t *testing.T, path, key string) {
		marks, wrong := types.ReadMarks([]types.Mark{{Path: path, Kind: "email"}})
		if len(wrong) > 0 {
			return
		}
		again, wrong := types.ReadMarks(marks.List())
		if len(wrong) > 0 || !again.Same(marks) {
			t.Errorf("%q is listed as %v, which is something else: %v", path, marks.List(), wrong)
		}
		below := marks.Key(key)
		if below.Leads() && !marks.AnyKey().Leads() {
			t.Errorf("%q: the key %q leads to something personal, and a computed key does not", path, key)
		}
	})
}
