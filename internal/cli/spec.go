package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

type specs struct {
	Lint      lint             `cmd:"" help:"Check specs and tell all that is wrong with them."`
	Fmt       formatSpecs      `cmd:"" help:"Print specs in their canonical form, or write them back."`
	Test      testSpecs        `cmd:"" help:"Run the tests in specs and tell what differs from what they expect."`
	Run       runSpec          `cmd:"" help:"Run a spec on one item and tell what it would write, and why."`
	Diff      diffSpecs        `cmd:"" help:"Tell what is different between two specs: what was added, removed, moved and changed."`
	LSP       serveEditor      `cmd:"" name:"lsp" help:"Serve an editor with the language: problems, completion, help, fixes (Language Server Protocol)."`
	Schema    schemaOfSpecs    `cmd:"" help:"Print the JSON Schema of specs, for editors."`
	Reference referenceOfSpecs `cmd:"" help:"Write the reference of the language into a folder, as Markdown."`
}

// fileProblem is a problem with the file it is in.
type fileProblem struct {
	File string `json:"file"`
	fault.Detail
}

type lint struct {
	Files []string `arg:"" help:"Specs, as YAML or JSON; - for standard input." name:"file"`
	JSON  bool     `help:"Print JSON." name:"json"`
}

// Run checks every file; the exit code is 1 when one has an error.
func (c lint) Run(env Environment) error {
	all := []fileProblem{}
	bad := false
	for _, name := range c.Files {
		_, _, problems, err := readSpec(env, name)
		if err != nil {
			return err
		}
		all = append(all, inFile(name, problems)...)
		bad = bad || tree.HasErrors(problems)
	}
	if c.JSON {
		if err := printJSON(env.Out, all); err != nil {
			return err
		}
	} else {
		printProblems(env, all)
		if len(all) == 0 {
			fmt.Fprintf(env.Out, "%d checked, no problems\n", len(c.Files))
		}
	}
	if bad {
		return errShown
	}
	return nil
}

// isJSON tells JSON from YAML by the name of the file, and where that says nothing by how it begins.
func isJSON(name string, content []byte) bool {
	return strings.HasSuffix(name, ".json") || strings.HasPrefix(strings.TrimSpace(string(content)), "{")
}

// readSpec reads and checks a spec and gives its instructions ids, as the first save would. The spec is nil where it could not be read at all.
func readSpec(env Environment, name string) (*tree.Spec, *text.Positions, []tree.Problem, error) {
	content, err := readFile(env, name)
	if err != nil {
		return nil, nil, nil, err
	}
	lib := library.Standard()
	read := text.ReadYAML
	if isJSON(name, content) {
		read = text.ReadJSON
	}
	spec, problems, places := read(content, lib)
	if spec == nil {
		return nil, nil, problems, nil
	}
	spec.AssignIDs(nil, 1)
	more := processor.Problems(spec, lib, spec.SourceModel, nil)
	places.Place(more)
	problems = append(problems, more...)
	spec.NameProblems(problems)
	tree.SortByPlace(problems)
	return spec, places, problems, nil
}

// printProblems prints them as compilers do, so that editors find the places.
func printProblems(env Environment, all []fileProblem) {
	for _, p := range all {
		advise(env.Out, "", fmt.Sprintf("%s:%d:%d: %s: %s [%s]", p.File, max(p.Line, 1), max(p.Column, 1), p.Severity, p.Message, p.Code), p.Hint)
	}
}

type runSpec struct {
	Spec       string `arg:"" help:"The spec, as YAML or JSON." name:"spec"`
	Item       string `arg:"" help:"The item, as JSON, with enrichments under their names; - for standard input." name:"item"`
	Zone       string `help:"Time zone of the tenant." default:"Europe/Amsterdam"`
	Country    string `help:"Calling code of the tenant." default:"+31"`
	ReceivedAt string `help:"When the item came, as 2026-01-31T12:00:00Z; now, if left out."`
	Constants  string `help:"Values of constants, as a JSON object." default:"{}"`
	JSON       bool   `help:"Print JSON, with the whole trace." name:"json"`
}

// ran is what a run without a server leaves.
type ran struct {
	Status  run.Status     `json:"status"`
	Errors  []*trace.Error `json:"errors"`
	Records []wrote        `json:"records"`
	Trace   *trace.Tree    `json:"trace"`
}

