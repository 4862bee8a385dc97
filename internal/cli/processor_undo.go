package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

type undoVersion struct {
	oneProcessor
	Version int  `arg:"" help:"Number of the version."`
	Preview bool `help:"Only show what would be done."`
}

// Run takes back what a version wrote.
func (c undoVersion) Run(ctx context.Context, env Environment) error {
	return c.parts(ctx, env, "/undo")
}

type redoVersion undoVersion

// Run takes that back.
func (c redoVersion) Run(ctx context.Context, env Environment) error {
	return undoVersion(c).parts(ctx, env, "/redo")
}

// Executions that one call looks at: so often somebody is told how far it is. A preview looks at as many as it can, since
// what it shows of an execution depends on those after it.
const (
	inOnePart    = 500
	inOnePreview = 10_000
)

// undoOfVersion is what a call answers.
type undoOfVersion struct {
	Executions int
	Done       int
	Already    int
	Failed     []struct {
		ExecutionID string `json:"execution_id"`
		Why         string
	}
	Things    []json.RawMessage
	Next      *string
	StillRuns bool `json:"still_runs"`
}

// parts asks part by part and tells on standard error how far it is. Cut off, it is simply asked again: what was taken
// back stays so.
func (c undoVersion) parts(ctx context.Context, env Environment, verb string) error {
	send := map[string]any{"preview": c.Preview, "limit": inOnePart}
	if c.Preview {
		send["limit"] = inOnePreview
	}
	var all []json.RawMessage // answers
	var total undoOfVersion
	for {
		var data json.RawMessage
		if err := c.call(ctx, http.MethodPost, c.path("/versions/"+strconv.Itoa(c.Version)+verb), send, &data); err != nil {
			return err
		}
		var part undoOfVersion
		if err := json.Unmarshal(data, &part); err != nil {
			return err
		}
		all = append(all, data)
		total.Executions += part.Executions
		total.Done += part.Done
		total.Already += part.Already
		total.Failed = append(total.Failed, part.Failed...)
		total.StillRuns = part.StillRuns
		total.Next = part.Next
		if !c.JSON {
			if err := printUndo(env.Out, data); err != nil {
				return err
			}
		}
		fmt.Fprintf(env.Err, "%d executions, %d with something to take back, %d done before\n", total.Executions, total.Done, total.Already)
		if part.Next == nil || c.Preview {
			break
		}
		send["after"] = *part.Next
	}
	return c.tell(env, all, total)
}

func (c undoVersion) tell(env Environment, all []json.RawMessage, total undoOfVersion) error {
	if c.JSON {
		if err := printJSON(env.Out, all); err != nil {
			return err
		}
	}
	for _, f := range total.Failed {
		fmt.Fprintf(env.Err, "execution %s: %s\n", f.ExecutionID, f.Why)
	}
	if c.Preview && total.Next != nil {
		fmt.Fprintf(env.Err, "There are more executions: a preview looks at the newest %d.\n", inOnePreview)
	}
	if total.StillRuns {
		fmt.Fprintln(env.Err, "The version is the current one and its processor is enabled: new deliveries write again. Disable it, or save another version, first.")
	}
	if len(total.Failed) > 0 {
		return errShown
	}
	return nil
}
