package compile_test

import (
	"testing"

	"github.com/dealwright/dealwright/internal/spec/compile"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// The spec of the bench: three identity upserts, a date, a branch, two record upserts.
const benchSpec = `spec: 1
source_model: webhook.payload
var: event
instructions:
  - type: upsert_team_external_identity
    id: s1
    external_id: =event.team.id
    external_name: =event.team.name
    return_as: team
  - type: upsert_agent_external_identity
    id: s2
    external_id: =event.agent.id
    external_name: =implode_with_spaces(event.agent.first_name, event.agent.last_name)
    team_external_identity: =team
    return_as: agent
  - type: upsert_proposition_external_identity
    id: s3
    external_id: =event.product.id
    external_name: =event.product.name
    return_as: product
  - type: define_variable
    id: s4
    value: =parse_datetime(event.conversation.closed_at)
    return_as: closed
  - type: upsert_activity
    id: s5
    external_id: =concat(event.id, " | closed")
    activity_type: =concat("Conversation | ", event.conversation.outcome)
    agent_external_identity: =agent
    moment: =closed
    contact_key: =event.contact.key
    team_external_identity: =team
  - type: if_else
    id: s6
    condition: =equals(event.conversation.outcome, "sale")
    then:
      - type: upsert_sale
        id: s7
        external_id: =event.id
        agent_external_identity: =agent
        proposition_external_identity: =product
        sold_at: =closed
        contract_value: =parse_number(event.amount)
        contact_key: =event.contact.key
    else:
      - {type: stop, id: s8, reason: no sale}
`

const benchItem = `{"id":"conv-00c0ffee12345678","event":"conversation.closed","sent_at":"2026-11-20T10:21:05","agent":{"id":17,"first_name":"Sanne","last_name":"Visser 17","email":"agent17@example.test"},"team":{"id":"team-3","name":"Buitendienst 3"},"product":{"id":"GV2","name":"Groen Vast 2 jaar"},"conversation":{"outcome":"sale","closed_at":"2026-11-20 10:21:04","duration":933,"channel":"door","campaign":"herfst-2026"},"contact":{"key":"c-0badcafe","city":"Zwolle"},"amount":"1203.50","currency":"EUR","tags":["nieuw","regio-noord"]}`

// trivial is a host that knows everything already.
type trivial struct{}

type entity struct{ noun, id string }

func (e *entity) Noun() string             { return e.noun }
func (e *entity) ExternalID() string       { return e.id }
func (e *entity) Field(string) value.Value { return value.Null() }

func (trivial) Apply(e run.Effect) (run.Answer, error) {
	return run.Answer{Outcome: run.Unchanged, Result: value.Ref(&entity{e.Noun, e.Key})}, nil
}
func (trivial) Begin()                                   {}
func (trivial) End(bool)                                 {}
func (trivial) Pseudonym(_, text string) (string, error) { return text, nil }

func BenchmarkRun(b *testing.B) {
	lib := library.Standard()
	spec, problems, _ := text.ReadYAML([]byte(benchSpec), lib)
	if tree.HasErrors(problems) {
		b.Fatal(problems)
	}
	p, err := compile.Compile(spec, lib, compile.Options{})
	if err != nil {
		b.Fatal(err)
	}
	item, fail := value.ParseJSON([]byte(benchItem), value.Limits{})
	if fail != nil {
		b.Fatal(fail)
	}
	env := run.Environment{Zone: "Europe/Amsterdam", Country: "+31", ReceivedAt: 1765389600_000000, ItemHash: run.HashValue(item)}
	b.ReportAllocs()
	for b.Loop() {
		result, err := run.Run(p, item, env, trivial{})
		if err != nil || result.Status != run.Succeeded {
			b.Fatal(result, err)
		}
	}
}
