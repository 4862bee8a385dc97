package processor

import (
	"bytes"
	"context"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// KeptDraft is a spec that somebody is writing, kept as it is, valid or not. Each person has one of a processor.
type KeptDraft struct {
	ProcessorID int64
	Author      string // public id of the user or API key
	Body        []byte // a tree as JSON, or text as YAML; nil in lists
	IsTree      bool
	BaseVersion int   // of the spec that it was begun on; 0: there was none
	Revision    int64 // another one after each write, also after the draft was dropped and begun anew
	CreatedAt   int64
	UpdatedAt   int64
}

// DraftStore keeps drafts. Another tenant's processors are not found.
type DraftStore interface {
	// KeptDrafts gives all of a processor without their bodies, the last written first.
	KeptDrafts(ctx context.Context, tenantID, processorID int64) ([]KeptDraft, error)
	// KeptDraft gives the one of an author; fault.NotFound where there is none.
	KeptDraft(ctx context.Context, tenantID, processorID int64, author string) (KeptDraft, error)
	// KeepDraft stores d, if allow takes the one there is (nil: none).
	KeepDraft(ctx context.Context, tenantID int64, d KeptDraft, allow func(now *KeptDraft) error) (KeptDraft, error)
	// DropDraft deletes the one of an author, if allow takes it; that there is none is no fault.
	DropDraft(ctx context.Context, tenantID, processorID int64, author string, allow func(now *KeptDraft) error) error
}

// Keep keeps a draft in the place of the one of a revision (0: there is none yet). Where another window of the author
// wrote in between, it is refused.
func Keep(ctx context.Context, store DraftStore, tenantID, processorID int64, d Draft, author string, base int, after int64) (KeptDraft, error) {
	isTree, err := d.IsTree()
	if err != nil {
		return KeptDraft{}, err
	}
	body := bytes.TrimPrefix(d.Text, []byte("\ufeff"))
	switch {
	case len(body) > tree.MaxBytes:
		return KeptDraft{}, fault.New(fault.TooLarge, "The draft is longer than %d bytes.", tree.MaxBytes)
	case isTree:
		if _, syntax := value.ParseJSON(body, tree.ParseLimits); syntax != nil {
			return KeptDraft{}, fault.New(fault.Unreadable, "The draft was not kept: it is no JSON.").With(fault.Detail{
				Field: "body", Code: syntax.Code, Message: syntax.Message, Hint: syntax.Hint, Line: syntax.Line, Column: syntax.Column,
			})
		}
	case !utf8.Valid(body):
		return KeptDraft{}, fault.New(fault.Unreadable, "The draft was not kept: it is no UTF-8 text.")
	}
	return store.KeepDraft(ctx, tenantID, KeptDraft{ProcessorID: processorID, Author: author, Body: body, IsTree: isTree, BaseVersion: base}, onto(after))
}

// Drop deletes a draft of a revision; 0: whatever it is.
func Drop(ctx context.Context, store DraftStore, tenantID, processorID int64, author string, revision int64) error {
	allow := func(*KeptDraft) error { return nil }
	if revision != 0 {
		allow = onto(revision)
	}
	return store.DropDraft(ctx, tenantID, processorID, author, allow)
}

// onto takes the draft there is if it is of a revision.
func onto(revision int64) func(*KeptDraft) error {
	return func(now *KeptDraft) error {
		switch {
		case now == nil && revision != 0:
			return fault.New(fault.Conflict, "This draft is gone: it was saved or thrown away in another window.").With(fault.Detail{
				Field: "revision", Code: "gone", Message: "There is no draft of yours any more.", Hint: "Send revision=0 to begin another.",
			})
		case now != nil && now.Revision != revision:
			return fault.New(fault.Conflict, "Another window of yours has written this draft in between.").With(fault.Detail{
				Field: "revision", Code: "stale", Message: "The draft there is has another revision.", Hint: "Read it with GET; send its revision to write over it.",
			})
		}
		return nil
	}
}
