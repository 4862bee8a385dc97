// Package pulse has how things go: what came in by source, what became of it, how long that took, and what needs a person.
// Counts are kept for a time, by five minutes and by hour, behind the writer and never in its way; where they are missing they are
// counted from the deliveries and executions again.
package pulse

import (
	"context"
	"log/slog"
	"math"
	"slices"
	"time"
)

// Spans that are counted, in seconds.
const (
	Fine = 300 // kept for two days
	Hour = 3600
)

// How long counts are kept: somewhat longer than the longest range that is drawn, which is of thirty days.
const (
	KeepFine    = 48 * time.Hour
	KeepHours   = 32 * 24 * time.Hour
	KeepHistory = KeepHours + Weeks*7*24*time.Hour // by hour, of what a band is made of
)

// Latencies are counted in four steps to a doubling: Step gives that of a duration, Within the largest of a step.
const perDoubling = 4

// Step of a duration in microseconds.
func Step(micros int64) int {
	return int(math.Floor(math.Log2(float64(max(micros, 0))/1000+1) * perDoubling))
}

// Within is the end of a step, in milliseconds.
func Within(step int) float64 { return math.Exp2(float64(step+1)/perDoubling) - 1 }

// Quantile of a histogram of steps, in milliseconds.
func Quantile(runs map[int]int64, q float64) float64 {
	var all int64
	steps := make([]int, 0, len(runs))
	for s, n := range runs {
		steps = append(steps, s)
		all += n
	}
	slices.Sort(steps)
	left := int64(math.Ceil(float64(all) * q))
	for _, s := range steps {
		if left -= runs[s]; left <= 0 {
			return Within(s)
		}
	}
	return 0
}

// Outcomes are executions by the most that they did.
type Outcomes struct{ Created, Updated, Unchanged, Skipped, Failed int64 }

// Add puts others to them.
func (o *Outcomes) Add(p Outcomes) {
	o.Created += p.Created
	o.Updated += p.Updated
	o.Unchanged += p.Unchanged
	o.Skipped += p.Skipped
	o.Failed += p.Failed
}

// All of them.
func (o Outcomes) All() int64 { return o.Created + o.Updated + o.Unchanged + o.Skipped + o.Failed }

// Source is what came in by one source, or by the fixed webhooks of a provider (ID 0).
type Source struct {
	ProviderID   int64
	ProviderName string
	ID           int64
	Name         string
	Deliveries   map[int64]int64 // beginning of a span → count
	History      map[int64]int64 // hours of the weeks before
	LastHour     int64           // since Look.LastHour
	Before       int64           // in the span of five minutes before that
}

// Version is the saving of a spec.
type Version struct {
	ProcessorID   int64
	ProcessorName string
	Number        int
	At            int64
}

// Processor is how long the executions of one took, from delivery to record.
type Processor struct {
	ID    int64
	Name  string
	Steps map[int]int64
}

// Failure is what executions of one processor failed of, by the code of their first error.
type Failure struct {
	ProcessorID   int64
	ProcessorName string
	Code          string
	Message       string // of the last
	ExecutionID   int64  // the last
	Executions    map[int64]int64
}

// Fresh is how long after the moments that they tell of the records of a source, or of the fixed webhooks of a provider (ID 0),
// were here.
type Fresh struct {
	ProviderID   int64
	ProviderName string
	ID           int64
	Name         string
	Steps        map[int64]map[int]int64 // beginning of a span → histogram
}

// Run is what a processor made of what one source brought.
type Run struct {
	SourceID      int64
	ProcessorID   int64
	ProcessorName string
	Executions    int64
	Failed        int64
}

// Made is the new records of a kind.
type Made struct {
	ProviderID  int64
	ProcessorID int64 // 0: of the fixed webhooks
	Kind        string
	Records     int64
}

// Links are new records that name an agent, by span, and those among them whose identity is not linked now. Those of ignored
// identities are in neither.
type Links struct{ Named, Unlinked map[int64]int64 }

// Backlog is the identities of agents at a provider that are not linked.
type Backlog struct {
	ProviderID   int64
	ProviderName string
	Count        int64
	More         bool // there are more than were counted
	Since        int64
}

// Trouble is what needs a person.
type Trouble struct {
	Kind        string // failing, unlinked, suspended, waiting, paused
	Reason      string // of what waits
	Noun        string // of identities
	ThingID     int64  // processor or provider
	Name        string
	Count       int64
	More        bool // there are more than were counted
	Since       int64
	Code        string
	Instruction string
	Message     string
	ExecutionID int64 // the last that failed so
}

// Seen is what a home page is made of.
type Seen struct {
	Sources    []*Source
	Outcomes   map[int64]Outcomes
	Versions   []Version
	Processors []*Processor
	Took       map[int64]map[int]int64 // of all processors: beginning of a span → histogram
	Failures   []*Failure              // the most frequent first
	Fresh      []*Fresh
	Runs       []Run
	Made       []Made
	Links      Links
	Backlog    []Backlog
	Troubles   []Trouble
	CountedTo  int64 // all that was delivered before is counted; 0: nothing
}

// Look is what is asked for.
type Look struct {
	TenantID int64
	Span     int64 // Fine or Hour
	From, To int64
	History  int64 // hours from then on make the usual band
	LastHour int64 // beginning of the spans of five minutes that make the last hour
}

// Store reads it.
type Store interface {
	LookHome(ctx context.Context, l Look) (Seen, error)
}

// Roller counts.
type Roller struct {
	Store Counter
	Log   *slog.Logger
}

// Counter is what a Roller asks of the database.
type Counter interface {
	// CountPulse counts the next deliveries and executions, and says whether there are more.
	CountPulse(ctx context.Context) (more bool, err error)
	// SweepPulse takes away counts that are kept no longer.
	SweepPulse(ctx context.Context) error
}

const (
	every = 5 * time.Second
	sweep = time.Hour
	// pause between two counts while there are more: what writes has the database in between.
	pause = 20 * time.Millisecond
)

// Run counts until ctx ends.
func (r *Roller) Run(ctx context.Context) error {
	var swept time.Time
	for {
		more, err := r.Store.CountPulse(ctx)
		if err == nil && time.Since(swept) > sweep {
			err, swept = r.Store.SweepPulse(ctx), time.Now()
		}
		if err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "what came in could not be counted; it is tried again", "error", err)
		}
		wait := every
		if more && err == nil {
			wait = pause
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}
