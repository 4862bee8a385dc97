package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/app"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/storage"
)

type doctor struct {
	database
	Traces    int  `help:"How many of the newest executions to compute again and compare with what ran." default:"1000"`
	AllTraces bool `help:"Compute every execution again." name:"all-traces"`
	JSON      bool `help:"Print JSON." name:"json"`
}

// checkup is what the doctor saw.
type checkup struct {
	Database   string             `json:"database"`
	Healthy    bool               `json:"healthy"`
	Settings   []storage.Setting  `json:"settings"`
	Deliveries map[string]int64   `json:"deliveries"`
	Accepted   int64              `json:"accepted"`
	Executions map[string]int64   `json:"executions"`
	Recomputed int                `json:"recomputed"`
	Paused     []pausedProvider   `json:"paused"`
	Findings   []pipeline.Finding `json:"findings"`
}

// pausedProvider is one that is left alone, since what was asked of it failed. That is no fault of the database.
type pausedProvider struct {
	ID       string    `json:"id"`
	Failures int       `json:"failures"`
	Since    time.Time `json:"since"`
	Until    time.Time `json:"until"`
	Why      string    `json:"why"`
}

func pausedProviders(ctx context.Context, db *storage.DB) ([]pausedProvider, error) {
	pauses, err := db.Pauses(ctx)
	paused := []pausedProvider{}
	for _, n := range slices.Sorted(maps.Keys(pauses)) {
		if p := pauses[n]; p.Tripped {
			paused = append(paused, pausedProvider{id.Format(id.Provider, n), p.Failures, time.UnixMicro(p.Since).UTC(), time.UnixMicro(p.Until).UTC(), p.Why})
		}
	}
	return paused, err
}

// Run looks at a database that a server may be using and prints what it saw; it changes nothing.
func (c doctor) Run(ctx context.Context, env Environment) (err error) {
	o := c.options()
	o.ReadOnly = true
	db, err := app.OpenDatabase(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	seen := checkup{Database: db.Name(), Healthy: true}
	if seen.Settings, err = db.Settings(ctx); err != nil {
		return err
	}
	sums, err := db.Sums(ctx)
	if err != nil {
		return err
	}
	seen.Deliveries, seen.Executions = sums.Deliveries, sums.Executions
	for _, n := range sums.Deliveries {
		seen.Accepted += n
	}
	if seen.Findings, err = db.Findings(ctx); err != nil {
		return err
	}
	if seen.Paused, err = pausedProviders(ctx, db); err != nil {
		return err
	}
	most := c.Traces
	if c.AllTraces {
		most = math.MaxInt
	}
	traces, err := seen.recompute(ctx, db, most)
	if err != nil {
		return err
	}
	seen.Findings = append(seen.Findings, traces)
	seen.Healthy = !slices.ContainsFunc(seen.Settings, func(s storage.Setting) bool { return !s.OK }) &&
		!slices.ContainsFunc(seen.Findings, func(f pipeline.Finding) bool { return f.Count > 0 })
	if c.JSON {
		err = printJSON(env.Out, seen)
	} else {
		_, err = fmt.Fprint(env.Out, seen.text())
	}
	if err == nil && !seen.Healthy {
		return errShown
	}
	return err
}

// recompute proves for the newest executions that what a trace shows is what ran. Executions of an older revision of
// the language may differ, and so may those of redacted deliveries; they are left out.
func (s *checkup) recompute(ctx context.Context, db *storage.DB, limit int) (pipeline.Finding, error) {
	found := pipeline.Finding{What: "executions whose trace is not what ran"}
	lib := library.Standard()
	for last := int64(0); s.Recomputed < limit; {
		some, err := db.RecentExecutions(ctx, last, min(limit-s.Recomputed, 500))
		if err != nil || len(some) == 0 {
			return found, err
		}
		for _, e := range some {
			x, err := explain.Recompute(ctx, db, lib, e)
			if err != nil {
				return found, err
			}
			s.Recomputed++
			if x.Ran == nil && !x.Redacted && x.Environment.Revision == run.Revision {
				found.Count++
				if len(found.Examples) < maxExamples {
					found.Examples = append(found.Examples, e.ID)
				}
			}
		}
		last = some[len(some)-1].ID
	}
	return found, nil
}

// maxExamples is how many of what does not add up are named.
const maxExamples = 5

func (s checkup) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "database %s\n", s.Database)
	for _, setting := range s.Settings {
		fmt.Fprintf(&b, "  %s %s is %s", mark(setting.OK), setting.Name, setting.Value)
		if !setting.OK {
			fmt.Fprintf(&b, ", but must be %s", setting.Want)
		}
		if setting.Note != "" {
			b.WriteString("; " + setting.Note)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "deliveries %d accepted = %s\n", s.Accepted, sum(s.Deliveries, "waiting", "done", "failed", "skipped"))
	fmt.Fprintf(&b, "executions %s, the newest %d computed again\n", sum(s.Executions, "waiting", "running", "succeeded", "skipped", "partial", "failed"), s.Recomputed)
	for _, f := range s.Findings {
		fmt.Fprintf(&b, "  %s %s: %d", mark(f.Count == 0), f.What, f.Count)
		if f.Count > 0 {
			fmt.Fprintf(&b, " (the first: %s)", strings.Trim(fmt.Sprint(f.Examples), "[]"))
		}
		b.WriteByte('\n')
	}
	for _, p := range s.Paused {
		fmt.Fprintf(&b, "  -- provider %s is left alone until %s: %d fetches in a row failed since %s, the last one: %s\n",
			p.ID, p.Until.Format(time.RFC3339), p.Failures, p.Since.Format(time.RFC3339), p.Why)
	}
	if s.Healthy {
		b.WriteString("everything adds up\n")
	} else {
		b.WriteString("something does not add up: stop the server, keep a copy of the data, and report the lines marked !!\n")
	}
	return b.String()
}

func mark(ok bool) string {
	if ok {
		return "ok"
	}
	return "!!"
}

// sum writes the states in their order, also those with nothing in them, then any that should not be there.
func sum(counts map[string]int64, states ...string) string {
	var parts []string
	for _, state := range states {
		parts = append(parts, fmt.Sprintf("%d %s", counts[state], state))
	}
	for state, n := range counts {
		if !slices.Contains(states, state) {
			parts = append(parts, fmt.Sprintf("%d %s (unknown)", n, state))
		}
	}
	return strings.Join(parts, " + ")
}
