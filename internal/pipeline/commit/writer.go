package commit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Limits of a node's writer.
const (
	groupUnits   = 2048      // runs in one group; more only lengthen the wait of all of them
	backlogRun   = 8 << 10   // units waiting, above which deliveries are kept and run later
	backlogKeep  = 32 << 10  // units waiting, above which nothing is taken
	backlogBytes = 128 << 20 // of bodies waiting, likewise
	linger       = 3 * time.Millisecond
	probeEvery   = 500 * time.Millisecond // while the database is down
	retryAfter   = 2 * time.Second        // told to callers that cannot be served
)

// Writer is a node's one group writer. Make it with New; Run does the work.
type Writer struct {
	engine   Engine
	pictures *plan.Holder
	log      *slog.Logger
	clock    func() int64
	Watchdog time.Duration // limit of one unit; not changed once Run has begun
	waiting  chan struct{} // holds one token when executions were left waiting
	lanes    lanes

	mu      sync.Mutex
	queue   []*pending
	units   int // of queue
	bytes   int // of queue
	closed  error
	arrived chan struct{} // holds one token when queue is not empty
	usual   int           // jobs of the last group: how many to expect when one has come
}

// New makes a writer; now is the clock, in microseconds. What is submitted before Run waits for it.
func New(engine Engine, pictures *plan.Holder, log *slog.Logger, now func() int64) *Writer {
	return &Writer{
		engine:   engine,
		pictures: pictures,
		log:      log,
		clock:    now,
		Watchdog: watchdogLimit,
		waiting:  make(chan struct{}, 1),
		arrived:  make(chan struct{}, 1),
	}
}

func unavailable(message string) error {
	f := fault.New(fault.Unavailable, "%s", message)
	f.RetryAfter = retryAfter
	return f
}

// Waiting has a token whenever executions were left waiting since it was last taken.
func (w *Writer) Waiting() <-chan struct{} { return w.waiting }

// Ready is nil when jobs are taken; else it says why not.
func (w *Writer) Ready(context.Context) error {
	_, err := w.open()
	return err
}

// Backlog is how many units wait for their turn.
func (w *Writer) Backlog() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.units
}

// Submit plans a job, hands it over and waits for its answer: a result means that all of it is on disk. When ctx ends
// first the job may still be kept; the caller just does not know.
func (w *Writer) Submit(ctx context.Context, job Job) (*Result, error) {
	p := newPending(job)
	behind, err := w.open()
	if err != nil {
		return nil, err
	}
	p.behind = behind
	if err := p.plan(w.pictures.Current()); err != nil {
		return nil, err
	}
	answered := p.answer // the rest of p is the writer's from here on
	if err := w.enqueue(p); err != nil {
		return nil, err
	}
	select {
	case a := <-answered:
		return a.result, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// open says whether jobs are taken, and whether they are only kept for later.
func (w *Writer) open() (behind bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case w.closed != nil:
		return false, w.closed
	case w.units >= backlogKeep || w.bytes >= backlogBytes:
		return false, unavailable("The server has more to do than it can take. Try again.")
	}
	return w.units >= backlogRun, nil
}

func (w *Writer) enqueue(p *pending) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed != nil {
		return w.closed
	}
	w.queue = append(w.queue, p)
	w.units += p.units
	w.bytes += p.bytes
	select {
	case w.arrived <- struct{}{}:
	default:
	}
	return nil
}

// Run works until ctx ends, then does what has been handed over by then and returns nil.
func (w *Writer) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if w.waitingJobs() == 0 {
			select {
			case <-w.arrived:
			case <-ctx.Done():
			}
		}
		w.gather(ctx)
		w.next()
		w.awaitDatabase(ctx)
	}
	w.setClosed(unavailable("The server is stopping. Try again."))
	for w.next() {
	}
	return nil
}

func (w *Writer) setClosed(why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = why
}

// gather waits a little for company, where there was company before: a transaction for many costs hardly more than one
// for a single job. A job that comes alone does not wait.
func (w *Writer) gather(ctx context.Context) {
	var timeout <-chan time.Time
	for w.waitingJobs() < w.usual {
		if timeout == nil {
			timer := time.NewTimer(linger)
			defer timer.Stop()
			timeout = timer.C
		}
		select {
		case <-w.arrived:
		case <-timeout:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (w *Writer) waitingJobs() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.queue)
}

// next does one group of what waits; false: nothing does.
func (w *Writer) next() bool {
	jobs := w.take()
	if len(jobs) == 0 {
		return false
	}
	w.group(jobs)
	// Those that came meanwhile and those that now have their answer may come together the next time.
	w.usual = len(jobs) + w.waitingJobs()
	return true
}

// take gives the next group's jobs in the order they came.
func (w *Writer) take() []*pending {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, units := 0, 0
	for n < len(w.queue) && (n == 0 || units+w.queue[n].units <= groupUnits) {
		units += w.queue[n].units
		w.bytes -= w.queue[n].bytes
		n++
	}
	w.units -= units
	jobs := w.queue[:n:n]
	if w.queue = w.queue[n:]; len(w.queue) == 0 {
		w.queue = nil
	}
	return jobs
}

// down closes the doors: the database cannot keep things just now. Those that wait are told.
func (w *Writer) down(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = err
	for _, p := range w.queue {
		p.fail(err)
	}
	w.queue, w.units, w.bytes = nil, 0, 0
}

// awaitDatabase returns when the doors are open: while they are not, it tries from time to time whether a group can
// begin.
func (w *Writer) awaitDatabase(ctx context.Context) {
	w.mu.Lock()
	isDown := w.closed != nil
	w.mu.Unlock()
	if !isDown {
		return
	}
	ticker := time.NewTicker(probeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		g, err := w.engine.Begin(ctx, 0, &record.Need{})
		if err != nil {
			continue
		}
		g.Rollback()
		w.setClosed(nil)
		w.log.Info("the database keeps things again")
		return
	}
}
