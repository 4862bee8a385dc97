package run

import (
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Host is what a program acts on. It is always a stage of loaded rows; recompute has one that plays stored answers back.
//
// Duties: Apply is all or nothing and sees what this run applied before. After Apply failed with a *DataError nothing
// of that effect stands. Any other error (a key not loaded, say) ends the run at once and comes out of Run unchanged.
type Host interface {
	// Apply carries out one effect and answers.
	Apply(Effect) (Answer, error)
	// Begin opens a unit inside the present one: first the run itself, then each item of a for_each. Units nest, and
	// each Begin has its End, however the run goes.
	Begin()
	// End closes the innermost unit; keep false takes back all that was applied in it.
	End(keep bool)
	// Pseudonym computes the pseudonym of an unmarked value, brought into the form of its kind, under the tenant's key.
	Pseudonym(kind, text string) (string, error)
}

// EffectKind is what an Effect asks for.
type EffectKind uint8

// The effects. Library operations map onto these; a new one is added only when no present one can carry it.
const (
	UpsertIdentity EffectKind = iota
	UpsertRecord
	Ask // answered from outside the run, at once or later: see ErrPending
	// LockField locks the field that Fields names (its value says nothing) of the record Noun, Key. A group of fields
	// is locked as a whole.
	LockField
	// UpdateContact sets fields of all records of a kind that have the contact key: Key is that. Fields named SetPrefix
	// and a field of the kind are what to set; the others say which records: "<noun>_types", "only_open".
	UpdateContact
	// InsertPeriodChange puts a change of state into a contact's line of periods (5.3): Key is the external id of the
	// period it makes. Fields are "contact_key", "period_type", "moment", then "period_types" and "only_if_changed"
	// where they are given, and what to set, as of UpdateContact.
	InsertPeriodChange
)

// SetPrefix begins the names of the fields of an effect that are to be set in what it finds.
const SetPrefix = "set."

// Effect is one thing a program wants done.
type Effect struct {
	Kind EffectKind
	Noun string // record or identity kind: "activity", "sale", "agent", "team" …; for Ask the name of the question
	Key  string // external_id, or contact_key, trimmed, never empty; for Ask empty
	// Fields that were given, in declaration order; one left out is not here, one to clear is null. They are the run's: a
	// host that keeps them beyond Apply keeps a copy.
	Fields []Field
	// Instruction is the id of the step that wants it, for the journal; it decides nothing.
	Instruction string
}

// Field is one field of an effect, a change or an answer. An identity is a value.Ref.
type Field struct {
	Name  string
	Value value.Value
}

// Outcome of an effect, as the trace shows it.
type Outcome string

// The outcomes of upserts.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
	Found     Outcome = "found"      // an identity that was there and did not change
	Answered  Outcome = "answered"   // of an Ask
	Locked    Outcome = "locked"     // of a LockField that found the field open
	LeftAlone Outcome = "left_alone" // a record that follow-up found and must not change: see Touched
)

// Answer is what the host says to an effect.
type Answer struct {
	Outcome Outcome
	Result  value.Value // the identity or record (a value.Ref) as it is after the step; for Ask the answer
	Before  []Field     // Updated: the changed fields with what they held before, in declaration order
	Locked  []string    // fields left alone because they are locked
	Stale   []string    // fields left alone because something newer set them
	// Matched is how many records an UpdateContact found; Touched those among them, and those that an
	// InsertPeriodChange ended, of which there is something to tell.
	Matched int
	Touched []Touched
}

// Touched is what an effect did to a record other than its own: changed it, or left it or fields of it alone.
type Touched struct {
	ExternalID string
	Outcome    Outcome // Updated; Unchanged: all that was to be set was held back; LeftAlone: the period begins after its new end
	Before     []Field
	Locked     []string
	Stale      []string
}

// ErrPending is what Apply returns for an Ask whose answer is not there yet. The run ends, everything of it is taken
// back, and it runs again from the start when the answer has come: Input.Answers then holds it.
type ErrPending struct {
	Question string
	Fields   []Field
}

func (e *ErrPending) Error() string { return "no answer yet to " + e.Question }

// DataError is a failure the data caused; the codes are those of section 8.1 of the language ("missing_value",
// "wrong_kind", "unreadable", "out_of_range", "division_by_zero", "too_long", "ends_before_start", "personal_data",
// "failed", "limit", "enrichment_failed").
type DataError struct {
	Code        string
	Instruction string      // id of the instruction
	Place       string      // JSON Pointer into the spec, of the expression or field
	Field       string      // field of the operation, empty for none
	Value       value.Value // the value that was wrong
	Message     string      // what is wrong, in words, with the value
	Remedy      string      // what to do

	fatal bool // a budget ran out: the run fails, wherever this happens
}

func (e *DataError) Error() string { return e.Message }

// Environment is what a result depends on beside item and program (8.3). All of it is stored with the execution.
type Environment struct {
	Zone       string // tenant's zone, an IANA name
	Country    string // tenant's country calling code: "+31"
	ReceivedAt int64  // microseconds since 1970 UTC
	Constants  []Field
	// ItemHash is any hash that names the item's content, the same whenever the item is run or recomputed; zero: the
	// SHA-256 of its canonical JSON (HashValue), computed by each run.
	ItemHash [32]byte
	// Enrichments are the fetched snapshots by their dotted name ("event.contact"), parents first; one that is not here
	// is null, as one that was not found.
	Enrichments []Field
	// Unfetched is why an enrichment could not be had, however often it was tried: the run fails with it. Nil: all could.
	Unfetched *DataError
	// Answers to the Asks of this run so far, in order of asking.
	Answers []value.Value
	// Bare is of a run that is tried and not kept: its result has neither Answers nor Digest. All else is the same.
	Bare bool
}

// Status is how a run ended.
type Status string

// The ends of a run (8.1). Waiting is none of them: the run stopped at an Ask without an answer.
const (
	Succeeded Status = "succeeded"
	Skipped   Status = "skipped"
	Partial   Status = "partial"
	Failed    Status = "failed"
	Waiting   Status = "waiting"
)

// Result is what a run leaves.
type Result struct {
	Status  Status
	Errors  []*DataError // why it failed, or why items did, in order; empty otherwise
	Answers []byte       // the host's answers in order, packed; recompute reads them (package trace)
	Digest  [32]byte     // section 9
	Counts  Counts
	Steps   int         // instructions run
	Pending *ErrPending // with Waiting
}

// Counts of what the run did, for lists. Failed counts failed items, or 1 for a failed run.
type Counts struct {
	Created, Updated, Unchanged, Skipped, Failed int
}