// wrote is a record or identity the run made, as it would hold it in the end.
type wrote struct {
	Noun       string             `json:"noun"`
	ExternalID string             `json:"external_id"`
	Fields     map[string]trace.V `json:"fields"`
}

// Run runs the spec on a database with nothing in it.
func (c runSpec) Run(_ context.Context, env Environment) error {
	spec, _, problems, err := readSpec(env, c.Spec)
	if err != nil {
		return err
	}
	if tree.HasErrors(problems) {
		printProblems(env, inFile(c.Spec, problems))
		return errShown
	}
	receivedAt, err := c.receivedAt()
	if err != nil {
		return err
	}
	if err := c.checkZone(); err != nil {
		return err
	}
	valued, err := c.valued(spec)
	if err != nil {
		return err
	}
	lib := library.Standard()
	model, _ := lib.Model(spec.SourceModel)
	program, err := compile.Compile(spec, lib, compile.Options{Var: model.Var, Traced: true})
	if err != nil {
		return err
	}
	given, err := readItem(env, c.Item)
	if err != nil {
		return err
	}
	item, fetched := execute.TakeApart(program, given)
	constants := constantsOf(program, valued)
	unit := &execute.Program{
		Tenant:   &plan.Tenant{ID: 1, Zone: c.Zone, Country: c.Country, PseudonymKey: []byte("dealwright spec run")},
		Link:     &plan.Link{ProcessorID: 1, Version: 1, Program: program, Zone: c.Zone, Country: c.Country, Constants: constants},
		Delivery: &pipeline.Delivery{Number: 1, TenantID: 1, ProviderID: 1, SourceID: 1, ReceivedAt: receivedAt.UnixMicro()},
		Item:     item,
		Fetched:  fetched,
		Kind:     pipeline.Test,
	}
	stage, err := onNothing(unit, receivedAt.UnixMicro())
	if err != nil {
		return err
	}
	enriched, err := execute.Enrich(program, unit.Tenant, fetched)
	if err != nil {
		return err
	}
	e := unit.Outcome().Execution
	shown, digest, err := trace.Recompute(program, item, run.Environment{
		Zone: c.Zone, Country: c.Country, ReceivedAt: receivedAt.UnixMicro(), Constants: constants,
		Enrichments: enriched.Values,
	}, e.Answers, e.Status)
	if err != nil {
		return err
	}
	shown.DigestMatches = string(digest[:]) == string(e.Digest)
	result := ran{Status: e.Status, Errors: []*trace.Error{}, Records: written(stage), Trace: shown}
	for _, one := range e.Errors {
		result.Errors = append(result.Errors, trace.NewError(one))
	}
	if c.JSON {
		err = printJSON(env.Out, result)
	} else {
		result.print(env)
	}
	if err == nil && e.Status == run.Failed {
		return errShown
	}
	return err
}

func readItem(env Environment, name string) (value.Value, error) {
	content, err := readFile(env, name)
	if err != nil {
		return value.Null(), err
	}
	return parseJSON(name, content)
}

// parseJSON reads JSON of a file, or of standard input, which is called "-"; what is wrong with it is told with its place.
func parseJSON(name string, content []byte) (value.Value, error) {
	v, syntax := value.ParseJSON(content, value.Limits{})
	if syntax != nil {
		return value.Null(), fmt.Errorf("%s:%d:%d: %s", name, syntax.Line, syntax.Column, syntax.Words())
	}
	return v, nil
}

func (c runSpec) receivedAt() (time.Time, error) {
	if c.ReceivedAt == "" {
		return time.Now(), nil
	}
	at, err := time.Parse(time.RFC3339Nano, c.ReceivedAt)
	if err != nil {
		return at, usageError{fmt.Errorf("--received-at %q is no moment: write it with its zone, as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00+01:00", c.ReceivedAt)}
	}
	return at, nil
}

func (c runSpec) checkZone() error {
	if c.Zone != "" && c.Zone != "Local" {
		if _, err := time.LoadLocation(c.Zone); err == nil {
			return nil
		}
	}
	return usageError{fmt.Errorf("--zone %q is no time zone: give an IANA name, such as Europe/Amsterdam", c.Zone)}
}

