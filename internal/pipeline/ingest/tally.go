package ingest

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Tally counts what is not worth a transaction of its own: uses of keys, and calls that are turned away, with the lines that
// the call log has of those. It writes once a second while there is anything, and when it ends; a machine that dies loses at
// most that second of counting.
type Tally struct {
	store CountStore
	log   *slog.Logger
	mu    sync.Mutex
	have  Counts
	lines lines
	wake  chan struct{} // holds one token while there may be something to write
}

// Counts is what was counted since the last time it was written.
type Counts struct {
	Keys    map[int64]Uses // by number of the provider key
	Refused map[Refusal]Uses
	Lines   []TurnedAway // new ones have no number; the others have More like them
}

// Refusal is a kind of call that was turned away at the door.
type Refusal struct {
	ProviderID int64
	Hour       int64 // moment of its start
	Status     int
}

// Uses says how often, and when last, in microseconds.
type Uses struct{ Times, Last int64 }

// CountStore keeps counts: it adds these to what it has, and gives new lines their numbers. A line that is too old to stand in
// the log, which is in the order of its moments, gets none.
type CountStore interface {
	AddCounts(ctx context.Context, c Counts) error
}

// NewTally makes a tally that writes to store. It counts at once and writes while Run runs.
func NewTally(store CountStore, log *slog.Logger) *Tally {
	return &Tally{store: store, log: log, have: newCounts(), wake: make(chan struct{}, 1)}
}

func newCounts() Counts {
	return Counts{Keys: map[int64]Uses{}, Refused: map[Refusal]Uses{}}
}

// KeyUsed counts one use of a key.
func (t *Tally) KeyUsed(key, now int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	add(t.have.Keys, key, Uses{Times: 1, Last: now})
	t.nudge()
}

const hour = int64(time.Hour / time.Microsecond)

// TurnedAway counts one call that did not get past the door of a provider that exists, and may give it a line in the log:
// whoever tries keys or names must not be able to fill the disk.
func (t *Tally) TurnedAway(x TurnedAway) {
	now := x.Call.ReceivedAt
	t.mu.Lock()
	defer t.mu.Unlock()
	add(t.have.Refused, Refusal{ProviderID: x.Call.ProviderID, Hour: now - now%hour, Status: x.Call.HTTPStatus}, Uses{Times: 1, Last: now})
	t.lines.add(x)
	t.nudge()
}

func add[K comparable](counts map[K]Uses, k K, more Uses) {
	u := counts[k]
	counts[k] = Uses{Times: u.Times + more.Times, Last: max(u.Last, more.Last)}
}

func (t *Tally) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// lastWrite is how long the counts may take to be written when all ends.
const lastWrite = 5 * time.Second

// Run writes counts until ctx ends, and then the last ones.
func (t *Tally) Run(ctx context.Context) error {
	for {
		select {
		case <-t.wake:
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWrite)
			defer cancel()
			for {
				if more, err := t.write(last); err != nil || !more {
					return err
				}
			}
		}
		select {
		case <-time.After(time.Second): // gather
			if _, err := t.write(ctx); err != nil && ctx.Err() == nil {
				t.log.WarnContext(ctx, "counts of key uses and refused calls could not be written; they are kept and tried again", "error", err)
			}
		case <-ctx.Done():
		}
	}
}

// write hands the counts over, and says whether there are more; what could not be written is counted again.
func (t *Tally) write(ctx context.Context) (more bool, err error) {
	t.mu.Lock()
	counts := t.have
	t.have = newCounts()
	var of []*line
	counts.Lines, of = t.lines.take()
	t.mu.Unlock()
	if len(counts.Keys)+len(counts.Refused)+len(counts.Lines) == 0 {
		return false, nil
	}
	err = t.store.AddCounts(ctx, counts)
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil {
		t.lines.written(counts.Lines, of)
		if more = len(t.lines.dirty) > 0; more {
			t.nudge()
		}
		return more, nil
	}
	t.lines.unwritten(counts.Lines, of)
	for key, uses := range counts.Keys {
		add(t.have.Keys, key, uses)
	}
	for refusal, uses := range counts.Refused {
		add(t.have.Refused, refusal, uses)
	}
	t.nudge()
	return false, err
}
