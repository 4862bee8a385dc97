package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// executions are the commands about executions.
type executions struct {
	List   listExecutions  `cmd:"" help:"List executions, the newest first."`
	Trace  traceExecution  `cmd:"" help:"Show what an execution did, step by step."`
	AsTest executionAsTest `cmd:"" name:"as-test" help:"Print an execution as a test of its spec, or save it there."`
	Replay replayExecution `cmd:"" help:"Run the delivery of an execution again with the processor's current spec."`
	Undo   undoExecution   `cmd:"" help:"Take back what an execution wrote."`
	Redo   redoExecution   `cmd:"" help:"Undo the newest undo of an execution."`
}

// limited is how much of a list is wanted.
type limited struct {
	Limit int `help:"So many at most." default:"25"`
}

// Validate keeps it within bounds; kong calls it.
func (l limited) Validate() error {
	if l.Limit < 1 || l.Limit > most {
		return fmt.Errorf("--limit takes 1 to %d", most)
	}
	return nil
}

type listExecutions struct {
	overAPI
	limited
	Processor string `help:"Only of this processor." placeholder:"ID"`
	Source    string `help:"Only of deliveries of this source." placeholder:"ID"`
	Delivery  string `help:"Only of this delivery." placeholder:"ID"`
	Status    string `help:"Only these: waiting, succeeded, skipped, partial or failed." enum:",waiting,succeeded,skipped,partial,failed" default:""`
}

// Run lists executions.
func (c listExecutions) Run(ctx context.Context, env Environment) error {
	return c.print(ctx, env, c.limited, "/v1/executions", map[string]string{
		"processor_id": c.Processor, "source_id": c.Source, "delivery_id": c.Delivery, "status": c.Status,
	}, []column{
		{"ID", "id"}, {"RECEIVED", "received_at"}, {"SOURCE", "source_name"}, {"PROCESSOR", "processor_name"}, {"VERSION", "version"},
		{"STATUS", "status"}, {"CREATED", "counts.created"}, {"UPDATED", "counts.updated"}, {"ERROR", "error.message"},
	})
}

// print prints a list.
func (c overAPI) print(ctx context.Context, env Environment, l limited, path string, filter map[string]string, columns []column) error {
	query := url.Values{}
	for name, v := range filter {
		if v != "" {
			query.Set(name, v)
		}
	}
	items, err := c.list(ctx, path, query, l.Limit)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(env.Out, items)
	}
	return table(env.Out, items, columns)
}

// one is the execution a command is about.
type oneExecution struct {
	overAPI
	ID string `arg:"" help:"Of the execution (exe_…)."`
}

func (c oneExecution) path(verb string) string {
	return "/v1/executions/" + url.PathEscape(c.ID) + verb
}

type traceExecution struct{ oneExecution }

// Run shows a trace.
func (c traceExecution) Run(ctx context.Context, env Environment) error {
	var data json.RawMessage
	if err := c.call(ctx, http.MethodGet, c.path("/trace"), nil, &data); err != nil {
		return err
	}
	return c.show(env, data, printTrace)
}

// printTrace prints the steps that ran with their fields, and why the others did not.
func printTrace(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
	}
	e := v.Get("execution")
	fmt.Fprintf(out, "%s: %s, version %s of %s, delivery %s received at %s\n", inLine(e.Get("id")), inLine(e.Get("status")),
		inLine(e.Get("version")), inLine(e.Get("processor_name")), inLine(e.Get("delivery_id")), inLine(e.Get("received_at")))
	if note := v.Get("note").Text(); note != "" {
		fmt.Fprintln(out, note)
	}
	tracedSteps(out, v.Get("steps"), "  ")
	return nil
}

func tracedSteps(out io.Writer, steps value.Value, indent string) {
	for _, s := range steps.Items() {
		what := inLine(s.Get("outcome"))
		if state := s.Get("state").Text(); what == "" || state == "failed" {
			what = strings.ReplaceAll(state, "_", " ")
		}
		if s.Get("undone").Bool() {
			what += ", undone"
		}
		fmt.Fprintf(out, "%s%s %s: %s\n", indent, inLine(s.Get("id")), inLine(s.Get("summary")), what)
		if state := s.Get("state").Text(); state != "ran" && state != "failed" {
			continue
		}
		for _, f := range s.Get("fields").Items() {
			line := fmt.Sprintf("%s    %s: %s", indent, inLine(f.Get("name")), plain(f.Get("value")))
			if formula := f.Get("formula").Text(); strings.HasPrefix(formula, "=") {
				line += "  " + formula
			}
			fmt.Fprintln(out, line)
		}
		if e := s.Get("error"); !e.IsNull() {
			advise(out, indent+"    ", inLine(e.Get("code"))+": "+inLine(e.Get("message")), inLine(e.Get("remedy")))
		}
		for _, b := range s.Get("branches").Items() {
			if b.Get("taken").Bool() {
				fmt.Fprintf(out, "%s  %s\n", indent, inLine(b.Get("name")))
				tracedSteps(out, b.Get("steps"), indent+"    ")
			}
		}
		for _, i := range s.Get("items").Items() {
			fmt.Fprintf(out, "%s  item %s: %s\n", indent, inLine(i.Get("index")), inLine(i.Get("status")))
			tracedSteps(out, i.Get("steps"), indent+"    ")
		}
	}
}

