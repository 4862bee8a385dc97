// Package why tells where what a record or an identity holds comes from, and why something that was expected is not
// there: value ← mark → delivery → execution → step → expression → places in what was sent, with the journal, the locks
// and the writes that were held back. It computes traces again (package explain) and looks through what was kept; it
// never runs a spec for real and changes nothing.
package why

import (
	"context"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/explain"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/provider"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Store is what is read.
type Store interface {
	explain.Store
	Record(ctx context.Context, tenantID int64, k *record.Kind, id int64) (*record.Row, error)
	Snapshot(ctx context.Context, fn func(record.Snapshot) error) error
	// Keyed gives the things of a noun that have an external id, of all providers of the tenant.
	Keyed(ctx context.Context, tenantID int64, noun, externalID string) ([]record.Touched, error)
	ListExecutions(ctx context.Context, f pipeline.ExecutionFilter, r page.Request) (page.Page[pipeline.ExecutionLine], error)
	// Renumbered gives the execution that wrote under a number of its own.
	Renumbered(ctx context.Context, tenantID, number int64) (pipeline.ExecutionLine, error)
	// Sightings looks through the bodies of the newest calls.
	Sightings(ctx context.Context, f pipeline.SightingFilter) (pipeline.Sightings, error)
	ListCalls(ctx context.Context, f pipeline.CallFilter, r page.Request) (page.Page[pipeline.CallLine], error)
	Processor(ctx context.Context, tenantID, id int64) (processor.Processor, error)
	Provider(ctx context.Context, tenantID, id int64) (provider.Provider, error)
	ListProcessors(ctx context.Context, f processor.Filter, r page.Request) (page.Page[processor.Processor], error)
	Links(ctx context.Context, tenantID, sourceID int64) ([]processor.Link, error)
}

// Desk answers. Its methods may be called by many goroutines.
type Desk struct {
	Store   Store
	Library *library.Library
}

// item is what a stored delivery says, with what is marked as personal data today as pseudonyms.
func (d *Desk) item(ctx context.Context, delivery *pipeline.Delivery) (value.Value, error) {
	door, err := d.Store.Door(ctx, d.Library, delivery.TenantID, delivery.SourceID)
	if err != nil {
		return value.Null(), err
	}
	return execute.Item(delivery, door)
}

// Bounds of one answer: a question must not take the machine away from the doors.
const (
	lookAt   = 10_000 // newest calls whose bodies are looked through
	mostSeen = 50     // deliveries among them that are told of
)

// Thing is a record or an identity with where its fields come from.
type Thing struct {
	record.Thing
	Key       record.Key
	MadeBy    record.Maker
	CreatedAt int64
	Fields    []Field
	Looked    Looked // for writes that were held back
}

// Looked says how far bodies were looked through.
type Looked struct {
	Texts []string // that a body had to hold; nil: nothing was looked for
	Calls int
	Since int64 // when the oldest of those calls came; 0: there are none
	All   bool  // there are no older ones
}

// Field is one field with where its value comes from.
type Field struct {
	Name  string
	Value value.Value
	// From is the write that set it last, be it to the same value again; nil: nobody has set it, or Note says more.
	From *Write
	// Changed is the change that brought the value; nil: the field has it since the thing was made.
	Changed *Change
	Before  []Change // all changes, the newest first: what it held before each, and who made it
	Lock    *Lock
	Held    []Attempt // writes that were held back, the newest delivery first
	Note    string
}

// Change is one line of the journal about a field.
type Change struct {
	At       int64
	By       record.Maker
	Before   value.Value
	Identity int64 // the field held this identity
}

// Lock of a field.
type Lock struct {
	Delivery int64 // whose runs may still change it
	At       int64 // 0: the journal does not tell
	By       record.Maker
}

// Write is what set a field: a step of an execution, or a call of a fixed webhook.
type Write struct {
	Delivery  pipeline.Delivery
	Execution *pipeline.ExecutionLine // nil: a call of a fixed webhook
	Matches   bool                    // the trace is what ran; true of a call
	Note      string                  // why it does not match
	Step      *Step                   // nil: a call, or the trace does not show the step any more
	Sources   []Source                // what the value was made of
}

// Step is the instruction that wrote, as its trace shows it.
type Step struct {
	*trace.Step
	Field *trace.Field // that gave the value; nil: the operation made it itself
	Items []int        // places in the loops around it, from 1
	Under []Condition  // that let it run, the outermost first
}

// Condition is a decision of a block around a step.
type Condition struct {
	Step    string // id of the block
	Branch  string // that was taken
	Formula string
	Value   value.Value
	Sources []Source
}

// Source is a place that a value was made of.
type Source struct {
	Kind  string // FromDelivery, FromConstant or FromEnrichment
	Path  string // event.lines[0].price; the name of a constant; the field of a call
	Value value.Value
	Via   []string // ids of the steps whose results it went through
}

// Kinds of source.
const (
	FromDelivery   = "delivery"
	FromConstant   = "constant"
	FromEnrichment = "enrichment"
)

// Attempt is a write that left a field alone.
type Attempt struct {
	Delivery  pipeline.Delivery
	Execution *pipeline.ExecutionLine
	Step      string
	Why       string      // "stale": something newer had set it; "locked"
	Value     value.Value // that it brought
}

// the fields beside those of a kind
const (
	keyField     = "external_id"
	entityField  = "entity"
	ignoredField = "ignored"
	lockPrefix   = "lock " // of the journal
)

// held is a record or identity in one form.
type held struct {
	thing   record.Thing
	key     record.Key
	contact string
	maker   record.Maker
	made    int64
	fields  []heldField
}

type heldField struct {
	name   string
	value  value.Value
	mark   record.Mark
	marked bool
	locker int64
}

// noun as a spec and a trace name it.
func (h *held) noun() string { return strings.TrimSuffix(h.thing.Noun, record.IdentitySuffix) }

// Record tells of a record.
func (d *Desk) Record(ctx context.Context, tenantID int64, k *record.Kind, id int64, field string) (*Thing, error) {
	row, err := d.Store.Record(ctx, tenantID, k, id)
	if err != nil {
		return nil, err
	}
	h := &held{thing: record.Thing{Noun: k.Noun, ID: id}, key: row.Key, made: row.CreatedAt, contact: row.Field("contact_key").Text()}
	if h.maker, err = record.ReadMaker(row.MadeBy); err != nil {
		return nil, err
	}
	for i, f := range k.Fields {
		h.fields = append(h.fields, heldField{name: f.Name, value: row.Values[i], mark: row.MarkOf(i), marked: true, locker: row.Locks[i]})
	}
	return d.tell(ctx, tenantID, h, field)
}

// Identity tells of an external identity.
func (d *Desk) Identity(ctx context.Context, tenantID, id int64, field string) (*Thing, error) {
	var i *record.Identity
	err := d.Store.Snapshot(ctx, func(at record.Snapshot) error {
		keys, err := at.Keys([]int64{id})
		if err != nil {
			return err
		}
		key, there := keys[id]
		if !there {
			return nil
		}
		loaded, err := at.Load(&record.Need{Keys: []record.Key{key}})
		if err == nil {
			i = loaded.Identities[key]
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if i == nil || i.TenantID != tenantID {
		return nil, fault.New(fault.NotFound, "There is no such external identity.")
	}
	h := &held{thing: record.Thing{Noun: i.Key.Noun, ID: id}, key: i.Key, made: i.CreatedAt}
	if h.maker, err = record.ReadMaker(i.MadeBy); err != nil {
		return nil, err
	}
	for n, name := range record.IdentityFields {
		if i.Kind().Person || name == "external_name" || name == "project_external_identity" {
			h.fields = append(h.fields, heldField{name: name, value: i.Field(name), mark: i.MarkOf(n), marked: true})
		}
	}
	entity := value.Null()
	if i.EntityID != 0 {
		linked := *i
		linked.Ignored = false // it is linked all the same
		entity = linked.Field("entity")
	}
	h.fields = append(h.fields, heldField{name: entityField, value: entity}, heldField{name: ignoredField, value: value.Bool(i.Ignored)})
	return d.tell(ctx, tenantID, h, field)
}

// tell answers for one field, or for all.
func (d *Desk) tell(ctx context.Context, tenantID int64, h *held, field string) (*Thing, error) {
	r := &reading{Desk: d, ctx: ctx, tenant: tenantID, held: h, runs: map[record.Mark]*runs{}, traced: map[int64]*ran{}}
	if err := r.readJournal(); err != nil {
		return nil, err
	}
	t := &Thing{Thing: h.thing, Key: h.key, MadeBy: h.maker, CreatedAt: h.made}
	if field == "" || field == keyField {
		f, err := r.key()
		if err != nil {
			return nil, err
		}
		t.Fields = append(t.Fields, f)
	}
	var names []string
	for _, hf := range h.fields {
		names = append(names, hf.name)
		if field != "" && field != hf.name {
			continue
		}
		f, err := r.field(hf)
		if err != nil {
			return nil, err
		}
		t.Fields = append(t.Fields, f)
	}
	if len(t.Fields) == 0 {
		return nil, fault.New(fault.Invalid, "There is nothing to tell.").With(fault.Detail{
			Field: "field", Code: "unknown_field", Message: "There is no field “" + field + "”.",
			Hint: "Choose from " + keyField + ", " + strings.Join(names, ", ") + ".",
		})
	}
	return t, r.heldBack(t)
}
