package api

import (
	"context"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/pulse"
)

func (s *Server) homeRows() []Row {
	return []Row{{"GET", "/v1/home", access.ReadData, "How things go: what comes in, what becomes of it, and what needs a person", one(s.home)}}
}

type homeInput struct {
	Range string `query:"range" enum:"1h,24h,7d,30d" doc:"24h, unless said."`
}

// HomeView is one answer for the whole page.
type HomeView struct {
	Range     string        `json:"range"`
	Zone      string        `json:"time_zone"`
	Edges     []time.Time   `json:"edges" nullable:"false" doc:"The beginnings of the buckets, and the end of the last."`
	Sources   []SourcePulse `json:"sources" nullable:"false" doc:"Those that are not as usual first."`
	Outcomes  OutcomePulse  `json:"outcomes"`
	Versions  []VersionMark `json:"versions" nullable:"false"`
	Needs     []Need        `json:"needs" nullable:"false"`
	Latency   []LatencyOf   `json:"latency" nullable:"false" doc:"From delivery to record."`
	Took      TimesView     `json:"took" doc:"From delivery to record, of all processors."`
	Failures  []FailureOf   `json:"failures" nullable:"false" doc:"What fails most often, by processor and code of the first error: eight at most, the most frequent first."`
	Links     LinkRate      `json:"links"`
	Freshness []FreshnessOf `json:"freshness" nullable:"false" doc:"From the moment that a record tells of to the record here, by source."`
	Flow      FlowView      `json:"flow"`
	CountedTo time.Time     `json:"counted_to" doc:"What came in before is counted."`
}

// SourcePulse is what comes in by one source.
type SourcePulse struct {
	Provider   named   `json:"provider"`
	Source     *named  `json:"source" doc:"null: the fixed webhooks of the provider."`
	Deliveries []int64 `json:"deliveries" nullable:"false"`
	Band       []Usual `json:"band" nullable:"false" doc:"What is usual, one for each bucket; empty where there are not three weeks of history."`
	Total      int64   `json:"total"`
	LastHour   int64   `json:"last_hour" doc:"In the last sixty minutes, by spans of five minutes: the present one and the eleven before it."`
	Usual      *Usual  `json:"usual" doc:"For the past sixty minutes: of the hours of the clock that they lie in, the least and the most. The state is of these minutes, too."`
	State      string  `json:"state" enum:"usual,silent,burst,unknown" doc:"silent: nothing came in the past sixty minutes, in hours in which always something does; burst: more than twice the most that is usual; unknown: there are not three weeks of history, or what came in is not counted yet."`
}

// Usual is the least and the most of the same hour of the week in the eight weeks before.
type Usual struct {
	Low  int64 `json:"low"`
	High int64 `json:"high"`
}

// OutcomePulse is what became of executions, each counted by the most that it did.
type OutcomePulse struct {
	Created   []int64 `json:"created" nullable:"false"`
	Updated   []int64 `json:"updated" nullable:"false"`
	Unchanged []int64 `json:"unchanged" nullable:"false"`
	Skipped   []int64 `json:"skipped" nullable:"false"`
	Failed    []int64 `json:"failed" nullable:"false"`
}

// VersionMark is the saving of a spec.
type VersionMark struct {
	Processor named     `json:"processor"`
	Version   int       `json:"version"`
	At        time.Time `json:"at"`
}

// Need is something that needs a person.
type Need struct {
	Kind        string     `json:"kind" enum:"failing,unlinked,suspended,waiting,paused"`
	Reason      *string    `json:"reason" doc:"Of what waits: incomplete_link, suspended, disabled, asked."`
	EntityKind  *string    `json:"entity_kind" doc:"Of identities that are not linked."`
	Thing       *named     `json:"thing" doc:"The processor, or the provider whose enrichments are paused."`
	Count       int64      `json:"count"`
	More        bool       `json:"more" doc:"There are more than were counted."`
	Since       *time.Time `json:"since"`
	Code        *string    `json:"code"`
	Instruction *string    `json:"instruction_id"`
	Message     *string    `json:"message" said:"ours" unless:"failed"`
	ExecutionID *string    `json:"execution_id" doc:"The last that failed so."`
}

