package pipeline

import "github.com/dealwright/dealwright/internal/pseudonym"

// Enrichment is what was fetched for an execution beside its delivery, or why that was given up.
type Enrichment struct {
	Chain     string // of what the source model calls it and what it was fetched for: "contact", "contact/company"
	FetchedAt int64
	Snapshot  int64  // the number of what was found; 0: there is none, or it was given up
	GivenUp   string // why, in words; "": it was not
	// Body is the snapshot as it is stored, JSON, and Places are where in it pseudonyms stand: there only when the
	// execution is read alone or to be run.
	Body   []byte
	Places pseudonym.Places
}

// NotStored is the number of a snapshot that is in no database: a person wrote it.
const NotStored = -1

// Fetch is the work of fetching what a waiting execution needs, leased to one node.
type Fetch struct {
	Execution *Execution // with what was fetched for it before
	Delivery  *Delivery
	Epoch     int64 // of the lease: what is kept under an older one is dropped
	Since     int64 // when it was first taken
	Attempts  int   // that failed
	Alone     bool  // it tries for all that wait for a provider that is left alone
}

// FetchEnd is what came of a Fetch.
type FetchEnd struct {
	TenantID, ExecutionID, Epoch int64
	Enrichments                  []Enrichment // all that is known now; new ones have a body and no number
	AgainAt                      int64        // when it is to be tried again; 0: it is ready to run
	Parked                       bool         // with AgainAt 0: what is stored cannot be read, so it waits for a person

	ProviderID int64
	Answered   bool   // the provider gave what it was asked for, or said for good that it does not
	Failed     string // in words, what a later try may not meet again; "": the provider did not fail
	NotBefore  int64  // with Failed: the provider wants to be left alone until then; 0: it does not say
}
