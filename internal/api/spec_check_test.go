package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestACheckGivesBothForms: what is sent as YAML or as a tree comes back as both, with ids and comments, unless something
// in it cannot be read.
func TestACheckGivesBothForms(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("forms")
		ids := s.furnish(c)
		viewer := c.as(access.Viewer)
		check := "/v1/processors/" + ids["processors"] + "/spec/check"
		yaml := "spec: 1\nsource_model: webhook.payload\ninstructions:\n  # the team\n  - type: upsert_team_external_identity\n    external_id: =event.team\n    moment: 5\n"
		broken := s.must(200, "POST", check, yaml, viewer, "Content-Type: application/yaml")
		if broken.at("data", "whole") != false || broken.at("data", "text") != nil || broken.at("data", "tree") != nil {
			t.Errorf("with a key that is none: %s", broken.Body)
		}
		if p := broken.at("data", "problems", 0); fmt.Sprint(broken.at("data", "problems", 0, "line")) != "7" || broken.at("data", "problems", 0, "slot") != "moment" {
			t.Errorf("the problem is %v", p)
		}
		yaml = strings.Replace(yaml, "    moment: 5\n", "", 1)
		first := s.must(200, "POST", check, yaml, viewer, "Content-Type: application/yaml")
		tree, err := json.Marshal(first.at("data", "tree"))
		if err != nil {
			t.Fatal(err)
		}
		second := s.must(200, "POST", check, string(tree), viewer)
		for _, key := range []string{"text", "tree", "content", "program", "valid"} {
			if diff := cmp.Diff(first.at("data", key), second.at("data", key)); diff != "" {
				t.Errorf("%s of the YAML and of its tree (-yaml +tree):\n%s", key, diff)
			}
		}
		if !strings.Contains(fmt.Sprint(second.at("data", "text")), "# the team") || !strings.Contains(string(tree), `"id":"s3"`) {
			t.Errorf("text is %v, tree is %s", second.at("data", "text"), tree)
		}
		if second.at("data", "same_content") != false || second.at("data", "same_program") != false {
			t.Errorf("another spec is the current version: %s", second.Body)
		}
		if got := s.must(200, "POST", check+"?forms=false", string(tree), viewer); got.at("data", "text") != nil || got.at("data", "tree") != nil || got.at("data", "content") != second.at("data", "content") {
			t.Errorf("without its forms: %s", got.Body)
		}
		current, _ := json.Marshal(s.must(200, "GET", strings.TrimSuffix(check, "/check"), "", viewer).at("data", "tree"))
		same := s.must(200, "POST", check, string(current), viewer)
		if same.at("data", "same_content") != true || same.at("data", "same_program") != true || fmt.Sprint(same.at("data", "version")) != "1" {
			t.Errorf("the current version is not known: %s", same.Body)
		}
		// Problems of a tree have their lines in the text that comes with them.
		wrong := s.must(200, "POST", check, strings.ReplaceAll(string(tree), "event.team", "evnt.team"), viewer)
		line, fix := wrong.at("data", "problems", 0, "line"), wrong.at("data", "problems", 0, "fix", "edits", 0)
		lines := strings.Split(fmt.Sprint(wrong.at("data", "text")), "\n")
		if n := int(must(line.(json.Number).Int64())); !strings.Contains(lines[n-1], "=evnt.team") {
			t.Errorf("the problem is said to be on line %v of\n%s", line, strings.Join(lines, "\n"))
		}
		if got := fmt.Sprint(fix); got != "map[op:replace path:/instructions/0/external_id value:map[type:var var:event.team]]" {
			t.Errorf("the fix is %s", got)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

const scoped = `spec: 1
source_model: webhook.payload
constants:
  - {name: label, type: string, default: Deal}
instructions:
  - {type: upsert_agent_external_identity, external_id: =event.agent, return_as: agent}
  - type: if_else
    condition: '=exists(event.lines)'
    then:
      - type: for_each
        list: =event.lines
        item_var: line
        index_var: n
        body:
          - {type: upsert_activity, external_id: '=concat(event.id, n, line.sku)', activity_type: =label, agent_external_identity: =agent, moment: '=parse_datetime(event.at)'}
`

// TestTheScopeOfAPlace: what can be used there, with its type and where it comes from, and what each slot takes.
func TestTheScopeOfAPlace(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("scope")
		ids := s.furnish(c)
		s.must(200, "PUT", "/v1/sources/"+ids["sources"]+"/personal", `{"marks": [{"path": "contact.email", "kind": "email"}]}`, c.as(access.Admin))
		check := "/v1/processors/" + ids["processors"] + "/spec/check?scope="
		at := func(pointer string) answer {
			return s.must(200, "POST", check+pointer, scoped, c.as(access.Viewer), "Content-Type: application/yaml")
		}
		names := func(a answer) (all []string) {
			for _, n := range list(a.at("data", "scope", "names")) {
				n := n.(map[string]any)
				data := "-"
				if n["data"] != nil {
					data = fmt.Sprintf("%q", n["data"])
				}
				all = append(all, fmt.Sprint(n["name"], " ", n["type"].(map[string]any)["text"], " ", n["origin"], " ", data))
			}
			return all
		}
		inner := at("/instructions/1/then/0/body/0")
		want := []string{`event any source_model ""`, `label string constant -`, `agent agent_external_identity result -`, `line any item "lines[]"`, `n number index -`}
		if diff := cmp.Diff(want, names(inner)); diff != "" {
			t.Errorf("in the loop (-want +got):\n%s", diff)
		}
		if got := fmt.Sprint(inner.at("data", "scope", "known")); got != "[event.lines]" {
			t.Errorf("known not to be null are %s", got)
		}
		event := inner.at("data", "scope", "names", 0, "type", "personal")
		if got := fmt.Sprint(event); got != "map[marks:[map[kind:email path:event.contact.email]] whole:false]" {
			t.Errorf("personal in the event is %s", got)
		}
		slots := map[string]string{}
		for _, one := range list(inner.at("data", "scope", "slots")) {
			one := one.(map[string]any)
			slots[strings.TrimPrefix(fmt.Sprint(one["pointer"]), "/instructions/1/then/0/body/0/")] = fmt.Sprint(one["takes"].(map[string]any)["text"], " has ", one["has"].(map[string]any)["text"])
		}
		for pointer, want := range map[string]string{
			"external_id": "string or number has string", "external_id/arguments/1": "string or number has number",
			"agent_external_identity": "agent_external_identity has agent_external_identity", "moment": "datetime has datetime", "moment/text": "string has any",
		} {
			if slots[pointer] != want {
				t.Errorf("slot %s is %q, want %q; all: %v", pointer, slots[pointer], want, slots)
			}
		}
		if got := names(at("/instructions/0")); len(got) != 2 {
			t.Errorf("before the first step: %v", got)
		}
		if got := names(at("/instructions/2")); len(got) != 3 {
			t.Errorf("after the last step: %v", got)
		}
		if got := at("/instructions/9"); got.at("data", "scope") != nil {
			t.Errorf("nowhere: %s", got.Body)
		}
	})
}