// LatencyOf is how long the executions of a processor took, from delivery to record, in milliseconds.
type LatencyOf struct {
	Processor named   `json:"processor"`
	Runs      int64   `json:"runs"`
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms"`
}

// edges are the buckets of a range: five minutes, an hour, four hours, a day.
func edges(name string, now time.Time) (span int64, list []time.Time) {
	hour := now.Add(-time.Duration(now.Minute())*time.Minute - time.Duration(now.Second())*time.Second - time.Duration(now.Nanosecond()))
	back := func(end time.Time, step time.Duration, n int) (list []time.Time) {
		for i := n; i >= 0; i-- {
			list = append(list, end.Add(-time.Duration(i)*step))
		}
		return list
	}
	switch name {
	case "1h":
		return pulse.Fine, back(now.Truncate(5*time.Minute).Add(5*time.Minute), 5*time.Minute, 12)
	case "7d":
		return pulse.Hour, back(hour.Add(time.Hour), 4*time.Hour, 42)
	case "30d":
		w, _ := metric.NewWindow(now.AddDate(0, 0, -29), now, metric.Day, now.Location()) // thirty days are not too many
		for _, e := range w.Edges {
			list = append(list, time.UnixMicro(e).In(now.Location()))
		}
		return pulse.Hour, list
	}
	return pulse.Hour, back(hour.Add(time.Hour), time.Hour, 24)
}

// lastHour is the beginning of the eleven spans of five minutes before the present one.
func lastHour(now time.Time) int64 {
	const span = pulse.Fine * time.Second
	return now.Truncate(span).Add(span - time.Hour).UnixMicro()
}

func (s *Server) home(ctx context.Context, in *homeInput) (HomeView, error) {
	t, err := s.Store.Tenant(ctx, caller(ctx).TenantID)
	if err != nil {
		return HomeView{}, err
	}
	zone, err := time.LoadLocation(t.TimeZone)
	if err != nil {
		return HomeView{}, err
	}
	if in.Range == "" {
		in.Range = "24h"
	}
	span, list := edges(in.Range, s.Now().In(zone))
	first := list[0].AddDate(0, 0, -7*pulse.Weeks)
	seen, err := s.Store.LookHome(ctx, pulse.Look{TenantID: t.ID, Span: span, From: list[0].UnixMicro(), To: list[len(list)-1].UnixMicro(), History: first.UnixMicro(), LastHour: lastHour(s.Now())})
	if err != nil {
		return HomeView{}, err
	}
	b := homeBuilder{seen: seen, edges: list, span: span, now: s.Now().In(zone)}
	v := HomeView{Range: in.Range, Zone: t.TimeZone, CountedTo: at(seen.CountedTo), Versions: []VersionMark{}, Needs: []Need{}, Latency: []LatencyOf{}}
	for _, e := range list {
		v.Edges = append(v.Edges, e.UTC())
	}
	v.Sources, v.Outcomes, v.Took, v.Failures = b.sources(), b.outcomes(), b.took(), b.failures()
	v.Links, v.Freshness, v.Flow = b.links(), b.freshness(), b.flow()
	for _, x := range seen.Versions {
		v.Versions = append(v.Versions, VersionMark{Processor: named{id.Format(id.Processor, x.ProcessorID), x.ProcessorName}, Version: x.Number, At: at(x.At)})
	}
	for _, p := range seen.Processors {
		l := LatencyOf{Processor: named{id.Format(id.Processor, p.ID), p.Name}, P50: pulse.Quantile(p.Steps, 0.5), P95: pulse.Quantile(p.Steps, 0.95)}
		for _, n := range p.Steps {
			l.Runs += n
		}
		v.Latency = append(v.Latency, l)
	}
	for _, x := range seen.Troubles {
		v.Needs = append(v.Needs, viewNeed(x))
	}
	return v, nil
}

