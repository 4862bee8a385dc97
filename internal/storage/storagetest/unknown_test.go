package storagetest_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"runtime"
	"sync"
	"testing"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// deaf is an engine that commits and never hears about it.
type deaf struct{ commit.Engine }

type deafGroup struct{ commit.Group }

func (d deaf) Begin(ctx context.Context, deliveries int, need *record.Need) (commit.Group, error) {
	g, err := d.Engine.Begin(ctx, deliveries, need)
	if err != nil {
		return nil, err
	}
	return deafGroup{g}, nil
}

func (deaf) Committed(context.Context, int64) (bool, error) {
	return false, errors.New("nobody knows")
}

func (g deafGroup) Apply(ctx context.Context, w *commit.Writes) error {
	return errors.Join(g.Group.Apply(ctx, w), commit.ErrUnknown)
}

func TestGroupWhoseFateIsUnknownIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		db := d.Open(t)
		holder, err := plan.NewHolder(t.Context(), epochs{db})
		if err != nil {
			t.Fatal(err)
		}
		w := commit.New(deaf{db.Engine()}, holder, slog.New(slog.NewTextHandler(io.Discard, nil)), db.Now)
		var wg sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			wg.Go(func() {
				if _, err := w.Submit(context.Background(), call("", one("7", name, "Deal"))); !fault.Is(err, fault.Unavailable) {
					t.Errorf("got %v, want Unavailable", err)
				}
			})
		}
		for w.Backlog() < 2 { // so they share a group
			runtime.Gosched()
		}
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- w.Run(ctx) }()
		wg.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := count(t, db, "deliveries"); n != 2 {
			t.Errorf("%d deliveries", n)
		}
	})
}
