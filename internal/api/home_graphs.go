package api

import (
	"time"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pulse"
)

// TimesView is how long something took, by bucket, in milliseconds.
type TimesView struct {
	P50 []*float64 `json:"p50_ms" nullable:"false" doc:"null: there was nothing."`
	P95 []*float64 `json:"p95_ms" nullable:"false"`
}

// FailureOf is what executions of one processor failed of. One with several errors is counted for each of their codes.
type FailureOf struct {
	Processor   named   `json:"processor"`
	Code        string  `json:"code"`
	Message     string  `json:"message" said:"ours" unless:"failed" doc:"Of the last."`
	ExecutionID string  `json:"execution_id" doc:"The last that failed so."`
	Executions  []int64 `json:"executions" nullable:"false" doc:"By when they were made: what /v1/executions lists with this processor_id, error_code and kind=real, after and before the edges."`
	Total       int64   `json:"total"`
}

// LinkRate is how many of the records that name an agent count for somebody.
type LinkRate struct {
	Named   []int64     `json:"named" nullable:"false" doc:"New records that name an agent, but for those of ignored identities."`
	Linked  []int64     `json:"linked" nullable:"false" doc:"Those among them whose agent is linked now."`
	Backlog []BacklogOf `json:"backlog" nullable:"false" doc:"Providers with identities of agents that are not linked, the most first."`
}

// BacklogOf is what is to be linked at a provider.
type BacklogOf struct {
	Provider named     `json:"provider"`
	Count    int64     `json:"count"`
	More     bool      `json:"more" doc:"There are more than were counted."`
	Since    time.Time `json:"since" doc:"When the oldest was seen first."`
}

// FreshnessOf is how long after the moments that they tell of the records of a source were here, in milliseconds. Records of
// what is still to come are left out.
type FreshnessOf struct {
	Provider named      `json:"provider"`
	Source   *named     `json:"source" doc:"null: the fixed webhooks of the provider."`
	Records  int64      `json:"records"`
	P50      float64    `json:"p50_ms"`
	P95      float64    `json:"p95_ms"`
	Medians  []*float64 `json:"medians_ms" nullable:"false" doc:"By bucket; null: no record came."`
}

// FlowView is what went where: the deliveries of sources are in sources.
type FlowView struct {
	Runs    []FlowRuns    `json:"runs" nullable:"false"`
	Records []FlowRecords `json:"records" nullable:"false"`
}

// FlowRuns is what a processor ran of what a source brought.
type FlowRuns struct {
	SourceID   string `json:"source_id"`
	Processor  named  `json:"processor"`
	Executions int64  `json:"executions"`
	Failed     int64  `json:"failed"`
}

// FlowRecords is the new records of a kind that a processor made, or the fixed webhooks of a provider.
type FlowRecords struct {
	ProviderID  *string `json:"provider_id" doc:"Of fixed webhooks; else null."`
	ProcessorID *string `json:"processor_id" doc:"null: fixed webhooks."`
	Kind        string  `json:"kind" enum:"activity,sale,call,period,anonymous_activity"`
	Records     int64   `json:"records"`
}

// merged puts the histograms of the spans of each bucket together.
func (b homeBuilder) merged(steps map[int64]map[int]int64) []map[int]int64 {
	all := make([]map[int]int64, len(b.edges)-1)
	b.each(func(i int, at int64) {
		for step, n := range steps[at] {
			if all[i] == nil {
				all[i] = map[int]int64{}
			}
			all[i][step] += n
		}
	})
	return all
}

func quantiles(buckets []map[int]int64, q float64) []*float64 {
	all := make([]*float64, len(buckets))
	for i, steps := range buckets {
		if len(steps) > 0 {
			v := pulse.Quantile(steps, q)
			all[i] = &v
		}
	}
	return all
}

func (b homeBuilder) took() TimesView {
	buckets := b.merged(b.seen.Took)
	return TimesView{quantiles(buckets, 0.5), quantiles(buckets, 0.95)}
}

// counted adds up counts by bucket.
func (b homeBuilder) counted(by map[int64]int64) (all []int64, total int64) {
	all = make([]int64, len(b.edges)-1)
	b.each(func(i int, at int64) {
		all[i] += by[at]
		total += by[at]
	})
	return all, total
}

func (b homeBuilder) failures() []FailureOf {
	all := []FailureOf{}
	for _, x := range b.seen.Failures {
		f := FailureOf{Processor: named{id.Format(id.Processor, x.ProcessorID), x.ProcessorName}, Code: x.Code, Message: x.Message, ExecutionID: id.Format(id.Execution, x.ExecutionID)}
		if f.Executions, f.Total = b.counted(x.Executions); f.Total > 0 {
			all = append(all, f)
		}
	}
	return all
}

func (b homeBuilder) links() LinkRate {
	l := LinkRate{Backlog: []BacklogOf{}}
	unlinked, _ := b.counted(b.seen.Links.Unlinked)
	l.Named, _ = b.counted(b.seen.Links.Named)
	l.Linked = make([]int64, len(l.Named))
	for i, n := range l.Named {
		l.Linked[i] = n - unlinked[i]
	}
	for _, x := range b.seen.Backlog {
		l.Backlog = append(l.Backlog, BacklogOf{Provider: named{id.Format(id.Provider, x.ProviderID), x.ProviderName}, Count: x.Count, More: x.More, Since: at(x.Since)})
	}
	return l
}

func (b homeBuilder) freshness() []FreshnessOf {
	all := []FreshnessOf{}
	for _, x := range b.seen.Fresh {
		f := FreshnessOf{Provider: named{id.Format(id.Provider, x.ProviderID), x.ProviderName}}
		if x.ID != 0 {
			f.Source = &named{id.Format(id.Source, x.ID), x.Name}
		}
		buckets, whole := b.merged(x.Steps), map[int]int64{}
		for _, steps := range buckets {
			for step, n := range steps {
				whole[step] += n
				f.Records += n
			}
		}
		f.P50, f.P95, f.Medians = pulse.Quantile(whole, 0.5), pulse.Quantile(whole, 0.95), quantiles(buckets, 0.5)
		if f.Records > 0 {
			all = append(all, f)
		}
	}
	return all
}

func (b homeBuilder) flow() FlowView {
	v := FlowView{Runs: []FlowRuns{}, Records: []FlowRecords{}}
	for _, x := range b.seen.Runs {
		v.Runs = append(v.Runs, FlowRuns{id.Format(id.Source, x.SourceID), named{id.Format(id.Processor, x.ProcessorID), x.ProcessorName}, x.Executions, x.Failed})
	}
	for _, x := range b.seen.Made {
		v.Records = append(v.Records, FlowRecords{idOrNull(id.Provider, x.ProviderID), idOrNull(id.Processor, x.ProcessorID), x.Kind, x.Records})
	}
	return v
}
