package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

type formatSpecs struct {
	Files []string `arg:"" help:"Specs, as YAML or JSON; - for standard input." name:"file"`
	Check bool     `help:"Change nothing and print the names of files that are not in canonical form; exit code 1 if there are any." xor:"what"`
	Write bool     `help:"Write the files anew, and print the names of those that changed." xor:"what"`
}

// Run prints each spec in its canonical form, or writes it back. What does not read as a spec is left as it is, and its
// problems are told; problems of meaning do not matter here.
func (c formatSpecs) Run(env Environment) error {
	bad := false
	for _, name := range c.Files {
		if c.Write && name == "-" {
			return usageError{errors.New("--write needs files: standard input cannot be written back")}
		}
		content, err := readFile(env, name)
		if err != nil {
			return err
		}
		formatted, problems := format(name, content)
		if tree.HasErrors(problems) {
			bad = true
			printProblems(env, inFile(name, problems))
			continue
		}
		same := bytes.Equal(content, formatted)
		switch {
		case c.Check && !same:
			bad = true
			fmt.Fprintln(env.Out, name)
		case c.Write && !same:
			if err := os.WriteFile(name, formatted, 0o644); err != nil {
				return err
			}
			fmt.Fprintln(env.Out, name)
		case !c.Check && !c.Write:
			if _, err := env.Out.Write(formatted); err != nil {
				return err
			}
		}
	}
	if bad {
		return errShown
	}
	return nil
}

// format gives a spec in the canonical form of the language it is written in.
func format(name string, content []byte) ([]byte, []tree.Problem) {
	lib := library.Standard()
	if isJSON(name, content) {
		spec, problems, _ := text.ReadJSON(content, lib)
		if tree.HasErrors(problems) {
			return nil, problems
		}
		var b bytes.Buffer
		_ = json.Indent(&b, spec.AppendJSON(nil), "", "  ") // it is JSON
		b.WriteByte('\n')
		return b.Bytes(), problems
	}
	spec, problems, _ := text.ReadYAML(content, lib)
	if tree.HasErrors(problems) {
		return nil, problems
	}
	return text.FormatYAML(spec, lib), problems
}

// inFile is what is printed of the problems of one file.
func inFile(name string, problems []tree.Problem) []fileProblem {
	all := make([]fileProblem, len(problems))
	for i, p := range problems {
		all[i] = fileProblem{name, processor.Detail(p)}
	}
	return all
}
