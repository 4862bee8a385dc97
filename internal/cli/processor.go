package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
)

// processors are the commands about processors.
type processors struct {
	List     listProcessors   `cmd:"" help:"List processors."`
	Spec     processorSpecs   `cmd:"" help:"Get or put the spec of a processor."`
	Enable   enableProcessor  `cmd:"" help:"Enable a processor; refused while its spec is empty or does not check."`
	Disable  disableProcessor `cmd:"" help:"Disable a processor."`
	Versions listVersions     `cmd:"" help:"List the versions of a spec, the newest first."`
	Diff     diffVersions     `cmd:"" help:"Show what is different between two versions of a spec."`
	Restore  restoreVersion   `cmd:"" help:"Make an old version the current one again, as a new version."`
	Shape    processorShape   `cmd:"" help:"Show what the last deliveries of the linked sources look like."`
	Coverage coverProcessor   `cmd:"" help:"Show how often the last deliveries came by each instruction and branch."`
	Test     testProcessor    `cmd:"" help:"Run a processor, enabled or not, on a stored delivery, for real."`
	DryRun   dryRun           `cmd:"" help:"Show what a spec would do with a delivery; nothing is written."`
	Backtest backtest         `cmd:"" help:"Show what a spec would have done with the last deliveries; nothing is written."`
	Orphans  findOrphans      `cmd:"" help:"Find the records that a processor made and no present spec would make."`
	Undo     undoVersion      `cmd:"" help:"Take back what all executions of a version wrote."`
	Redo     redoVersion      `cmd:"" help:"Undo that."`
	Rekey    rekeyProcessor   `cmd:"" name:"re-key" help:"Give records the external ids that the current version of the spec gives them."`
}

type listProcessors struct {
	overAPI
	limited
}

// Run lists processors.
func (c listProcessors) Run(ctx context.Context, env Environment) error {
	return c.print(ctx, env, c.limited, "/v1/processors", nil, []column{
		{"ID", "id"}, {"NAME", "name"}, {"PROVIDER", "provider_name"}, {"STATE", "state"}, {"VERSION", "version"}, {"SOURCES", "sources"},
	})
}

// oneProcessor is the processor a command is about.
type oneProcessor struct {
	overAPI
	ID string `arg:"" help:"Of the processor (prc_…)."`
}

func (c oneProcessor) path(verb string) string {
	return "/v1/processors/" + url.PathEscape(c.ID) + verb
}

// do makes one call about the processor and prints the answer.
func (c oneProcessor) do(ctx context.Context, env Environment, method, verb string, send any, human func(io.Writer, json.RawMessage) error) error {
	var data json.RawMessage
	if err := c.call(ctx, method, c.path(verb), send, &data); err != nil {
		return err
	}
	return c.show(env, data, human)
}

type enableProcessor struct{ oneProcessor }

// Run enables it.
func (c enableProcessor) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodPost, "/enable", nil, outline)
}

type disableProcessor struct{ oneProcessor }

// Run disables it.
func (c disableProcessor) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodPost, "/disable", nil, outline)
}

type listVersions struct {
	oneProcessor
	limited
}

// Run lists versions.
func (c listVersions) Run(ctx context.Context, env Environment) error {
	return c.print(ctx, env, c.limited, c.path("/versions"), nil, []column{
		{"VERSION", "version"}, {"SAVED", "created_at"}, {"BY", "created_by"}, {"NOTE", "note"},
	})
}

type diffVersions struct {
	oneProcessor
	Version int `arg:"" help:"Number of the version."`
	Against int `help:"Number of the version before; 0 is the empty spec; left out: the one before it." default:"-1" placeholder:"N"`
}

// Run compares.
func (c diffVersions) Run(ctx context.Context, env Environment) error {
	verb := "/versions/" + strconv.Itoa(c.Version) + "/diff?against=" + strconv.Itoa(c.Against)
	return c.do(ctx, env, http.MethodGet, verb, nil, printVersionDiff)
}

// processorSpecs are the commands about the spec of a processor.
type processorSpecs struct {
	Get getSpec `cmd:"" help:"Print the current spec, as YAML."`
	Put putSpec `cmd:"" help:"Save a spec: checked, and a new version unless nothing changed."`
}

type getSpec struct{ oneProcessor }

// Run prints the spec.
func (c getSpec) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodGet, "/spec", nil, func(out io.Writer, data json.RawMessage) error {
		var spec struct{ Text string }
		if err := json.Unmarshal(data, &spec); err != nil {
			return err
		}
		_, err := io.WriteString(out, spec.Text)
		return err
	})
}

type putSpec struct {
	oneProcessor
	File string `arg:"" help:"With the spec, as YAML, or as JSON where it ends in .json; - is standard input."`
}

// Run saves the spec. Its problems are printed with their places.
func (c putSpec) Run(ctx context.Context, env Environment) error {
	text, err := readFile(env, c.File)
	if err != nil {
		return err
	}
	media := "application/yaml"
	if filepath.Ext(c.File) == ".json" {
		media = "application/json"
	}
	a, err := c.exchange(ctx, http.MethodPut, c.path("/spec"), media, text)
	if err != nil {
		return err
	}
	return c.show(env, a.Data, printSaved)
}

// printSaved prints the number of the version, and what was warned of.
func printSaved(out io.Writer, data json.RawMessage) error {
	var saved struct {
		Version  int
		New      bool
		Warnings []struct {
			Message, Hint string
			Line, Column  int
		}
	}
	if err := json.Unmarshal(data, &saved); err != nil {
		return err
	}
	same := ""
	if !saved.New {
		same = ", as before: nothing changed"
	}
	fmt.Fprintf(out, "version %d%s\n", saved.Version, same)
	for _, w := range saved.Warnings {
		place := ""
		if w.Line > 0 {
			place = fmt.Sprintf("line %d, column %d: ", w.Line, w.Column)
		}
		advise(out, "", place+"warning: "+w.Message, w.Hint)
	}
	return nil
}
