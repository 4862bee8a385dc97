package storage

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// The columns of the tables that groups write, in the order in which the engines give the values.
var (
	CallColumns = []string{
		"id", "tenant_id", "provider_id", "source_id", "door", "received_at", "status", "http_status", "items", "error", "remarks", "body", "places",
	}
	DeliveryColumns = []string{
		"id", "tenant_id", "provider_id", "source_id", "door", "source_execution_id", "item_index", "received_at", "state", "event_id", "body", "places",
	}
	ExecutionColumns = []string{
		"id", "tenant_id", "delivery_id", "source_id", "processor_id", "position", "kind",
		"version", "environment_id", "number", "status", "reason", "ran_at",
		"created", "updated", "unchanged", "skipped", "failed", "error", "asked", "enrichments", "answers", "digest",
	}
	// RerunColumns are those that change when a stored execution runs again; they are the end of ExecutionColumns.
	RerunColumns   = ExecutionColumns[7:]
	JournalColumns = []string{"noun", "thing_id", "id", "tenant_id", "at", "made_by", "before"}
)

// EntityName is the name of what an identity is linked to, in a statement that has the table identities under that name.
const EntityName = `CASE identities.kind
	WHEN 'agent' THEN (SELECT name FROM agents WHERE agents.id = identities.entity_id)
	WHEN 'team' THEN (SELECT name FROM teams WHERE teams.id = identities.entity_id)
	WHEN 'project' THEN (SELECT name FROM projects WHERE projects.id = identities.entity_id)
	WHEN 'segment' THEN (SELECT name FROM segments WHERE segments.id = identities.entity_id)
	WHEN 'proposition' THEN (SELECT name FROM propositions WHERE propositions.id = identities.entity_id)
END`

// DeliveryState works out where a delivery stands from its executions, in a statement that has the table deliveries
// under that name. Of each processor the run that ended last counts; tests do not.
const DeliveryState = `(SELECT CASE
		WHEN sum(CASE WHEN status IN ('waiting', 'running') THEN 1 ELSE 0 END) > 0 THEN 'waiting'
		WHEN sum(CASE WHEN status = 'failed' THEN 1 ELSE 0 END) > 0 THEN 'failed'
		WHEN sum(CASE WHEN status <> 'skipped' THEN 1 ELSE 0 END) > 0 THEN 'done'
		ELSE 'skipped' END
	FROM (SELECT status, row_number() OVER (PARTITION BY processor_id ORDER BY ran_at DESC, id DESC) AS nth
		FROM executions WHERE delivery_id = deliveries.id AND kind <> 'test') AS runs
	WHERE nth = 1)`

// Table is where a kind's records are kept.
func Table(kind *record.Kind) string { return strings.ReplaceAll(kind.Plural, "-", "_") }

// Names gives the names of columns.
func Names(columns []record.Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// Remarks gives the lines of a call as stored, "" for none.
func Remarks(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	text, err := json.Marshal(lines)
	if err != nil {
		panic(err) // a list of texts can always be written
	}
	return string(text)
}

// dataError is how a run.DataError is stored and read back.
type dataError struct {
	Code        string          `json:"code"`
	Instruction string          `json:"instruction,omitempty"`
	Place       string          `json:"place,omitempty"`
	Field       string          `json:"field,omitempty"`
	Value       json.RawMessage `json:"value,omitempty"`
	Message     string          `json:"message"`
	Remedy      string          `json:"remedy,omitempty"`
}

// Errors gives the data errors of an execution as stored, "" for none.
func Errors(list []*run.DataError) string {
	if len(list) == 0 {
		return ""
	}
	stored := make([]dataError, len(list))
	for i, e := range list {
		stored[i] = dataError{Code: e.Code, Instruction: e.Instruction, Place: e.Place, Field: e.Field, Message: e.Message, Remedy: e.Remedy}
		if !e.Value.IsNull() {
			stored[i].Value = e.Value.AppendJSON(nil)
		}
	}
	text, err := json.Marshal(stored)
	if err != nil {
		panic(err) // texts, and JSON that value has written
	}
	return string(text)
}

func readErrors(text string) ([]*run.DataError, error) {
	if text == "" {
		return nil, nil
	}
	var stored []dataError
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("read stored data errors: %w", err)
	}
	list := make([]*run.DataError, len(stored))
	for i, s := range stored {
		list[i] = &run.DataError{Code: s.Code, Instruction: s.Instruction, Place: s.Place, Field: s.Field, Message: s.Message, Remedy: s.Remedy}
		if len(s.Value) > 0 {
			v, err := value.ParseJSON(s.Value, value.Limits{})
			if err != nil {
				return nil, fmt.Errorf("read the value of a stored data error: %w", err)
			}
			list[i].Value = v
		}
	}
	return list, nil
}

// asked is how a pipeline.Asked is stored: its JSON as JSON.
type asked struct {
	Question string            `json:"question"`
	Fields   json.RawMessage   `json:"fields"`
	Answers  []json.RawMessage `json:"answers"`
}

// Asked gives the open question of an execution as stored, "" for none.
func Asked(a *pipeline.Asked) string {
	if a == nil {
		return ""
	}
	stored := asked{Question: a.Question, Fields: a.Fields, Answers: []json.RawMessage{}}
	for _, answer := range a.Answers {
		stored.Answers = append(stored.Answers, answer)
	}
	text, err := json.Marshal(stored)
	if err != nil {
		panic(fmt.Sprintf("storage: the question %q holds what is no JSON: %v", a.Question, err))
	}
	return string(text)
}

func readAsked(text string) (*pipeline.Asked, error) {
	if text == "" {
		return nil, nil
	}
	var stored asked
	if err := json.Unmarshal([]byte(text), &stored); err != nil {
		return nil, fmt.Errorf("read a stored question: %w", err)
	}
	a := &pipeline.Asked{Question: stored.Question, Fields: stored.Fields}
	for _, answer := range stored.Answers {
		a.Answers = append(a.Answers, answer)
	}
	return a, nil
}
