package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/diff"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

type diffSpecs struct {
	Before string `arg:"" help:"The spec as it was, as YAML or JSON." name:"before"`
	After  string `arg:"" help:"The spec as it is; - for standard input." name:"after"`
	JSON   bool   `help:"Print JSON." name:"json"`
}

// Run compares two specs; the exit code is 0 whether they differ or not, and 1 where one has not the form of a spec.
func (c diffSpecs) Run(env Environment) error {
	before, err := readToCompare(env, c.Before, nil)
	if err != nil {
		return err
	}
	after, err := readToCompare(env, c.After, before)
	if err != nil {
		return err
	}
	d := diff.Compare(before, after, library.Standard())
	if c.JSON {
		return printJSON(env.Out, d)
	}
	printDiff(env.Out, d)
	return nil
}

// readToCompare reads a spec that need not check, and gives its instructions ids as a save over another one would. Of
// what is broken a part only would be compared, so it is refused.
func readToCompare(env Environment, name string, stored *tree.Spec) (*tree.Spec, error) {
	content, err := readFile(env, name)
	if err != nil {
		return nil, err
	}
	read := text.ReadYAML
	if isJSON(name, content) {
		read = text.ReadJSON
	}
	spec, problems, _ := read(content, library.Standard())
	if spec == nil || tree.HasErrors(problems) {
		printProblems(env, inFile(name, problems))
		return nil, errShown
	}
	spec.AssignIDs(stored, 1)
	return spec, nil
}

// signs of what has become of a thing.
var signs = map[string]string{diff.Added: "+", diff.Removed: "-", diff.Moved: ">", diff.Changed: "~"}

func printDiff(out io.Writer, d *diff.Diff) {
	switch {
	case d.Same():
		fmt.Fprintln(out, "no differences")
	case d.SameProgram:
		fmt.Fprintln(out, "same program: only notes, comments or tests differ")
	}
	for _, c := range d.Changes {
		what := c.What
		if c.What == diff.Instruction {
			what = c.Type
		}
		fmt.Fprintf(out, "%s %s", signs[c.Kind], what)
		if c.ID != "" {
			fmt.Fprintf(out, " %s", c.ID)
		}
		switch c.Kind {
		case diff.Added:
			fmt.Fprintf(out, " (%s)", placeWords(c.To))
		case diff.Removed:
			fmt.Fprintf(out, " (was %s)", placeWords(c.From))
		case diff.Moved:
			fmt.Fprintf(out, " (from %s to %s)", placeWords(c.From), placeWords(c.To))
		}
		fmt.Fprintln(out)
		for _, f := range c.Fields {
			fmt.Fprintf(out, "    %s: %s\n", fieldWords(f.Name), changeWords(c.Kind, f))
		}
	}
}

// printVersionDiff prints the difference between two versions as the one between two files is printed.
func printVersionDiff(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
	}
	d := &diff.Diff{SameProgram: v.Get("same_program").Bool()}
	for _, c := range v.Get("changes").Items() {
		one := diff.Change{
			What: c.Get("what").Text(), Kind: c.Get("kind").Text(), ID: c.Get("id").Text(), Type: c.Get("type").Text(),
			From: diffPlace(c.Get("before")), To: diffPlace(c.Get("after")),
		}
		for _, f := range c.Get("fields").Items() {
			field := diff.Field{Name: f.Get("name").Text(), Remark: f.Get("remark").Bool()}
			if f.Has("before") {
				before := f.Get("before")
				field.Before = &before
			}
			if f.Has("after") {
				after := f.Get("after")
				field.After = &after
			}
			one.Fields = append(one.Fields, field)
		}
		d.Changes = append(d.Changes, one)
	}
	fmt.Fprintf(out, "from version %s to version %s\n", inLine(v.Get("from")), inLine(v.Get("to")))
	printDiff(out, d)
	return nil
}

// diffPlace reads a place; null is none.
func diffPlace(v value.Value) *diff.Place {
	if v.IsNull() {
		return nil
	}
	index, _ := strconv.Atoi(inLine(v.Get("index"))) // a whole number, as the API says
	return &diff.Place{Within: v.Get("within").Text(), List: v.Get("list").Text(), Index: index}
}

// placeWords is "then of s3, 2", counted from 1.
func placeWords(p *diff.Place) string {
	list := p.List
	if list[0] >= '0' && list[0] <= '9' {
		list = "case " + list
	}
	if p.Within != "" {
		list += " of " + p.Within
	}
	return fmt.Sprintf("%s, %d", list, p.Index+1)
}

func fieldWords(name string) string {
	if at, ok := strings.CutPrefix(name, "comments/"); ok {
		return strings.TrimSpace("comment " + at)
	}
	return name
}

func changeWords(kind string, f diff.Field) string {
	switch {
	case kind == diff.Added:
		return shown(f.After)
	case kind == diff.Removed:
		return shown(f.Before)
	case f.Before == nil:
		return "added " + shown(f.After)
	case f.After == nil:
		return "removed " + shown(f.Before)
	}
	return shown(f.Before) + " → " + shown(f.After)
}

// shown is a formula as it is written, and a literal as JSON, so that the two cannot be taken for each other.
func shown(v *value.Value) string {
	if s := v.Text(); strings.HasPrefix(s, "=") && !strings.HasPrefix(s, "==") {
		return s
	}
	return v.String()
}
