package pipeline

import "github.com/dealwright/dealwright/internal/spec/run"

// CallFilter narrows the call log; zero fields do not.
type CallFilter struct {
	TenantID      int64
	ProviderID    int64
	SourceID      int64
	Door          string
	Status        string
	Search        string // an id, or a part of what was answered
	After, Before int64  // received
}

// CallLine is a call as lists show it, with the names of where it came in. Its Body is there only when it is read alone.
type CallLine struct {
	SourceExecution
	ProviderName string
	SourceName   string      // "" at a fixed webhook
	TurnedAway   *TurnedAway // nil: it got past the door
}

// DeliveryFilter narrows a list of deliveries; zero fields do not.
type DeliveryFilter struct {
	TenantID          int64
	ProviderID        int64
	SourceID          int64
	SourceExecutionID int64
	State             DeliveryState
	EventID           string
	Search            string // an id, an event's id, or the external id of a record
	Ran               *bool  // whether a processor has run it, or is to; one at its source alone, and tests do not count
	NotRunBy          int64  // a processor that is linked to their sources and has not run them; tests do not count
	Until             int64  // the last one
	After, Before     int64  // received
}

// DeliveryLine is a delivery as lists show it. Its Body is there only when it is read alone.
type DeliveryLine struct {
	Delivery
	SourceName string // "" of a fixed webhook
}

// ExecutionFilter narrows a list of executions; zero fields do not.
type ExecutionFilter struct {
	TenantID      int64
	DeliveryID    int64
	SourceID      int64
	ProcessorID   int64
	Version       int // of the spec
	Status        run.Status
	Reason        Reason
	Kind          ExecutionKind
	ProviderID    int64
	Errors        bool   // only those with a data error: failed and partial ones
	ErrorCode     string // of one of its errors
	Instruction   string // of one of its errors
	Changed       *bool  // whether it made or changed a record
	Search        string // an id, an external id of what it wrote or came from, or a part of the text of an error
	ExternalID    string // of what it wrote, or of the event it came from
	After, Before int64  // made: at the door, or when somebody asked for it
	Until         int64  // only those up to this one, which was the newest
	Whole         bool   // pages are full, however many executions that means looking at
}

// Bar is what was made in one part of a span of time.
type Bar struct {
	From, To int64 // moments
	All      int
	Bad      int // of All: those that want a look
}

// Chart is a span of time in equal parts.
type Chart struct {
	Bars     []Bar
	Narrowed bool // by all of the filter; false: only by what an index finds, since there is much
}

// Cause is a group of executions whose first error is the same one at the same step.
type Cause struct {
	ProcessorID   int64
	ProcessorName string
	Code          string
	Instruction   string
	Field         string
	Message       string // of the newest
	Count         int
	Newest        int64 // execution
	First, Last   int64 // moments of the oldest and newest that were looked at
}

// Causes are those of the newest executions with errors, the most frequent first.
type Causes struct {
	Causes []Cause
	Looked int  // at so many executions
	All    bool // there are no more
}

// ExecutionLine is an execution as lists show it. Its Answers and Digest are there only when it is read alone.
type ExecutionLine struct {
	Execution
	SourceName    string
	ProcessorName string
	ReceivedAt    int64 // of the delivery
}

// Waiting says which waiting executions of a source are to run.
type Waiting struct {
	SourceID   int64
	Processors []int64 // those that can run
	Reasons    []Reason
	Limit      int
	// Enriched are those of Processors that fetch something. What is being fetched for holds back the later ones of its
	// processor, if the first try was after HeldSince.
	Enriched  []int64
	HeldSince int64
}

// WaitingRun is a waiting execution with the delivery it is about.
type WaitingRun struct {
	Execution *Execution
	Delivery  *Delivery
}

// PastRun is an execution that has run, with its answers and digest, and the delivery it ran on.
type PastRun struct {
	Execution ExecutionLine
	Delivery  *Delivery
}

// SightingFilter says what stored bodies are looked through for, and how far.
type SightingFilter struct {
	TenantID   int64
	ProviderID int64    // 0: any
	Texts      []string // a body has to hold all of them, character by character
	Calls      int      // so many of the newest calls are looked at
	Most       int      // so many deliveries, and so many refused calls, are given at most
	Bytes      int      // so many of the bodies of either, at most; All is false where that cut it short
}

// Sightings are where the texts were seen, the newest first.
type Sightings struct {
	Deliveries []DeliveryLine // with bodies
	Refused    []CallLine     // calls that became no delivery, with bodies
	Calls      int            // how many were looked at
	Since      int64          // when the oldest of them was received; 0: there are none
	All        bool           // there are no older ones
}

// Finding of the doctor: something that does not add up.
type Finding struct {
	What     string  // in words
	Count    int64   // 0: it does add up
	Examples []int64 // numbers of the first of them
}
