package trial

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// benchSpec is the spec of the bench: three identities, a date, a branch, two records.
const benchSpec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - {type: upsert_team_external_identity, id: s1, external_id: =event.team.id, external_name: =event.team.name, return_as: team}
  - {type: upsert_agent_external_identity, id: s2, external_id: =event.agent.id, external_name: '=implode_with_spaces(event.agent.first_name, event.agent.last_name)', team_external_identity: =team, return_as: agent}
  - {type: upsert_proposition_external_identity, id: s3, external_id: =event.product.id, external_name: =event.product.name, return_as: product}
  - {type: define_variable, id: s4, value: =parse_datetime(event.conversation.closed_at), return_as: closed}
  - {type: upsert_activity, id: s5, external_id: '=concat(event.id, " | closed")', activity_type: '=concat("Conversation | ", event.conversation.outcome)', agent_external_identity: =agent, moment: =closed, contact_key: =event.contact.key, team_external_identity: =team}
  - type: if_else
    id: s6
    condition: =equals(event.conversation.outcome, "sale")
    then:
      - {type: upsert_sale, id: s7, external_id: =event.id, agent_external_identity: =agent, proposition_external_identity: =product, sold_at: =closed, contract_value: =parse_number(event.amount), contact_key: =event.contact.key}
    else:
      - {type: stop, id: s8, reason: no sale}
