package reference

import (
	"maps"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
)

const testsText = `| key | holds |
|---|---|
| ` + "`name` *, `note`" + ` | a name no other test of the spec has; a remark |
| ` + "`given` *" + ` | one item, or a list of items that are delivered in order |
| ` + "`constants`" + ` | values of constants; else their defaults |
| ` + "`zone`" + ` | of the tenant; else Europe/Amsterdam |
| ` + "`received_at`" + ` | when the items came; needed where ` + "`now`" + ` is used |
| ` + "`before`" + ` | the records and identities that are there, each with all that one needs; of records also ` + "`locked`" + `, a list of fields, of identities ` + "`linked`" + ` |
| ` + "`expect` *" + ` | see below |

| key of expect | holds |
|---|---|
| ` + "`outcome`" + ` | of the last item: OUTCOMES; else succeeded |
| ` + "`error`" + ` | ` + "`instruction`, `code`" + `: one of its errors has these |
| ` + "`failed_items`" + ` | how many items of loops failed |
| KINDS | exactly the records of this kind that the run wrote or confirmed, in any order |

A kind that is not named is not compared. Of each record only the named fields are, and null means empty. An identity in a field is written
as its ` + "`external_id`" + `, a datetime as ` + "`parse_datetime`" + ` reads it; numbers are compared by value. Contact follow-up writes what it changes. A
pseudonym can be read: ` + "`psn(jan@example.test)`" + `.
`

func testsPage(lib *library.Library) string {
	kinds := slices.Sorted(maps.Keys(check.Kinds(lib)))
	p := &page{}
	p.begin("Tests", "A spec has its tests in it. `dealwright spec test` runs them, without a server, and tells which branches none of them comes by.")
	p.line("```yaml\n%s```\n", ExampleOfTests)
	p.WriteString(strings.NewReplacer(
		"OUTCOMES", strings.Join(check.Outcomes, ", "),
		"KINDS", "`"+strings.Join(kinds, "`, `")+"`",
	).Replace(testsText))
	return p.String()
}

// ExampleOfTests is the spec that the page about tests shows; a test runs it.
const ExampleOfTests = `spec: 1
source_model: webhook.payload
instructions:
  - {type: upsert_agent_external_identity, external_id: =event.seller, return_as: seller}
  - type: upsert_activity
    external_id: =concat("visit ", event.id)
    activity_type: Visit
    agent_external_identity: =seller
    moment: =parse_datetime(event.at)
    value: =event.minutes
tests:
  - name: a visit
    given: {id: 5, seller: 7, at: 2026-01-12 10:00, minutes: 20}
    expect:
      agents: [{external_id: 7}]
      activities: [{external_id: visit 5, moment: "2026-01-12T09:00:00Z", value: 20}]
  - name: one that comes again keeps what it does not tell
    given: {id: 5, seller: 7, at: 2026-01-12 11:00}
    before:
      activities: [{external_id: visit 5, activity_type: Visit, agent_external_identity: 7, moment: 2026-01-12 10:00, project_external_identity: North}]
    expect:
      activities: [{external_id: visit 5, value: null, project_external_identity: North}]
  - name: a visit without a seller
    given: {id: 5, at: 2026-01-12 10:00}
    expect: {outcome: failed, error: {code: missing_value}, activities: []}
`