// TestFormulasBothWays: text to tree and back, with the column of what cannot be read.
func TestFormulasBothWays(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		viewer := s.company("formulas").as(access.Viewer)
		got := s.must(200, "POST", "/v1/formulas", `{"formulas": [
			{"text": "=concat( event.id,\"é\" )"}, {"tree": {"type": "concat", "arguments": [{"type": "var", "var": "event.id"}, {"type": "literal", "value": "é"}]}},
			{"text": "=concat(\"é\", event.id"}, {"text": "plain"}, {"text": "==x"}, {"tree": 12}, {"tree": {"type": "conct"}}, {"text": "=1 + 2"}]}`, viewer)
		for i, want := range []string{
			`=concat(event.id, "é")`, `=concat(event.id, "é")`, ``, `plain`, `==x`, `=12`, ``, ``,
		} {
			text := got.at("data", i, "text")
			if want == "" && (text != nil || got.at("data", i, "tree") != nil || len(list(got.at("data", i, "problems"))) == 0) || want != "" && text != want {
				t.Errorf("formula %d is %v, want %s", i, got.at("data", i), want)
			}
		}
		if diff := cmp.Diff(got.at("data", 0, "tree"), got.at("data", 1, "tree")); diff != "" {
			t.Errorf("the same formula has two trees:\n%s", diff)
		}
		if column := fmt.Sprint(got.at("data", 2, "problems", 0, "column")); column != "22" {
			t.Errorf("the missing ) is told at column %s: %v", column, got.at("data", 2))
		}
		if mended := got.at("data", 7, "problems", 0, "mended"); mended != "=sum(1, 2)" {
			t.Errorf("a sum is mended to %v", mended)
		}
		s.must(422, "POST", "/v1/formulas", `{"formulas": [{}]}`, viewer)
		s.must(422, "POST", "/v1/formulas", `{"formulas": []}`, viewer)
	})
}
