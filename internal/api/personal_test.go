package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/storage/storagetest"
)

// TestMarks: marks are set and told, wrong ones refused, and whatever would leave a spec with personal data in the wrong
// place is refused with the problems, whether it is a mark, a link or a save; nothing is half done.
func TestMarks(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		c := s.company("marks")
		admin := c.as(access.Admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		newSource := func(name string) string {
			return s.must(201, "POST", "/v1/providers/"+provider.id()+"/sources", `{"type": "webhook.payload", "name": "`+name+`"}`, admin).id()
		}
		deals, leads := newSource("Deals"), newSource("Leads")
		processor := s.must(201, "POST", "/v1/processors", `{"name": "Teams", "provider_id": "`+provider.id()+`", "source_model": "webhook.payload"}`, admin).id()
		of := func(formula string) string {
			return "spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: upsert_team_external_identity, external_id: '=" + formula + "'}\n"
		}
		save := func(status int, formula string) answer {
			return s.must(status, "PUT", "/v1/processors/"+processor+"/spec", of(formula), admin, yaml)
		}
		personal := func(source string) string { return "/v1/sources/" + source + "/personal" }
		marks := func(list ...string) string {
			for i, m := range list {
				path, kind, _ := strings.Cut(m, " ")
				list[i] = fmt.Sprintf(`{"path": %q, "kind": %q}`, path, kind)
			}
			return `{"marks": [` + strings.Join(list, ",") + `]}`
		}
		told := func(source string) string {
			got := s.must(200, "GET", personal(source), "", admin)
			return fmt.Sprint(got.at("data", "marks"))
		}
		save(200, "event.contact.email")
		s.must(200, "POST", "/v1/processors/"+processor+"/enable", "", admin)
		s.must(200, "PUT", "/v1/sources/"+deals+"/processors", `[{"processor_id": "`+processor+`"}]`, admin)

		for body, want := range map[string]string{
			marks("contact..email email"):                 "0 marks.path bad_path",
			marks("a email", "lines[3].name name"):        "1 marks.path bad_path",
			marks("a email", "contact.** text"):           "1 marks.path bad_path",
			marks("a iban"):                               "0 marks.kind bad_kind",
			marks("lines.name name", "lines[].name name"): "1 marks.path twice",
			`{"marks": [` + strings.Repeat(`{"path": "a", "kind": "text"},`, 100) + `{"path": "a", "kind": "text"}]}`: "<nil> marks too_many",
		} {
			got := s.must(422, "PUT", personal(deals), body, admin)
			if said := fmt.Sprintf("%v %v %v", got.at("error", "details", 0, "index"), got.at("error", "details", 0, "field"), got.at("error", "details", 0, "code")); said != want {
				t.Errorf("%s: %s, want %s", body, got.Body, want)
			}
		}

		// A mark that the saved spec does not check with.
		got := s.must(422, "PUT", personal(deals), marks("contact.email email"), admin)
		want := "personal_data s1 /instructions/0/external_id the processor “Teams”: event.contact.email is customer personal data, and external_id takes none"
		if said := fmt.Sprintf("%v %v %v %v", got.at("error", "details", 0, "code"), got.at("error", "details", 0, "instruction_id"), got.at("error", "details", 0, "pointer"), got.at("error", "details", 0, "message")); said != want {
			t.Errorf("a mark against a spec: %s\nwant %s", got.Body, want)
		}
		if told(deals) != "[]" {
			t.Errorf("refused marks are there: %s", told(deals))
		}
		// A link to a source with such a mark.
		s.must(200, "PUT", personal(leads), marks("contact.email email"), admin)
		if got = s.must(422, "PUT", "/v1/sources/"+leads+"/processors", `[{"processor_id": "`+processor+`"}]`, admin); got.at("error", "details", 0, "code") != "personal_data" {
			t.Errorf("a link against a mark: %s", got.Body)
		}
		// A spec that uses it.
		save(200, "pseudonym(event.contact.email)")
		tag := s.must(200, "GET", personal(deals), "", admin).Header().Get("ETag")
		s.must(200, "PUT", personal(deals), marks("contact.email email", "**.phone phone"), admin, "If-Match: "+tag)
		s.must(412, "PUT", personal(deals), marks(), admin, "If-Match: "+tag)
		s.must(200, "PUT", "/v1/sources/"+leads+"/processors", `[{"processor_id": "`+processor+`"}]`, admin)
		for formula, code := range map[string]string{
			"event.contact.email":                          "personal_data",
			"concat(event.contact.phone)":                  "personal_data",
			`pseudonym(event.contact.email, kind="email")`: "personal_data",
		} {
			if got := save(422, strings.ReplaceAll(formula, "'", "''")); got.at("error", "details", 0, "code") != code {
				t.Errorf("saving %s: %s", formula, got.Body)
			}
		}
		if got := s.must(200, "POST", "/v1/processors/"+processor+"/spec/check", of("event.contact.email"), admin, yaml); got.at("data", "valid") != false {
			t.Errorf("a check passes: %s", got.Body)
		}

		// What came in is shown with pseudonyms, also what came before its mark.
		sent := s.must(200, "POST", "/in/"+deals, `{"contact": {"email": "jan@example.test", "name": "Jan de Vries"}}`, door)
		delivery := sent.at("data", "delivery_id").(string)
		shown := s.must(200, "GET", "/v1/deliveries/"+delivery, "", admin)
		if strings.Contains(shown.Body.String(), "jan@") || !strings.Contains(fmt.Sprint(shown.at("data", "body", "contact", "email")), "psn_") || shown.at("data", "body", "contact", "name") != "Jan de Vries" {
			t.Errorf("the delivery is shown as %s", shown.Body)
		}
		// A mark that leads to nothing in what came in is warned of; before the first delivery none is.
		put := s.must(200, "PUT", personal(deals), marks("contact.email email", "Contact.name name", "**.phone phone", "contact.name.first name"), admin)
		var warned []string
		for i := range put.at("data", "warnings").([]any) {
			warned = append(warned, fmt.Sprint(put.at("data", "warnings", i, "code"), " ", put.at("data", "warnings", i, "message")))
		}
		if diff := cmp.Diff([]string{
			"not_found “Contact.name” is not in the one delivery of the source.",
			"not_found “**.phone” is not in the one delivery of the source.",
		}, warned); diff != "" {
			t.Errorf("warnings (-want +got):\n%s", diff)
		}
		if put := s.must(200, "PUT", personal(leads), marks("contact.email email"), admin); strings.Contains(put.Body.String(), "warnings") {
			t.Errorf("without any delivery there is a warning: %s", put.Body)
		}
		s.must(200, "PUT", personal(deals), marks("contact.email email", "contact.name name"), admin)
		again := s.must(200, "GET", "/v1/deliveries/"+delivery, "", admin)
		if strings.Contains(again.Body.String(), "Jan de Vries") || again.at("data", "body", "contact", "email") != shown.at("data", "body", "contact", "email") {
			t.Errorf("with a younger mark it is shown as %s", again.Body)
		}
		trace := s.must(200, "GET", "/v1/executions/"+sent.at("data", "executions", 0, "id").(string)+"/trace", "", admin)
		if strings.Contains(trace.Body.String(), "Jan de Vries") || strings.Contains(trace.Body.String(), "jan@") {
			t.Errorf("the trace shows %s", trace.Body)
		}
		s.must(422, "POST", "/in/"+deals, `["jan@example.test"]`, door)
		calls := s.must(200, "GET", "/v1/source-executions?status=failed", "", admin)
		call := s.must(200, "GET", "/v1/source-executions/"+calls.at("data", 0, "id").(string), "", admin)
		if strings.Contains(call.Body.String(), "jan@") || !strings.Contains(call.at("data", "body").(string), "psn_") {
			t.Errorf("the refused call is shown as %s", call.Body)
		}
	})
}

