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

// Count is what the answers have said so far.
type Count struct {
	Calls     int `json:"calls"`
	Refused   int `json:"refused"`
	Repeats   int `json:"repeats"`
	Succeeded int `json:"succeeded"`
	Skipped   int `json:"skipped"`
	Partial   int `json:"partial"`
	Failed    int `json:"failed"`
	Created   int `json:"created"`
	Updated   int `json:"updated"`
}

func (n *Count) line(at time.Time) string {
	return fmt.Sprintf("%s  %d calls (%d refused, %d repeated)  runs: %d succeeded, %d skipped, %d partial, %d failed  records: %d new, %d changes",
		at.Format("15:04"), n.Calls, n.Refused, n.Repeats, n.Succeeded, n.Skipped, n.Partial, n.Failed, n.Created, n.Updated)
}

// play sends the rest of the day.
func (c *Company) play(ctx context.Context, api *client, o Options, save func() error) error {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return err
	}
	if c.Day == 0 {
		c.Day, c.Date, c.Next = 1, LastOver(o.Now().In(zone)).Format(time.DateOnly), 0
	}
	date, err := time.ParseInLocation(time.DateOnly, c.Date, zone)
	if err != nil {
		return fmt.Errorf("%s: the date: %w", File, err)
	}
	events := Day(c.Day, date)
	first, last := events[0].At, events[len(events)-1].At
	if c.Next >= len(events) {
		c.Day, c.Date, c.Next = c.Day+1, LastOver(o.Now().In(zone)).Format(time.DateOnly), 0
		return c.play(ctx, api, o, save)
	}
	if o.Length > 0 {
		fmt.Fprintf(o.Out, "  Working day %d: %d webhooks in %s, from %s on. Ctrl-C ends it; the next start goes on from there.\n\n",
			c.Day, len(events), o.Length, events[c.Next].At.Format("15:04"))
	}
	pace := float64(o.Length) / float64(last.Sub(first))
	began, from := time.Now(), events[c.Next].At
	show := shower{out: o.Out, tick: o.Tick}
	for ; c.Next < len(events); c.Next++ {
		e := events[c.Next]
		due := began.Add(time.Duration(float64(e.At.Sub(from)) * pace))
		if err := wait(ctx, time.Until(due)); err != nil {
			break
		}
		if err := c.send(ctx, api, e); err != nil {
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
			show.print(c.Count.line(e.At), false)
			if err := save(); err != nil {
				return err
			}
		}
	}
	show.print(c.Count.line(events[min(c.Next, len(events)-1)].At), true)
	if ctx.Err() == nil {
		fmt.Fprintf(o.Out, "\n  The day is over. The server goes on; Ctrl-C ends it, and the next start plays another day.\n")
	}
	return save()
}

// LastOver is the last day that is over: all that its webhooks tell of has happened, at whatever hour it is played.
func LastOver(now time.Time) time.Time {
	if now.Hour() < over {
		return now.AddDate(0, 0, -1)
	}
	return now
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
		Record     touched    `json:"record"` // of a fixed webhook
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

func (c *Company) send(ctx context.Context, api *client, e Event) error {
	n := &c.Count
	door, ok := c.Doors[e.Door]
	if !ok { // switched off when the company was set up
		return nil
	}
	status, text, err := api.hook(ctx, door.Path, door.Key, e)
	if err != nil {
		return err
	}
	n.Calls++
	if status >= http.StatusInternalServerError {
		return fmt.Errorf("the server answered %d to a webhook: %s", status, text)
	}
	if status != http.StatusOK {
		n.Refused++
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
	n.touch([]touched{a.Data.Record})
	return nil
}

func (n *Count) add(d delivery) {
	if d.Duplicate {
		n.Repeats++
		return
	}
	for _, e := range d.Executions {
		switch e.Status {
		case "succeeded":
			n.Succeeded++
		case "skipped":
			n.Skipped++
		case "partial":
			n.Partial++
		case "failed":
			n.Failed++
		}
		n.touch(e.Records)
	}
}

func (n *Count) touch(records []touched) {
	for _, r := range records {
		switch r.Outcome {
		case "created":
			n.Created++
		case "updated":
			n.Updated++
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