type executionAsTest struct {
	oneExecution
	Name string `help:"Of the test; no other test of the spec has it. Left out: the id of the execution."`
	Save bool   `help:"Add it to the current spec, as a new version of the same program."`
}

// Run prints the test as it stands under tests, and on standard error what is to be known about it. The exit code is 1
// where it does not pass.
func (c executionAsTest) Run(ctx context.Context, env Environment) error {
	send := map[string]any{"name": c.Name, "save": c.Save}
	if c.Name == "" {
		send["name"] = c.ID
	}
	var data json.RawMessage
	if err := c.call(ctx, http.MethodPost, c.path("/as-test"), send, &data); err != nil {
		return err
	}
	type outcome struct {
		Version     int
		Passed      bool
		Differences []string
	}
	var made struct {
		outcome
		Text    string
		Remarks []string
		Saved   *outcome
	}
	if err := json.Unmarshal(data, &made); err != nil {
		return err
	}
	if err := c.show(env, data, func(out io.Writer, _ json.RawMessage) error {
		_, err := io.WriteString(out, made.Text)
		return err
	}); err != nil {
		return err
	}
	for _, r := range made.Remarks {
		fmt.Fprintln(env.Err, r)
	}
	fails := false
	for _, on := range []*outcome{&made.outcome, made.Saved} {
		if on == nil || on.Passed {
			continue
		}
		fails = true
		fmt.Fprintf(env.Err, "It does not pass on version %d:\n", on.Version)
		for _, d := range on.Differences {
			fmt.Fprintf(env.Err, "  %s\n", d)
		}
	}
	if made.Saved != nil {
		fmt.Fprintf(env.Err, "saved as version %d\n", made.Saved.Version)
	}
	if fails {
		return errShown
	}
	return nil
}

type replayExecution struct {
	oneExecution
	OverwriteNewer bool `help:"Write over what newer deliveries have set."`
}

// Run runs it again.
func (c replayExecution) Run(ctx context.Context, env Environment) error {
	var data json.RawMessage
	if err := c.call(ctx, http.MethodPost, c.path("/replay"), map[string]bool{"overwrite_newer": c.OverwriteNewer}, &data); err != nil {
		return err
	}
	return c.show(env, data, outline)
}

type undoExecution struct {
	oneExecution
	Preview bool `help:"Only show what would be done."`
}

// Run takes back.
func (c undoExecution) Run(ctx context.Context, env Environment) error {
	return c.undo(ctx, env, "/undo", c.Preview)
}

type redoExecution undoExecution

// Run takes the newest undo back.
func (c redoExecution) Run(ctx context.Context, env Environment) error {
	return c.undo(ctx, env, "/redo", c.Preview)
}

func (c oneExecution) undo(ctx context.Context, env Environment, verb string, preview bool) error {
	var data json.RawMessage
	if err := c.call(ctx, http.MethodPost, c.path(verb), map[string]bool{"preview": preview}, &data); err != nil {
		return err
	}
	return c.show(env, data, printUndo)
}

// printUndo prints what becomes of each thing.
func printUndo(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
	}
	if v.Get("things").Len() == 0 {
		_, err := fmt.Fprintln(out, "There is nothing to take back.")
		return err
	}
	if v.Get("preview").Bool() {
		fmt.Fprintln(out, "Nothing was changed. This would be done:")
	}
	for _, t := range v.Get("things").Items() {
		who := inLine(t.Get("external_id"))
		if who == "" {
			who = inLine(t.Get("name"))
		}
		fmt.Fprintf(out, "%s “%s” (%s): %s\n", words(t.Get("noun")), who, inLine(t.Get("id")), words(t.Get("outcome")))
		for _, f := range t.Get("set_back").Items() {
			fmt.Fprintf(out, "  %s: %s → %s\n", inLine(f.Get("field")), f.Get("from"), f.Get("to"))
		}
		for _, f := range t.Get("unlocked").Items() {
			fmt.Fprintf(out, "  %s: unlocked\n", inLine(f))
		}
		for _, l := range t.Get("left").Items() {
			field := inLine(l.Get("field"))
			if field != "" {
				field += ": "
			}
			fmt.Fprintf(out, "  left alone: %s%s\n", field, inLine(l.Get("why")))
		}
	}
	return nil
}

func words(v value.Value) string { return strings.ReplaceAll(v.Text(), "_", " ") }
