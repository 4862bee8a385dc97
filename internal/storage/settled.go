package storage

import (
	"context"
	"sync"
	"time"
)

// settled says up to which number everything is committed, or never will be. Where numbers are drawn inside the one write
// transaction that is the next number. Elsewhere a transaction may still be under way with a lower number than others
// have committed: a number is settled when all transactions have ended that were under way some time after it was drawn.
type settled struct {
	mu    sync.Mutex
	marks []mark // in the order in which they were made
	upto  int64
}

// mark is a number that was the next one, and a transaction that began later; 0: not known yet.
type mark struct {
	next, before int64
	made         time.Time
}

// settleAge is how old a mark must be: far longer than from the drawing of a number to the first row that has it.
const settleAge = time.Second

// Settled gives the number below which all is there to be read, in any transaction that begins later.
func (db *DB) Settled(ctx context.Context) (int64, error) {
	var next, oldest, newest int64
	err := db.Read(ctx, func(tx *Tx) error { return tx.QueryRow(db.b.Next).Scan(&next, &oldest, &newest) })
	if err != nil || newest == 0 {
		return next, err
	}
	s := &db.settled
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.marks[:0]
	for _, m := range s.marks {
		if m.before == 0 && time.Since(m.made) >= settleAge {
			m.before = newest
		}
		if m.before != 0 && oldest >= m.before {
			s.upto = max(s.upto, m.next)
			continue
		}
		kept = append(kept, m)
	}
	s.marks = kept
	if n := len(kept); n == 0 || time.Since(kept[n-1].made) >= settleAge {
		s.marks = append(kept, mark{next: next, made: time.Now()})
	}
	return s.upto, nil
}