// valued is the object of --constants, checked as the constants of a link are.
func (c runSpec) valued(spec *tree.Spec) (value.Value, error) {
	given, err := parseJSON("--constants", []byte(c.Constants))
	if err != nil {
		return given, usageError{err}
	}
	if given.Kind() != value.KindObject {
		return given, usageError{fmt.Errorf(`--constants takes a JSON object, such as {"prefix": "Deal"}, and %s is none`, c.Constants)}
	}
	var wrong []string
	for _, d := range processor.CheckConstants(spec, given) {
		wrong = append(wrong, strings.TrimSpace(d.Message+" "+d.Hint))
	}
	names := make([]string, len(spec.Constants))
	for i, declared := range spec.Constants {
		names[i] = declared.Name
	}
	for _, m := range given.Members() {
		if slices.Contains(names, m.Key) {
			continue
		}
		has := "It has none."
		if len(names) > 0 {
			has = "It has " + strings.Join(names, ", ") + "."
		}
		wrong = append(wrong, fmt.Sprintf("The spec has no constant “%s”. %s", m.Key, has))
	}
	if len(wrong) > 0 {
		return given, usageError{errors.New("--constants: " + strings.Join(wrong, "\n  "))}
	}
	return given, nil
}

// constantsOf are the values that were given; what was not has its default.
func constantsOf(program *run.Program, given value.Value) (all []run.Field) {
	for _, declared := range program.Constants {
		if v := given.Get(declared.Name); !v.IsNull() {
			all = append(all, run.Field{Name: declared.Name, Value: v})
		}
	}
	return all
}

// onNothing runs a unit on a stage over an empty database, and again with what it asked for, as a group does.
func onNothing(unit execute.Unit, now int64) (*record.Stage, error) {
	need := &record.Need{}
	unit.Need(need)
	var err error
	for range 8 {
		need.Normalize()
		last := int64(0)
		stage := record.NewStage(now, func() int64 { last--; return last }, need, &record.Loaded{})
		if err = unit.Run(stage); err == nil {
			return stage, nil
		}
		missing := (*record.NotLoaded)(nil)
		if !errors.As(err, &missing) {
			return nil, err
		}
		need.Add(&missing.Need)
	}
	return nil, err
}

func written(stage *record.Stage) []wrote {
	all := []wrote{}
	changes := stage.Changes()
	for _, c := range changes.Identities {
		all = append(all, wroteOf(c.New, c.New.Key.Noun, "external_name", "email", "team_external_identity", "project_external_identity"))
	}
	for _, c := range changes.Rows {
		var names []string
		for _, f := range c.New.Kind.Fields {
			names = append(names, f.Name)
		}
		all = append(all, wroteOf(c.New, c.New.Key.Noun, names...))
	}
	return all
}

func wroteOf(e value.Entity, noun string, fields ...string) wrote {
	w := wrote{Noun: noun, ExternalID: e.ExternalID(), Fields: map[string]trace.V{}}
	for _, name := range fields {
		if v := e.Field(name); !v.IsNull() {
			w.Fields[name] = trace.V{Value: v}
		}
	}
	return w
}

func (r ran) print(env Environment) {
	fmt.Fprintf(env.Out, "%s\n", r.Status)
	for _, e := range r.Errors {
		advise(env.Out, "  ", fmt.Sprintf("%s at %s: %s", e.Code, e.Place, e.Message), e.Remedy)
	}
	fmt.Fprintln(env.Out, "\nsteps")
	printSteps(env, r.Trace.Steps, "  ")
	fmt.Fprintln(env.Out, "\nwould write")
	for _, w := range r.Records {
		fmt.Fprintf(env.Out, "  %s %q\n", w.Noun, w.ExternalID)
		for _, name := range slices.Sorted(maps.Keys(w.Fields)) {
			text, _ := w.Fields[name].MarshalJSON() // it gives no error
			fmt.Fprintf(env.Out, "    %s: %s\n", name, text)
		}
	}
	if len(r.Records) == 0 {
		fmt.Fprintln(env.Out, "  nothing")
	}
}

func printSteps(env Environment, steps []*trace.Step, indent string) {
	for _, s := range steps {
		what := string(s.Outcome)
		if what == "" {
			what = string(s.State)
		}
		if s.Undone {
			what += ", undone"
		}
		fmt.Fprintf(env.Out, "%s%s %s: %s\n", indent, s.ID, s.Summary, what)
		for _, b := range s.Branches {
			if b.Taken {
				fmt.Fprintf(env.Out, "%s  %s\n", indent, b.Name)
				printSteps(env, b.Steps, indent+"    ")
			}
		}
		for _, item := range s.Items {
			fmt.Fprintf(env.Out, "%s  item %d: %s\n", indent, item.Index, item.Status)
			printSteps(env, item.Steps, indent+"    ")
		}
	}
}
