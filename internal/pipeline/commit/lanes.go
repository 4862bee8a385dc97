package commit

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/dealwright/dealwright/internal/pipeline"
)

// lanes are the processors on sources of which a live execution waits that can run by itself, as far as this node knows.
// What comes in for one is kept and not run at once, so that it does not overtake. What another node keeps waiting is
// known from the queue's next look on; until then the marks of records keep what is newer.
type lanes struct {
	any  atomic.Bool // there are some: all that a delivery costs while there are none
	mu   sync.Mutex
	last uint64                   // counts additions
	busy map[pipeline.Lane]uint64 // with the count of its last addition
}

// has reports whether something waits in a lane.
func (l *lanes) has(lane pipeline.Lane) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, busy := l.busy[lane]
	return busy
}

// add says that something waits in a lane.
func (l *lanes) add(lane pipeline.Lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last++
	if l.busy == nil {
		l.busy = map[pipeline.Lane]uint64{}
	}
	l.busy[lane] = l.last
	l.any.Store(true)
}

func (l *lanes) now() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// settle makes those found the only ones, but for those added after a count.
func (l *lanes) settle(found []pipeline.Lane, after uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	newer := maps.Clone(l.busy)
	maps.DeleteFunc(newer, func(_ pipeline.Lane, added uint64) bool { return added <= after })
	l.busy = map[pipeline.Lane]uint64{}
	for _, lane := range found {
		l.busy[lane] = after
	}
	maps.Copy(l.busy, newer)
	l.any.Store(len(l.busy) > 0)
}

// LearnOrder looks what waits, by a question to the database, and keeps back what comes in behind that.
func (w *Writer) LearnOrder(look func() ([]pipeline.Lane, error)) error {
	before := w.lanes.now()
	found, err := look()
	if err == nil {
		w.lanes.settle(found, before)
	}
	return err
}
