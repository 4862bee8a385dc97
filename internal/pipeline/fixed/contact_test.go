package fixed

import (
	"testing"

	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

var guarding = &plan.Tenant{Country: "+31", ContactKeys: tenant.PseudonymKeys, PseudonymKey: []byte("key")}

// TestGuardCostsNothingWhereThereIsNothing: every call at a fixed webhook passes it.
func TestGuardCostsNothingWhereThereIsNothing(t *testing.T) {
	body := documented(t, `"contact 12"`)
	if n := testing.AllocsPerRun(100, func() {
		if got := Guard(guarding, body, false); !got.Value.Same(body) || got.Contact != "" {
			t.Error("an id is guarded")
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkGuard is what each call at a fixed webhook pays.
func BenchmarkGuard(b *testing.B) {
	for name, key := range map[string]string{"id": `"contact 12"`, "address": `"jan@example.test"`} {
		b.Run(name, func(b *testing.B) {
			body := documented(b, key)
			for b.Loop() {
				Guard(guarding, body, false)
			}
		})
	}
}

func documented(t testing.TB, contactKey string) value.Value {
	t.Helper()
	body, syntax := value.ParseJSON([]byte(`{"id": "deal 123 | demo planned", "type": "Deal stage: Demo planned", "agent_id": "7", "agent_name": "Cas Bos",
		"agent_email": "Cas@Example.test", "agent_team_id": "3", "agent_team_name": "Team North", "moment": "2025-12-10 19:00:00",
		"contact_key": `+contactKey+`, "value": 399.95, "value_is_money": true}`), value.Limits{})
	if syntax != nil {
		t.Fatal(syntax)
	}
	return body
}