// TestUndoAfterAYoungerMark: what ran before a mark can be taken back, though nobody is shown its trace any more.
func TestUndoAfterAYoungerMark(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("younger").as(access.Admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		door := "Authorization: Bearer " + provider.at("data", "api_key").(string)
		source := s.must(201, "POST", "/v1/providers/"+provider.id()+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin).id()
		processor := s.must(201, "POST", "/v1/processors", `{"name": "Teams", "provider_id": "`+provider.id()+`", "source_model": "webhook.payload"}`, admin).id()
		save := func(formula string) {
			spec := "spec: 1\nsource_model: webhook.payload\ninstructions:\n  - {type: upsert_anonymous_activity, external_id: '=" + formula + "', activity_type: Visit, moment: =now()}\n"
			s.must(200, "PUT", "/v1/processors/"+processor+"/spec", spec, admin, yaml)
		}
		save("event.owner")
		s.must(200, "POST", "/v1/processors/"+processor+"/enable", "", admin)
		s.must(200, "PUT", "/v1/sources/"+source+"/processors", `[{"processor_id": "`+processor+`"}]`, admin)
		execution := s.must(200, "POST", "/in/"+source, `{"owner": "jan"}`, door).at("data", "executions", 0, "id").(string)
		save("pseudonym(event.owner)")
		s.must(200, "PUT", "/v1/sources/"+source+"/personal", `{"marks": [{"path": "owner", "kind": "name"}]}`, admin)
		if trace := s.must(200, "GET", "/v1/executions/"+execution+"/trace", "", admin); trace.at("data", "digest_matches") != false {
			t.Errorf("the trace says that it matches: %s", trace.Body)
		}
		s.must(200, "POST", "/v1/executions/"+execution+"/undo", `{}`, admin)
		if left := s.must(200, "GET", "/v1/anonymous-activities", "", admin); left.at("data", 0) != nil {
			t.Errorf("after the undo there is %s", left.Body)
		}
	})
}

// TestErrorsQuoteNothingThatIsMarked: a call that was refused before the marks were made is shown without what its error
// quotes from the body, by itself and in the list.
func TestErrorsQuoteNothingThatIsMarked(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, d *storagetest.Database) {
		s := serve(t, d)
		admin := s.company("quotes").as(access.Admin)
		provider := s.must(201, "POST", "/v1/providers", `{"type": "webhooks", "name": "CRM"}`, admin)
		source := s.must(201, "POST", "/v1/providers/"+provider.id()+"/sources", `{"type": "webhook.payload", "name": "Deals"}`, admin).id()
		s.must(400, "POST", "/in/"+source, `{"email": planted}`, "Authorization: Bearer "+provider.at("data", "api_key").(string))
		calls := "/v1/source-executions"
		list := s.must(200, "GET", calls, "", admin)
		one := calls + "/" + fmt.Sprint(list.at("data", 0, "id"))
		if !strings.Contains(fmt.Sprint(list.at("data", 0, "error")), "planted") {
			t.Fatalf("without marks the error quotes nothing: %s", list.Body)
		}
		s.must(200, "PUT", "/v1/sources/"+source+"/personal", `{"marks": [{"path": "email", "kind": "email"}]}`, admin)
		for _, path := range []string{calls, one} {
			got := s.must(200, "GET", path, "", admin).Body.String()
			if strings.Contains(got, "planted") || !strings.Contains(got, "line 1, column") {
				t.Errorf("%s shows %s", path, got)
			}
		}
	})
}
