// Package retention takes away what is kept for a time only: the bodies of calls as they came, lines of
// calls that were turned away, and answers to calls that are made once. It never decides for how
// long; the settings do. Each batch is a transaction of its own, and those of several nodes come one after the other.
package retention

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dealwright/dealwright/internal/pipeline/plan"
)

// Store is what the sweep asks of the database.
type Store interface {
	// SweepRaw takes away at most limit raw bodies that their tenants no longer keep, and says how many it took.
	SweepRaw(ctx context.Context, limit int) (int, error)
	// SweepAnswers takes away at most limit answers that are kept no longer, and says how many it took.
	SweepAnswers(ctx context.Context, limit int) (int, error)
	// SweepTurnedAway takes away at most limit lines that the call log has of calls that were turned away, and that it keeps
	// no longer, and says how many it took.
	SweepTurnedAway(ctx context.Context, limit int) (int, error)
}

// Sweep goes through what is kept at its start, after each change of the configuration (a tenant may keep things shorter
// from now on, or not at all), and every hour.
type Sweep struct {
	Store Store
	Plan  *plan.Holder
	Log   *slog.Logger
}

const (
	// batch of one transaction: some milliseconds, in which groups wait.
	batch = 500
	// pause between two batches, in which they do not.
	pause = 20 * time.Millisecond
	every = time.Hour
)

// Run sweeps until ctx ends.
func (s *Sweep) Run(ctx context.Context) error {
	for {
		_, changed := s.Plan.Watch()
		if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
			s.Log.WarnContext(ctx, "what is kept no longer could not be taken away; it is tried again", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		case <-time.After(every):
		}
	}
}

func (s *Sweep) sweep(ctx context.Context) error {
	return errors.Join(s.all(ctx, s.Store.SweepRaw), s.all(ctx, s.Store.SweepAnswers), s.all(ctx, s.Store.SweepTurnedAway))
}

// all takes batch after batch.
func (s *Sweep) all(ctx context.Context, take func(context.Context, int) (int, error)) error {
	for {
		n, err := take(ctx, batch)
		if err != nil || n < batch {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}
