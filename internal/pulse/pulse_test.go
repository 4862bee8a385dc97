package pulse_test

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dealwright/dealwright/internal/pulse"
)

func TestUsualIsThisHourOfTheWeek(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	// A Monday at nine, three weeks after the clock went back: weeks before that the same hour is another moment in UTC.
	hour := time.Date(2026, 11, 16, 9, 0, 0, 0, zone)
	history := map[int64]int64{}
	for i, n := range []int64{5, 9, 0, 7} { // the third week before nothing came: it is not in the history at all
		if n > 0 {
			history[hour.AddDate(0, 0, -7*(i+1)).UnixMicro()] = n
		}
	}
	history[hour.AddDate(0, 0, -7).Add(time.Hour).UnixMicro()] = 100 // another hour
	history[hour.AddDate(0, 0, -6).UnixMicro()] = 100                // another day
	for name, tt := range map[string]struct {
		first time.Time
		want  pulse.Band
		ok    bool
	}{
		"two weeks are too few":                    {hour.AddDate(0, 0, -14), pulse.Band{Low: 5, High: 9}, false},
		"three, of which an hour without anything": {hour.AddDate(0, 0, -21), pulse.Band{Low: 0, High: 9}, true},
		"four, over the clock":                     {hour.AddDate(0, 0, -28), pulse.Band{Low: 0, High: 9}, true},
		"no history":                               {hour, pulse.Band{Low: -1}, false},
	} {
		if got, ok := pulse.Usual(history, hour, tt.first.UnixMicro()); got != tt.want || ok != tt.ok {
			t.Errorf("%s: %+v %t, want %+v %t", name, got, ok, tt.want, tt.ok)
		}
	}
	// What is more than eight weeks back does not count.
	history[hour.AddDate(0, 0, -7*9).UnixMicro()] = 1000
	if got, _ := pulse.Usual(history, hour, 0); got.High != 9 {
		t.Errorf("the band reaches up to %d", got.High)
	}
}

func TestRecentIsOfTheHoursThatSixtyMinutesLieIn(t *testing.T) {
	t.Parallel()
	nine := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	history := map[int64]int64{}
	for week := 1; week <= 4; week++ {
		history[nine.AddDate(0, 0, -7*week).UnixMicro()] = 10
		history[nine.Add(time.Hour).AddDate(0, 0, -7*week).UnixMicro()] = int64(20 * week)
	}
	first := nine.AddDate(0, 0, -28).UnixMicro()
	for _, tt := range []struct {
		now  time.Duration
		want pulse.Band
	}{
		{time.Hour, pulse.Band{Low: 10, High: 10}},
		{time.Hour + time.Microsecond, pulse.Band{Low: 10, High: 80}},
		{2 * time.Hour, pulse.Band{Low: 20, High: 80}},
		{2*time.Hour + time.Minute, pulse.Band{Low: 0, High: 80}}, // at eleven nothing comes
		{3*time.Hour + time.Minute, pulse.Band{Low: 0, High: 0}},
	} {
		if got, ok := pulse.Recent(history, nine.Add(tt.now), first); got != tt.want || !ok {
			t.Errorf("%s after nine it is %+v %t, want %+v", tt.now, got, ok, tt.want)
		}
	}
	if _, ok := pulse.Recent(history, nine.AddDate(0, 0, -7), first); ok {
		t.Error("three weeks of history are known after two")
	}
}

func TestState(t *testing.T) {
	t.Parallel()
	band := pulse.Band{Low: 4, High: 9}
	for _, tt := range []struct {
		lastHour, before int64
		want             string
	}{{0, 0, pulse.Silent}, {0, 1, pulse.AsUsual}, {1, 0, pulse.AsUsual}, {18, 0, pulse.AsUsual}, {19, 0, pulse.Burst}} {
		if got := band.State(tt.lastHour, tt.before); got != tt.want {
			t.Errorf("%d and %d before are %s, want %s", tt.lastHour, tt.before, got, tt.want)
		}
	}
	if got := (pulse.Band{High: 9}).State(0, 0); got != pulse.AsUsual {
		t.Errorf("nothing where nothing is usual is %s", got)
	}
}

// Quantiles of a histogram are at most a step above what sorting gives.
func TestQuantilesAreWithinAStep(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 16))
	for range 200 {
		all := make([]float64, 1+r.IntN(500)) // milliseconds
		runs := map[int]int64{}
		for i := range all {
			micros := int64(math.Exp(r.Float64() * 20))
			all[i] = float64(micros) / 1000
			runs[pulse.Step(micros)]++
		}
		slices.Sort(all)
		for _, q := range []float64{0.01, 0.5, 0.95, 1} {
			exact := all[int(math.Ceil(float64(len(all))*q))-1]
			got := pulse.Quantile(runs, q)
			if got < exact || got+1 > (exact+1)*math.Exp2(0.25)*1.000001 {
				t.Fatalf("quantile %g of %d is %g, and the histogram says %g", q, len(all), exact, got)
			}
		}
	}
	if got := pulse.Quantile(nil, 0.5); got != 0 {
		t.Errorf("the middle of nothing is %g", got)
	}
	if pulse.Step(-5) != 0 || pulse.Step(0) != 0 {
		t.Error("a clock that went back is no step at all")
	}
}

// counter has some rounds of work, fails once, and notes when it was asked.
type counter struct {
	left   int
	fails  int
	counts []time.Time
	sweeps int
}

func (c *counter) CountPulse(context.Context) (bool, error) {
	c.counts = append(c.counts, time.Now())
	if len(c.counts) == c.fails {
		return true, errors.New("the database is away")
	}
	c.left--
	return c.left > 0, nil
}

func (c *counter) SweepPulse(context.Context) error {
	c.sweeps++
	return nil
}

func TestRollerGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{left: 3, fails: 2}
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- (&pulse.Roller{Store: c, Log: slog.New(slog.DiscardHandler)}).Run(ctx) }()
		<-time.After(2*time.Hour + time.Second)
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the end of its context is %v", err)
		}
		var waits []time.Duration
		for i := range 4 {
			waits = append(waits, c.counts[i+1].Sub(c.counts[i]))
		}
		// At once while there is more; as always after a failure, and when it is done.
		want := []time.Duration{20 * time.Millisecond, 5 * time.Second, 20 * time.Millisecond, 5 * time.Second}
		if !slices.Equal(waits, want) {
			t.Errorf("it waited %v, want %v", waits, want)
		}
		if c.sweeps != 2 && c.sweeps != 3 {
			t.Errorf("swept %d times in two hours", c.sweeps)
		}
	})
}
