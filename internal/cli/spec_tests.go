package cli

import (
	"encoding/xml"
	"fmt"
	"os"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/spectest"
	"github.com/dealwright/dealwright/internal/spec/coverage"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

type testSpecs struct {
	Files []string `arg:"" help:"Specs, as YAML or JSON; - for standard input." name:"file"`
	JSON  bool     `help:"Print JSON." name:"json"`
	JUnit string   `help:"Also write the results to this file, as JUnit XML, for CI." name:"junit" placeholder:"FILE"`
}

// tested is what became of all files.
type tested struct {
	Passed int          `json:"passed"`
	Failed int          `json:"failed"`
	Files  []testedFile `json:"files"`
}

// testedFile is what became of the tests of one file. One with problems has not been run.
type testedFile struct {
	File     string        `json:"file"`
	Problems []fileProblem `json:"problems"`
	Tests    []testedOne   `json:"tests"`
	// Instructions and Branches that the tests came by.
	Instructions *coverage.Share `json:"instructions,omitempty"`
	Branches     *coverage.Share `json:"branches,omitempty"`
}

type testedOne struct {
	Name        string     `json:"name"`
	Line        int        `json:"line"`
	Passed      bool       `json:"passed"`
	Outcome     run.Status `json:"outcome,omitempty"`
	Differences []string   `json:"differences"`
}

// Run runs the tests in every file; the exit code is 1 when one fails, or a file has problems.
func (c testSpecs) Run(env Environment) error {
	all := tested{Files: []testedFile{}}
	bad := false
	for _, name := range c.Files {
		one, err := testFile(env, name)
		if err != nil {
			return err
		}
		all.Files = append(all.Files, one)
		bad = bad || len(one.Problems) > 0
		for _, t := range one.Tests {
			if t.Passed {
				all.Passed++
			} else {
				all.Failed++
			}
		}
	}
	if c.JUnit != "" {
		if err := all.writeJUnit(c.JUnit); err != nil {
			return err
		}
	}
	if c.JSON {
		if err := printJSON(env.Out, all); err != nil {
			return err
		}
	} else {
		all.print(env)
	}
	if bad || all.Failed > 0 {
		return errShown
	}
	return nil
}

func testFile(env Environment, name string) (testedFile, error) {
	one := testedFile{File: name, Problems: []fileProblem{}, Tests: []testedOne{}}
	spec, places, problems, err := readSpec(env, name)
	if err != nil {
		return one, err
	}
	if tree.HasErrors(problems) {
		one.Problems = inFile(name, problems)
		return one, nil
	}
	suite, results, err := runTests(spec)
	if err != nil {
		return one, fmt.Errorf("%s: %w", name, err)
	}
	for i, r := range results {
		one.Tests = append(one.Tests, newTestedOne(i, r, places))
	}
	instructions, branches := suite.Coverage().Instructions(), suite.Coverage().Branches()
	one.Instructions, one.Branches = &instructions, &branches
	return one, nil
}

func runTests(spec *tree.Spec) (*spectest.Suite, []spectest.Result, error) {
	lib := library.Standard()
	model, _ := lib.Model(spec.SourceModel)
	suite, err := spectest.New(spec, lib, model)
	if err != nil {
		return nil, nil, err
	}
	results, err := suite.RunAll()
	return suite, results, err
}

func newTestedOne(i int, r spectest.Result, places *text.Positions) testedOne {
	line, _ := places.At(fmt.Sprintf("/tests/%d", i))
	t := testedOne{Name: r.Name, Line: line, Passed: r.Passed(), Outcome: r.Outcome, Differences: []string{}}
	t.Differences = append(t.Differences, r.Differences...)
	return t
}

func (t *tested) print(env Environment) {
	for _, f := range t.Files {
		printProblems(env, f.Problems)
		for _, one := range f.Tests {
			verdict := "ok  "
			if !one.Passed {
				verdict = "FAIL"
			}
			fmt.Fprintf(env.Out, "%s %s:%d: %s\n", verdict, f.File, one.Line, one.Name)
			for _, d := range one.Differences {
				fmt.Fprintf(env.Out, "     %s\n", d)
			}
		}
		if f.Instructions == nil {
			continue
		}
		fmt.Fprintf(env.Out, "     %s: %d tests, %d of %d instructions, %d of %d branches\n", f.File, len(f.Tests),
			f.Instructions.Reached, f.Instructions.All, f.Branches.Reached, f.Branches.All)
		for _, share := range []*coverage.Share{f.Instructions, f.Branches} {
			for _, m := range share.Missed {
				fmt.Fprintf(env.Out, "       not reached: %s\n", strings.TrimSpace(m.Instruction+" "+m.Type+" "+m.Branch))
			}
		}
	}
	fmt.Fprintf(env.Out, "%d passed, %d failed\n", t.Passed, t.Failed)
}

// The form that CI systems read.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Error   *junitFailure `xml:"error"`
	}
	junitFailure struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func (t *tested) writeJUnit(name string) error {
	all := junitSuites{}
	for _, f := range t.Files {
		suite := junitSuite{Name: f.File, Cases: []junitCase{}}
		for _, one := range f.Tests {
			c := junitCase{Name: one.Name, Class: f.File, File: f.File, Line: one.Line}
			if !one.Passed {
				c.Failure = &junitFailure{Message: one.Differences[0], Text: strings.Join(one.Differences, "\n")}
				suite.Failures++
			}
			suite.Cases = append(suite.Cases, c)
		}
		for _, p := range f.Problems { // a suite that could not run must not look like one without tests
			if p.Severity != string(tree.Error) {
				continue
			}
			text := strings.TrimSpace(p.Message + "\n" + p.Hint)
			suite.Cases = append(suite.Cases, junitCase{
				Name: fmt.Sprintf("check %d:%d", max(p.Line, 1), max(p.Column, 1)), Class: f.File, File: f.File, Line: p.Line, Error: &junitFailure{Message: p.Code, Text: text},
			})
			suite.Errors++
		}
		suite.Tests = len(suite.Cases)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Suites = append(all.Suites, suite)
	}
	content, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append([]byte(xml.Header), append(content, '\n')...), 0o644)
}
