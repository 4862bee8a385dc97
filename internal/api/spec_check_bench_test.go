package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// BenchmarkCheck is a check of a spec with 500 instructions over what 200 deliveries look like, as the builder asks for
// after each pause: with the scope of the last instruction.
func BenchmarkCheck(b *testing.B) {
	storagetest.InTurn(b, func(b *testing.B, d *storagetest.Database) {
		s := serve(b, d)
		c := s.company("bench")
		ids := s.furnish(c)
		admin := c.as(access.Admin)
		door := "Authorization: Bearer " + s.must(201, "POST", "/v1/providers/"+ids["providers"]+"/keys", `{"overlap_minutes": 0}`, admin).at("data", "api_key").(string)
		for i := range 200 {
			s.must(200, "POST", "/in/"+ids["sources"], fmt.Sprintf(`{"id": %d, "agent": 7, "at": "2026-01-05", "stage": "won", "lines": [{"sku": "a", "n": %d}]}`, 100+i, i), door)
		}
		var spec strings.Builder
		spec.WriteString("spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: upsert_agent_external_identity, external_id: =event.agent, return_as: agent}\n")
		for i := range 499 {
			fmt.Fprintf(&spec, "  - {type: upsert_activity, external_id: '=concat(event.id, \" | %d\")', activity_type: Deal, agent_external_identity: =agent, moment: '=parse_datetime(event.at)'}\n", i)
		}
		path := "/v1/processors/" + ids["processors"] + "/spec/check?scope=/instructions/499"
		stored := must(json.Marshal(s.must(200, "POST", path, spec.String(), admin, "Content-Type: application/yaml").at("data", "tree")))
		b.ResetTimer()
		for b.Loop() {
			s.must(200, "POST", path, string(stored), admin)
		}
	})
}
