package api_test

import (
	"fmt"
	"testing"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestTheLibraryDrawsForms: everything a spec can be written with is told, in the order of a picker, and what is switched
// off in Settings says so.
func TestTheLibraryDrawsForms(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("library")
		ids := s.furnish(c)
		viewer := c.as(access.Viewer)
		got := s.must(200, "GET", "/v1/spec-library?processor_id="+ids["processors"], "", viewer)
		instructions, functions := list(got.at("data", "instructions")), list(got.at("data", "functions"))
		lib := library.Standard()
		if len(instructions) != len(lib.Operations()) || len(functions) != len(lib.Expressions()) {
			t.Fatalf("%d instructions and %d functions", len(instructions), len(functions))
		}
		var groups []string
		for _, g := range list(got.at("data", "groups")) {
			groups = append(groups, fmt.Sprint(g.(map[string]any)["name"]))
		}
		if told := fmt.Sprint(groups); told != "[Identities Records Contact follow-up Utility Blocks]" {
			t.Errorf("groups are %s", told)
		}
		sale := entry(instructions, "upsert_sale")
		key := entry(list(sale["fields"]), "external_id")
		if sale["return_as"] != "optional" || key["required"] != true || key["key"] != true || fmt.Sprint(key["literals"]) != "[string number]" {
			t.Errorf("upsert_sale is %v", sale)
		}
		agent := entry(list(sale["fields"]), "agent_external_identity")
		if taken := agent["type"].(map[string]any); taken["kind"] != "identity" || taken["noun"] != "agent" || taken["fields"] != nil {
			t.Errorf("a sale's agent takes %v", taken)
		}
		energy := entry(list(sale["fields"]), "energy_meta")
		if energy["form"] != "fields" || len(list(energy["fields"])) == 0 {
			t.Errorf("energy_meta is %v", energy)
		}
		loop := entry(instructions, "for_each")
		if item := entry(list(loop["fields"]), "item_var"); item["item_of"] != "list" || loop["loops"] != true {
			t.Errorf("for_each is %v", loop)
		}
		concat := entry(functions, "concat")
		if args := list(concat["arguments"]); args[len(args)-1].(map[string]any)["form"] != "expressions" {
			t.Errorf("concat is %v", concat)
		}
		if models := list(got.at("data", "source_models")); len(models) != 1 || entry(models, "webhook.payload")["var"] != "event" {
			t.Errorf("the models are %v", models)
		}
		if off := entry(instructions, "upsert_sale")["off"]; off != nil {
			t.Errorf("sales are off: %v", off)
		}
		s.must(200, "PATCH", "/v1/settings", `{"record_kinds": ["activity"]}`, c.as(access.Admin))
		got = s.must(200, "GET", "/v1/spec-library", "", viewer)
		for name, off := range map[string]any{"upsert_sale": "sales are switched off in Settings", "upsert_activity": nil} {
			if told := entry(list(got.at("data", "instructions")), name)["off"]; told != off {
				t.Errorf("%s says %v, want %v", name, told, off)
			}
		}
		s.must(404, "GET", "/v1/spec-library?processor_id="+ids["processors"], "", s.company("others").as(access.Admin))
	})
}

func list(v any) []any {
	all, _ := v.([]any)
	return all
}

// entry is the object of that name in a list.
func entry(all []any, name string) map[string]any {
	for _, one := range all {
		if o, ok := one.(map[string]any); ok && o["name"] == name {
			return o
		}
	}
	return nil
}
