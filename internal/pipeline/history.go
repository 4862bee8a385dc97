package pipeline

import "github.com/dealwright/dealwright/internal/spec/run"

// CallFilter narrows the call log; zero fields do not.
type CallFilter struct {
	TenantID      int64
	ProviderID    int64
	SourceID      int64
	Door          string
	Status        string
	After, Before int64 // received
}

// CallLine is a call as lists show it, with the names of where it came in. Its Body is there only when it is read alone.
type CallLine struct {
	SourceExecution
	ProviderName string
	SourceName   string // "" at a fixed webhook
}

// DeliveryFilter narrows a list of deliveries; zero fields do not.
type DeliveryFilter struct {
	TenantID          int64
	ProviderID        int64
	SourceID          int64
	SourceExecutionID int64
	State             DeliveryState
	EventID           string
	After, Before     int64 // received
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
	After, Before int64 // ran
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