`

func benchItem(n int) []byte {
	return fmt.Appendf(nil, `{"id":"conv-%016x","event":"conversation.closed","sent_at":"2026-11-20T10:21:05","agent":{"id":%d,"first_name":"Sanne","last_name":"Visser 17","email":"agent17@example.test"},"team":{"id":"team-%d","name":"Buitendienst 3"},"product":{"id":"GV2","name":"Groen Vast 2 jaar"},"conversation":{"outcome":"sale","closed_at":"2026-11-20 10:21:04","duration":933,"channel":"door","campaign":"herfst-2026"},"contact":{"key":"c-%08x","city":"Zwolle"},"amount":"1203.50","currency":"EUR","tags":["nieuw","regio-noord"]}`,
		n, n%200, n%10, uint32(n)*2654435761)
}

func benchSubject(b testing.TB, source string) *subject {
	lib := library.Standard()
	spec, problems, _ := text.ReadYAML([]byte(source), lib)
	if tree.HasErrors(problems) {
		b.Fatal(problems)
	}
	s := &subject{
		processor: processor.Processor{ID: 4, TenantID: 1, SourceModel: "webhook.payload", Version: 1}, tenant: &plan.Tenant{ID: 1, Zone: "Europe/Amsterdam", Country: "+31"},
		links: []processor.Link{{SourceID: 3, ProcessorID: 4}},
	}
	s.settings.TimeZone, s.settings.Country = "Europe/Amsterdam", "+31"
	if err := s.use(lib, spec, 1, false); err != nil {
		b.Fatal(err)
	}
	return s
}

// clock is a store that is asked for the time only.
type clock struct{ Store }

func (clock) Now() int64 { return 1765389600_000000 }

// BenchmarkBacktest is a backtest but for the database: reading the bodies, both versions on what was loaded, the
// comparison. A draft that differs in one field of each record is tried; `same` is the live version over itself.
func BenchmarkBacktest(b *testing.B) {
	for name, draft := range map[string]string{"same": benchSpec, "other": strings.Replace(benchSpec, `"Conversation | "`, `"Talk | "`, 1)} {
		b.Run(name, func(b *testing.B) {
			const deliveries = 10_000
			all := make([]pipeline.Delivery, deliveries)
			for i := range all {
				all[i] = pipeline.Delivery{Number: int64(i + 1), TenantID: 1, ProviderID: 2, SourceID: 3, ReceivedAt: 1765389600_000000, Body: benchItem(i)}
			}
			d := &Desk{Library: library.Standard(), Store: clock{}}
			live, tried := benchSubject(b, benchSpec), benchSubject(b, draft)
			var wanted record.Need
			backtest := func(load func(context.Context, *record.Need) (*record.Loaded, error)) {
				t := d.newBacktest(tried)
				t.load = load
				t.ran = func(context.Context, []int64) (map[int64]Ran, error) { return nil, nil }
				t.live = t.tried.beside(live)
				t.known = recognizer{[]string{"id"}}
				if err := t.linkSources(b.Context()); err != nil {
					b.Fatal(err)
				}
				t.tried.stage.LoadMore(&wanted, &record.Loaded{})
				t.live.stage.LoadMore(&wanted, &record.Loaded{})
				for part := range slices.Chunk(all, pieceDeliveries) {
					p := &piece{}
					if err := errors.Join(p.read(tried, part, t.leaveOut), t.piece(b.Context(), p)); err != nil {
						b.Fatal(err)
					}
				}
				if t.out.Deliveries != deliveries || len(t.said.order) > 0 == (name == "same") {
					b.Fatalf("%d deliveries, %d differences", t.out.Deliveries, len(t.said.order))
				}
			}
			backtest(func(_ context.Context, need *record.Need) (*record.Loaded, error) {
				wanted.Add(need)
				return &record.Loaded{}, nil
			})
			wanted.Normalize()
			b.ReportAllocs()
			before := cpuTime(b)
			for b.Loop() {
				backtest(func(context.Context, *record.Need) (*record.Loaded, error) {
					return nil, errors.New("all that is wanted was loaded")
				})
			}
			b.ReportMetric(float64(b.N)*deliveries/b.Elapsed().Seconds(), "deliveries/s")
			b.ReportMetric(float64(b.N)*deliveries/(cpuTime(b)-before).Seconds(), "deliveries/core-s")
		})
	}
}

// cpuTime is what the process has used so far on all cores, its garbage collector included: that is what one core has to
// do, however busy the machine is with other things.
func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// TestBareRunsEndAlike: a bare run of a backtest ends as one that is kept, and writes the same, but for answers and digest.
func TestBareRunsEndAlike(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"sale":    string(benchItem(1)),
		"stopped": strings.Replace(string(benchItem(2)), `"sale"`, `"callback"`, 1),
		"failed":  strings.Replace(string(benchItem(3)), `"2026-11-20 10:21:04"`, `"soon"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := benchSubject(t, benchSpec)
			d := &pipeline.Delivery{Number: 7, TenantID: 1, ProviderID: 2, SourceID: 3, ReceivedAt: 1765389600_000000, Body: []byte(body)}
			item, err := execute.Item(d, nil)
			if err != nil {
				t.Fatal(err)
			}
			link, err := (&Desk{Library: library.Standard()}).linkOf(t.Context(), s, 3, nil)
			if err != nil {
				t.Fatal(err)
			}
			end := func(bare bool) (*pipeline.Execution, []write) {
				seen := &watch{}
				unit := s.unit(link, d, item, nil, seen)
				unit.Bare = bare
				stage := record.NewOverlay(1)
				stage.Begin()
				var missing *record.NotLoaded
				if err := unit.Run(stage); !errors.As(err, &missing) {
					t.Fatal(err)
				}
				stage.Unwind(0)
				stage.LoadMore(stage.Wanted(), &record.Loaded{})
				seen.reset()
				if err := unit.Run(stage); err != nil {
					t.Fatal(err)
				}
				e := *unit.Outcome().Execution
				if (len(e.Digest) == 0) != bare || bare && e.Answers != nil {
					t.Errorf("bare %t: digest %x, answers %x", bare, e.Digest, e.Answers)
				}
				e.Digest, e.Answers, e.ID = nil, nil, 0
				return &e, seen.writes
			}
			kept, wrote := end(false)
			bare, also := end(true)
			if diff := cmp.Diff(kept, bare, cmp.Comparer(value.Value.Equal), cmpopts.IgnoreUnexported(run.DataError{})); diff != "" {
				t.Error(diff)
			}
			if !same(wrote, also) {
				t.Errorf("it wrote %v, and bare %v", wrote, also)
			}
		})
	}
}
