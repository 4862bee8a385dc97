package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// count is what the answers said so far.
type count struct {
	calls, refused, deliveries, repeats       int
	succeeded, skipped, partial, failed, wait int
	created, updated                          int
}

func (n *count) line(at time.Time) string {
	return fmt.Sprintf("%s   %d calls, %d refused   %d deliveries, %d repeats   runs: %d succeeded, %d skipped, %d partial, %d failed   records: %d new, %d changed",
		at.Format("15:04"), n.calls, n.refused, n.deliveries, n.repeats, n.succeeded, n.skipped, n.partial, n.failed, n.created, n.updated)
}

// play sends the rest of the day.
func (c *Company) play(ctx context.Context, api *client, o Options, save func() error) error {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return err
	}
	if c.Day == 0 {
		c.Day, c.Date, c.Next = 1, o.Now().In(zone).Format(time.DateOnly), 0
	}
	date, err := time.ParseInLocation(time.DateOnly, c.Date, zone)
	if err != nil {
		return fmt.Errorf("%s: the date: %w", File, err)
	}
	events := Day(c.Day, date)
	first, last := events[0].At, events[len(events)-1].At
	if c.Next >= len(events) {
		c.Day, c.Date, c.Next = c.Day+1, o.Now().In(zone).Format(time.DateOnly), 0
		return c.play(ctx, api, o, save)
	}
	if o.Length > 0 {
		fmt.Fprintf(o.Out, "  Working day %d: %d webhooks in %s, from %s on. Ctrl-C ends it; the next start goes on from there.\n\n",
			c.Day, len(events), o.Length, events[c.Next].At.Format("15:04"))
	}
	pace := float64(o.Length) / float64(last.Sub(first))
	began, from := time.Now(), events[c.Next].At
	var n count
	show := shower{out: o.Out, tick: o.Tick}
	for ; c.Next < len(events); c.Next++ {
		e := events[c.Next]
		due := began.Add(time.Duration(float64(e.At.Sub(from)) * pace))
		if err := wait(ctx, time.Until(due)); err != nil {
			break
		}
		if err := c.send(ctx, api, e, &n); err != nil {
			if ctx.Err() != nil {
				break
			}
			return err
		}
		if !c.Linked && e.At.After(first.Add(90*time.Minute)) {
			if err := c.link(ctx, api); err != nil && ctx.Err() == nil {
				return fmt.Errorf("link identities: %w", err)
			}
			c.Linked = true
		}
		if show.due() {
			show.print(n.line(e.At), false)
			if err := save(); err != nil {
				return err
			}
		}
	}
	show.print(n.line(events[min(c.Next, len(events)-1)].At), true)
	if ctx.Err() == nil {
		fmt.Fprintf(o.Out, "\n  The day is over. The server goes on; Ctrl-C ends it, and the next start plays another day.\n")
	}
	return save()
}

// wait ends when d has passed, or with the error of ctx.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// answer is what the doors say, as far as it is counted.
type answer struct {
	Data struct {
		delivery
		Deliveries []delivery `json:"deliveries"`
		Records    []touched  `json:"records"` // of a fixed webhook
	} `json:"data"`
}

type delivery struct {
	ID         string `json:"delivery_id"`
	Duplicate  bool   `json:"duplicate"`
	Executions []struct {
		Status  string    `json:"status"`
		Records []touched `json:"records"`
	} `json:"executions"`
}

type touched struct {
	Outcome string `json:"outcome"`
}

func (c *Company) send(ctx context.Context, api *client, e Event, n *count) error {
	door, ok := c.Doors[e.Door]
	if !ok || door.URL == "" { // switched off when the company was set up
		return nil
	}
	status, text, err := api.hook(ctx, door.URL, door.Key, e)
	if err != nil {
		return err
	}
	n.calls++
	if status >= http.StatusInternalServerError {
		return fmt.Errorf("the server answered %d to a webhook: %s", status, text)
	}
	if status != http.StatusOK {
		n.refused++
		return nil
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return fmt.Errorf("the answer to a webhook is no JSON: %w", err)
	}
	deliveries := a.Data.Deliveries
	if deliveries == nil {
		deliveries = []delivery{a.Data.delivery}
	}
	for _, d := range deliveries {
		n.add(d)
	}
	n.touch(a.Data.Records)
	return nil
}

func (n *count) add(d delivery) {
	if d.Duplicate {
		n.repeats++
		return
	}
	n.deliveries++
	for _, e := range d.Executions {
		switch e.Status {
		case "succeeded":
			n.succeeded++
		case "skipped":
			n.skipped++
		case "partial":
			n.partial++
		case "failed":
			n.failed++
		case "waiting":
			n.wait++
		}
		n.touch(e.Records)
	}
}

func (n *count) touch(records []touched) {
	for _, r := range records {
		switch r.Outcome {
		case "created":
			n.created++
		case "updated":
			n.updated++
		}
	}
}

// shower prints the counts: on a terminal one line that moves, elsewhere a line now and then.
type shower struct {
	out   io.Writer
	tick  bool
	last  time.Time
	width int
}

func (s *shower) due() bool {
	every := 5 * time.Second
	if s.tick {
		every = 200 * time.Millisecond
	}
	return time.Since(s.last) >= every
}

func (s *shower) print(line string, end bool) {
	s.last = time.Now()
	if !s.tick {
		fmt.Fprintln(s.out, "  "+line)
		return
	}
	fmt.Fprint(s.out, "\r  "+line+strings.Repeat(" ", max(0, s.width-len(line))))
	s.width = len(line)
	if end {
		fmt.Fprintln(s.out)
	}
}
