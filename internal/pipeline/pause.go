package pipeline

import (
	"math/rand/v2"
	"time"

	"github.com/dealwright/dealwright/internal/provider"
)

// Breaker says when a provider that fails is left alone, and for how long.
type Breaker struct {
	Failures       int // in a row; 0: however often it fails
	First, Longest time.Duration
}

// Failed gives the pause after one more fetch that failed. Those that were under way when the provider was left alone say
// nothing new.
func (b Breaker) Failed(p provider.Pause, end FetchEnd, now int64) provider.Pause {
	if p.Tripped && end.Epoch != p.Probe {
		p.Until = max(p.Until, end.NotBefore)
		return p
	}
	if p.Failures == 0 {
		p.Since = now
	}
	p.Failures, p.Why, p.Probe = p.Failures+1, end.Failed, 0
	p.Tripped = b.Failures > 0 && p.Failures >= b.Failures
	p.Until = end.NotBefore
	if p.Tripped {
		p.Until = max(p.Until, now+Backoff(b.First, b.Longest, p.Failures-b.Failures).Microseconds())
	}
	return p
}

// Backoff is the pause after so many failures before: the first one, doubled each time up to the longest, and half to one
// and a half times that, so that those that failed together do not come back together.
func Backoff(first, longest time.Duration, times int) time.Duration {
	pause := first << min(times, 30)
	if pause > longest || pause <= 0 {
		pause = longest
	}
	return pause/2 + rand.N(pause)
}
