package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/trace"
)

// TestTextsOfAnswersAreClassed: each text in each answer is ours and told in the caller's language, which its tag said:"…"
// says, or it is not ours: a code, an id, or somebody's own words, which its type, its enum or the list below says. A field
// in neither is a sentence that nobody would tell in Dutch.
func TestTextsOfAnswersAreClassed(t *testing.T) {
	t.Parallel()
	s := New(Options{})
	registry := s.huma.OpenAPI().Components.Schemas
	c := classes{seen: map[reflect.Type]bool{}, used: map[string]bool{}}
	for _, row := range s.Rows() {
		for status, response := range operationAt(s.huma.OpenAPI(), row).Responses {
			for media, content := range response.Content {
				if media == "application/json" && status[0] == '2' {
					of := content.Schema
					if of.Ref == "" { // of one that is streamed
						of = of.Properties["data"]
					}
					if of == nil || of.Ref == "" {
						t.Errorf("%s %s answers with no type of its own", row.Method, row.Path)
						continue
					}
					c.look(registry.TypeFromRef(of.Ref))
				}
			}
		}
	}
	c.look(reflect.TypeFor[fault.Error]())
	if len(c.seen) < 100 {
		t.Fatalf("only %d types were looked at", len(c.seen))
	}
	slices.Sort(c.unclassed)
	for _, field := range slices.Compact(c.unclassed) {
		t.Errorf("%s is a text of an answer: give it said:\"ours\" if the server says it, or list it as not ours", field)
	}
	for _, list := range [][]string{plainNames, notOurs} {
		for _, name := range list {
			if !c.used[name] {
				t.Errorf("%s is listed, and no answer has it", name)
			}
		}
	}
}

func operationAt(d *huma.OpenAPI, row Row) *huma.Operation {
	path := d.Paths[row.Path]
	return map[string]*huma.Operation{"GET": path.Get, "POST": path.Post, "PUT": path.Put, "PATCH": path.Patch, "DELETE": path.Delete}[row.Method]
}

// classes looks at types, and at those within them.
type classes struct {
	seen      map[reflect.Type]bool
	used      map[string]bool // of the lists
	unclassed []string
}

func (c *classes) look(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		c.look(t.Elem())
	case reflect.Struct:
		if c.seen[t] || t == reflect.TypeFor[trace.V]() {
			return
		}
		c.seen[t] = true
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				c.field(t, f)
			}
		}
	}
}

func (c *classes) field(in reflect.Type, f reflect.StructField) {
	if !mayBeText(f.Type) {
		c.look(f.Type)
		return
	}
	if slices.Contains([]string{"ours", "json", "summary", "note", "who", "within"}, f.Tag.Get("said")) || f.Tag.Get("enum") != "" {
		return
	}
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	full := fmt.Sprintf("%s.%s", in, f.Name)
	switch {
	case slices.Contains(notOurs, full):
		c.used[full] = true
	case slices.Contains(plainNames, name):
		c.used[name] = true
	case name == "id" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids"):
	default:
		c.unclassed = append(c.unclassed, full)
	}
}

// mayBeText says whether a value of a type, or of what it is made of, is text that may be a sentence. A type of its own
// for texts has its own words: states, kinds.
func mayBeText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return t.PkgPath() == ""
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Map, reflect.Array:
		return mayBeText(t.Elem())
	case reflect.Slice:
		return t == reflect.TypeFor[json.RawMessage]() || mayBeText(t.Elem())
	}
	return false
}

// plainNames are fields, as JSON names them, that are codes, ids, or names that people gave, in whatever answer. A word that
// may name a sentence (title, note, why, reason, hint, label, text) is not among them: it is listed field by field.
var plainNames = []string{
	"activity_type", "agent_name", "among", "api_key", "body", "branch", "bucket", "by", "call", "code", "contact_key",
	"content", "country", "created_by", "data", "direction", "door", "email", "entity_kind", "entity_name", "error_code",
	"external_name", "field", "field_of", "formula", "from", "given", "instruction", "item_of", "key", "kind", "known",
	"label_path", "list", "literals", "locked", "locks", "members", "name", "next_cursor", "noun", "of", "options",
	"path", "period_type", "permissions", "place", "pointer", "prefix", "processor_name", "program", "proposition_name",
	"provider", "provider_name", "provider_types", "range", "record_kind", "record_kinds", "search", "secrets",
	"settings", "severity", "short_unit", "slot", "source_model", "source_name", "stale", "state", "step", "steps",
	"texts", "time_zone", "to", "type", "types", "unit", "unlocked", "url", "use", "var", "variable", "via",
	"webhook_urls", "within",
}

// notOurs are the other fields that hold no sentence of the server.
var notOurs = []string{
	// codes: of what waits, of what is held back
	"api.StatusGroupView.Live", "api.Need.Reason", "api.executionView.Reason", "api.TriedFieldView.Why",
	// what agents are called
	"api.MetricRecord.Unlinked", "api.NoticeOf.Agent",
	// the library itself gives them in the caller's language
	"api.FieldSpec.Title", "api.FieldSpec.Help", "api.FunctionType.Title", "api.FunctionType.Help", "api.FunctionType.Group",
	"api.InstructionType.Title", "api.InstructionType.Help", "api.InstructionType.Group", "api.InstructionType.Summary",
	// specs, formulas and data as they are written
	"api.DraftView.Text", "api.FormulaView.Text", "api.FormulaProblem.Mended", "api.TestRun.Text", "api.TypeView.Text",
	"api.checkedSpec.Text", "api.madeTest.Text", "api.proposedTest.Text", "api.specView.Text", "api.tracedSpec.Text",
	"tree.TextEdit.Text", "api.LibraryExample.In", "api.LibraryExample.Out", "api.LibraryExample.Error",
	"api.shapeField.Examples",
	// the ends of keys, by which people know them
	"api.keyView.Hint", "api.providerKeyView.Hint",
	// external ids and where to go on
	"api.NewIDView.After", "api.NewIDView.Before", "api.NewIDGroupView.After", "api.NewIDGroupView.Before", "api.backtestView.IdentifiedBy", "api.NotRunView.Examples", "api.neighboursView.Newer", "api.neighboursView.Older", "api.rekeyView.Next", "api.undoVersionView.Next",
	// somebody's own words
	"api.SchemaEntry.Label", "api.TurnedAway.Caller", "api.TurnedAway.ContentType", "api.callRecordView.Result", "api.likenessReasonView.Value", "api.specConstant.Note",
	// for the log
	"fault.Error.Cause",
}