func viewNeed(t pulse.Trouble) Need {
	n := Need{
		Kind: t.Kind, Reason: orNull(t.Reason), EntityKind: orNull(t.Noun), Count: t.Count, More: t.More, Since: atOrNull(t.Since),
		Code: orNull(t.Code), Instruction: orNull(t.Instruction), Message: orNull(t.Message), ExecutionID: idOrNull(id.Execution, t.ExecutionID),
	}
	prefix := id.Processor
	if t.Kind == "paused" {
		prefix = id.Provider
	}
	if t.ThingID != 0 {
		n.Thing = &named{id.Format(prefix, t.ThingID), t.Name}
	}
	return n
}

// homeBuilder sorts counts by span into the buckets of the page.
type homeBuilder struct {
	seen  pulse.Seen
	edges []time.Time
	span  int64
	now   time.Time
}

// each calls fn with each bucket and the beginnings of the spans in it.
func (b homeBuilder) each(fn func(bucket int, at int64)) {
	step := b.span * 1_000_000
	for i := range len(b.edges) - 1 {
		from := b.edges[i].UnixMicro()
		for at := from - from%step; at < b.edges[i+1].UnixMicro(); at += step {
			if at >= from { // zones of half an hour: the span belongs to the bucket before
				fn(i, at)
			}
		}
	}
}

func (b homeBuilder) outcomes() OutcomePulse {
	n := len(b.edges) - 1
	o := OutcomePulse{make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)}
	b.each(func(i int, at int64) {
		x := b.seen.Outcomes[at]
		o.Created[i] += x.Created
		o.Updated[i] += x.Updated
		o.Unchanged[i] += x.Unchanged
		o.Skipped[i] += x.Skipped
		o.Failed[i] += x.Failed
	})
	return o
}

func (b homeBuilder) sources() []SourcePulse {
	n := len(b.edges) - 1
	unusual, usual := []SourcePulse{}, []SourcePulse{}
	zone := b.edges[0].Location()
	// What is not counted yet is no silence.
	counted := b.seen.CountedTo > b.now.Add(-pulse.Fine*time.Second).UnixMicro()
	for _, x := range b.seen.Sources {
		v := SourcePulse{Provider: named{id.Format(id.Provider, x.ProviderID), x.ProviderName}, Deliveries: make([]int64, n), Band: []Usual{}, State: pulse.Unknown}
		if x.ID != 0 {
			v.Source = &named{id.Format(id.Source, x.ID), x.Name}
		}
		var first int64
		for at := range x.History {
			if first == 0 || at < first {
				first = at
			}
		}
		band, complete := make([]Usual, n), first != 0
		b.each(func(i int, at int64) {
			v.Deliveries[i] += x.Deliveries[at]
			v.Total += x.Deliveries[at]
			if !complete {
				return
			}
			hour := time.UnixMicro(at - at%(pulse.Hour*1_000_000)).In(zone)
			u, ok := pulse.Usual(x.History, hour, first)
			complete = ok
			band[i].Low += u.Low * b.span / pulse.Hour
			band[i].High += (u.High*b.span + pulse.Hour - 1) / pulse.Hour
		})
		if complete {
			v.Band = band
		}
		v.LastHour = x.LastHour
		if u, ok := pulse.Recent(x.History, b.now, first); ok && first != 0 {
			v.Usual = &Usual{u.Low, u.High}
			if counted {
				v.State = u.State(x.LastHour, x.Before)
			}
		}
		if v.State == pulse.Silent || v.State == pulse.Burst {
			unusual = append(unusual, v)
		} else {
			usual = append(usual, v)
		}
	}
	return append(unusual, usual...)
}
