package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

type coverProcessor struct {
	oneProcessor
	Deliveries int `help:"How many of the last deliveries, 1 to 10000." default:"1000"`
	Version    int `help:"Of the spec; left out: the current one." placeholder:"N"`
}

// Run counts what the last deliveries came by.
func (c coverProcessor) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodGet, fmt.Sprintf("/coverage?deliveries=%d&version=%d", c.Deliveries, c.Version), nil, printCoverage)
}

// printCoverage prints how often each instruction and branch ran, those that never did first.
func printCoverage(out io.Writer, data json.RawMessage) error {
	type share struct {
		Reached, All int
		Spots        []struct {
			Instruction string `json:"instruction_id"`
			Type        string
			Branch      string
			Count       int
		}
	}
	var v struct {
		Version, Deliveries, Left int
		Instructions, Branches    share
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	fmt.Fprintf(out, "version %d, %d deliveries: %d of %d instructions, %d of %d branches\n", v.Version, v.Deliveries,
		v.Instructions.Reached, v.Instructions.All, v.Branches.Reached, v.Branches.All)
	if v.Left > 0 {
		fmt.Fprintf(out, "%d executions were not counted: they no longer match their digest\n", v.Left)
	}
	rows := [][]string{{"COUNT", "STEP", "TYPE", "BRANCH"}}
	for _, s := range append(v.Instructions.Spots, v.Branches.Spots...) {
		count := strconv.Itoa(s.Count)
		if s.Count == 0 {
			count = "never"
		}
		rows = append(rows, []string{count, s.Instruction, s.Type, s.Branch})
	}
	return tabulate(out, "", rows)
}

type testProcessor struct {
	oneProcessor
	Delivery       string `help:"The stored delivery." placeholder:"ID" required:""`
	OverwriteNewer bool   `help:"Write over what newer deliveries have set."`
}

// Run runs the processor for real. The exit code is 1 where the execution fails.
func (c testProcessor) Run(ctx context.Context, env Environment) error {
	var failed bool
	err := c.do(ctx, env, http.MethodPost, "/test", map[string]any{"delivery_id": c.Delivery, "overwrite_newer": c.OverwriteNewer}, func(out io.Writer, data json.RawMessage) error {
		v, err := read(data)
		if err != nil {
			return err
		}
		status := v.Get("status").Text()
		failed = status == "failed" || status == "partial"
		fmt.Fprintf(out, "%s: %s, version %s\n", inLine(v.Get("id")), status, inLine(v.Get("version")))
		var counts []string
		for _, n := range v.Get("counts").Members() {
			if text := n.Value.String(); text != "0" {
				counts = append(counts, text+" "+strings.ReplaceAll(n.Key, "_", " "))
			}
		}
		if len(counts) > 0 {
			fmt.Fprintln(out, strings.Join(counts, ", "))
		}
		printErrors(out, v.Get("errors"))
		return nil
	})
	if err == nil && failed {
		return errShown
	}
	return err
}

type restoreVersion struct {
	oneProcessor
	Version int `arg:"" help:"Number of the version."`
}

// Run makes an old version the current one.
func (c restoreVersion) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodPost, "/versions/"+strconv.Itoa(c.Version)+"/restore", nil, printSaved)
}

type processorShape struct {
	oneProcessor
	sampled
}

// Run shows what the deliveries of the linked sources look like.
func (c processorShape) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodGet, c.sampled.path(), nil, printShape)
}
