package tree_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

func TestTwins(t *testing.T) {
	t.Parallel()
	const spec = `spec: 1
source_model: webhook.payload
constants:
  - {name: label, type: text, default: x}
instructions:
  - {type: define_variable, id: s1, value: 1, return_as: one}
  - {type: define_variable, id: s2, value: 2, return_as: two}
  - {type: if_else, id: s3, condition: true, then: [{type: stop, id: s4, reason: enough}]}
`
	const first = "  - {type: define_variable, id: s1, value: 1, return_as: one}\n"
	for name, c := range map[string]struct {
		before, after string // in the spec
		want          []int
	}{
		"the same":            {"", "", []int{0, 1, 2}},
		"a note":              {"value: 2,", "value: 2, note: why,", []int{0, 1, 2}},
		"a value":             {"value: 2", "value: 3", []int{0, -1, 2}},
		"another name":        {"as: two", "as: deux", []int{0, -1, 2}},
		"another id":          {"id: s2", "id: t2", []int{0, -1, 2}},
		"within":              {"enough", "plenty", []int{0, 1, -1}},
		"switched off":        {"id: s2", "id: s2, disabled: true", []int{0, -1, 2}},
		"one more":            {first, first + strings.Replace(first, "s1", "t1", 1), []int{0, -1, 1, 2}},
		"one less":            {first, "", []int{1, 2}},
		"a constant":          {"default: x", "default: y", []int{-1, -1, -1}},
		"the item's own name": {"source_model", "var: thing\nsource_model", []int{-1, -1, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := read(t, spec), read(t, strings.Replace(spec, c.before, c.after, 1))
			if diff := cmp.Diff(c.want, tree.Twins(a, b)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func read(t *testing.T, source string) *tree.Spec {
	spec, problems, _ := text.ReadYAML([]byte(source), library.Standard())
	if tree.HasErrors(problems) {
		t.Fatal(problems)
	}
	return spec
}
