package api

import (
	"context"

	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/diff"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// specDiff is what is different between two specs of a processor.
type specDiff struct {
	From        int          `json:"from" doc:"The version before; 0: the empty spec."`
	To          *int         `json:"to" doc:"The version after; null: the spec that was sent."`
	Same        bool         `json:"same" doc:"There is no difference."`
	SameProgram bool         `json:"same_program" doc:"They do the same: only notes, comments or tests differ."`
	Changes     []specChange `json:"changes"`
}

type specChange struct {
	What   string        `json:"what" enum:"spec,constant,enrichment,instruction,case,test"`
	Kind   string        `json:"kind" enum:"added,removed,moved,changed" doc:"What moved may have changed, too."`
	ID     string        `json:"id" doc:"Of an instruction, or of the switch whose case it is; the name of a constant, enrichment or test."`
	Type   string        `json:"type,omitempty" doc:"Of an instruction."`
	Before *specPlace    `json:"before,omitempty" doc:"Where it was."`
	After  *specPlace    `json:"after,omitempty" doc:"Where it is."`
	Fields []fieldChange `json:"fields" doc:"That have other contents; of what was added or removed all it has."`
}

type specPlace struct {
	Within string `json:"within,omitempty" doc:"Id of the block around it."`
	List   string `json:"list" doc:"instructions, then, else, body, default, cases, or of a switch the number of the case; constants, enrichments, tests."`
	Index  int    `json:"index" doc:"From 0."`
}

type fieldChange struct {
	Name   string    `json:"name" example:"set.ends_at"`
	Before *anything `json:"before,omitempty" doc:"A formula is text that begins with =, a literal is itself. Not there: the field was left out."`
	After  *anything `json:"after,omitempty" doc:"Not there: the field is left out."`
	Remark bool      `json:"remark,omitempty" doc:"A note or a comment, which does nothing."`
}

func viewDiff(d *diff.Diff, from int, to *int) specDiff {
	v := specDiff{From: from, To: to, Same: d.Same(), SameProgram: d.SameProgram, Changes: make([]specChange, len(d.Changes))}
	for i, c := range d.Changes {
		one := specChange{What: c.What, Kind: c.Kind, ID: c.ID, Type: c.Type, Before: (*specPlace)(c.From), After: (*specPlace)(c.To), Fields: make([]fieldChange, len(c.Fields))}
		for k, f := range c.Fields {
			one.Fields[k] = fieldChange{Name: f.Name, Before: given(f.Before), After: given(f.After), Remark: f.Remark}
		}
		v.Changes[i] = one
	}
	return v
}

func given(v *value.Value) *anything {
	if v == nil {
		return nil
	}
	a := anything(v.AppendJSON(nil))
	return &a
}

// specOf gives the spec of a version; of version 0, which is none, the empty one.
func (s *Server) specOf(ctx context.Context, p processor.Processor, version int) (*tree.Spec, error) {
	if version == 0 {
		return &tree.Spec{SourceModel: p.SourceModel}, nil
	}
	v, err := s.Store.SpecVersion(ctx, p.TenantID, p.ID, version)
	if err != nil {
		return nil, err
	}
	return v.Spec(s.Library)
}

type diffInput struct {
	ID      string `path:"id"`
	N       int    `path:"n" minimum:"1"`
	Against int    `query:"against" minimum:"-1" default:"-1" doc:"The version before; 0 is the empty spec. -1, or left out: the one before it."`
}

func (s *Server) diffVersion(ctx context.Context, in *diffInput) (specDiff, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return specDiff{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return specDiff{}, err
	}
	if in.Against < 0 {
		in.Against = in.N - 1
	}
	after, err := s.specOf(ctx, p, in.N)
	if err != nil {
		return specDiff{}, err
	}
	before, err := s.specOf(ctx, p, in.Against)
	if err != nil {
		return specDiff{}, err
	}
	return viewDiff(diff.Compare(before, after, s.Library), in.Against, &in.N), nil
}

type draftDiffInput struct {
	ID          string `path:"id"`
	Against     int    `query:"against" minimum:"-1" default:"-1" doc:"The version before; 0 is the empty spec. -1, or left out: the current one."`
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/yaml" alsoTypes:"application/json"`
}

// diffDraft compares what was sent, as a save would keep it. What is wrong with it is not told here, unless it cannot
// be read at all.
func (s *Server) diffDraft(ctx context.Context, in *draftDiffInput) (specDiff, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return specDiff{}, err
	}
	p, err := s.Store.Processor(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return specDiff{}, err
	}
	draft, problems, err := processor.ReadDraft(ctx, s.Store, s.Library, p, processor.Draft{Text: in.RawBody, Media: in.ContentType})
	if err != nil {
		return specDiff{}, err
	}
	if draft == nil {
		return specDiff{}, processor.Refused("The spec cannot be read, so it was not compared.", problems)
	}
	if in.Against < 0 {
		in.Against = p.Version
	}
	before, err := s.specOf(ctx, p, in.Against)
	if err != nil {
		return specDiff{}, err
	}
	return viewDiff(diff.Compare(before, draft, s.Library), in.Against, nil), nil
}
