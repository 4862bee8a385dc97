package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/dealwright/dealwright/internal/spec/value"
)

type dryRun struct {
	oneProcessor
	Delivery string `help:"A stored delivery." placeholder:"ID" xor:"what"`
	Item     string `help:"A file with an item, as JSON; - is standard input." placeholder:"FILE" xor:"what"`
	Source   string `help:"With an item: the source whose link gives the constants." placeholder:"ID"`
	Version  int    `help:"Of the spec; left out: the current one." placeholder:"N"`
	Spec     string `help:"A file with a spec that is not saved." placeholder:"FILE"`
}

// Run shows what would be done.
func (c dryRun) Run(ctx context.Context, env Environment) error {
	send := map[string]any{}
	if c.Delivery == "" && c.Item == "" {
		return usageError{errors.New("there is nothing to run on: give --delivery or --item")}
	}
	for name, v := range map[string]string{"delivery_id": c.Delivery, "source_id": c.Source} {
		if v != "" {
			send[name] = v
		}
	}
	if c.Item != "" {
		item, err := readItem(env, c.Item)
		if err != nil {
			return usageError{err}
		}
		send["item"] = item
	}
	if c.Spec != "" {
		spec, err := readFile(env, c.Spec)
		if err != nil {
			return err
		}
		send["spec"] = string(spec)
	}
	if c.Version != 0 {
		send["version"] = c.Version
	}
	return c.do(ctx, env, http.MethodPost, "/dry-run", send, printDryRun)
}

// printErrors prints the errors of a run.
func printErrors(out io.Writer, errs value.Value) {
	for _, e := range errs.Items() {
		advise(out, "  ", fmt.Sprintf("%s in step %s: %s", inLine(e.Get("code")), inLine(e.Get("instruction")), inLine(e.Get("message"))), inLine(e.Get("remedy")))
	}
}

// printDryRun prints what would become of each thing.
func printDryRun(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s; nothing was written\n", inLine(v.Get("status")))
	printErrors(out, v.Get("errors"))
	for _, t := range v.Get("things").Items() {
		fmt.Fprintf(out, "%s “%s”: %s\n", words(t.Get("noun")), inLine(t.Get("external_id")), words(t.Get("outcome")))
		for _, f := range t.Get("fields").Items() {
			fmt.Fprintf(out, "  %s: %s → %s\n", inLine(f.Get("field")), plain(f.Get("before")), plain(f.Get("after")))
		}
		for _, f := range t.Get("held_back").Items() {
			fmt.Fprintf(out, "  %s stays %s, and not %s: %s\n", inLine(f.Get("field")), plain(f.Get("before")), plain(f.Get("after")), inLine(f.Get("why")))
		}
	}
	for _, o := range v.Get("overwrites").Items() {
		fmt.Fprintf(out, "also written by another source record: %s “%s”\n", words(o.Get("noun")), inLine(o.Get("external_id")))
	}
	for _, n := range v.Get("new_external_ids").Items() {
		fmt.Fprintf(out, "written under another id than before: %s “%s” → “%s”\n", words(n.Get("noun")), inLine(n.Get("before")), inLine(n.Get("after")))
	}
	for _, n := range v.Get("notes").Items() {
		fmt.Fprintln(out, inLine(n))
	}
	return nil
}
