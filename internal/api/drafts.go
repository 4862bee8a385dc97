package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/processor"
)

func (s *Server) draftRows() []Row {
	return []Row{
		{"GET", "/v1/processors/{id}/draft", access.ReadConfig, "The spec you are writing, as you left it, and who else is writing one", one(s.getDraft)},
		{"PUT", "/v1/processors/{id}/draft", access.WriteConfig, "Keep the spec you are writing (application/yaml or application/json), valid or not", one(s.putDraft)},
		{"DELETE", "/v1/processors/{id}/draft", access.WriteConfig, "Throw your draft away; after a save, too", none(s.deleteDraft)},
	}
}

// draftsView is what is being written for one processor.
type draftsView struct {
	Draft  *DraftView      `json:"draft" doc:"Yours; null: there is none."`
	Others []DraftOfOthers `json:"others" doc:"The last written first."`
}

// DraftView is a draft of the caller.
type DraftView struct {
	DraftStamp
	Text *string  `json:"text" doc:"As it was sent, where it was sent as YAML."`
	Tree anything `json:"tree" doc:"As it was sent, where it was sent as JSON; else null."`
}

// DraftStamp says what a draft is based on and when it was written.
type DraftStamp struct {
	BaseVersion int       `json:"base_version" doc:"The version it was begun on; 0: there was none."`
	Revision    int64     `json:"revision" doc:"Send it with the next PUT."`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// DraftOfOthers is a draft of somebody else.
type DraftOfOthers struct {
	By          string    `json:"by" doc:"Public id of the user or API key."`
	Name        string    `json:"name" said:"who"`
	BaseVersion int       `json:"base_version"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func viewStamp(d processor.KeptDraft) DraftStamp {
	return DraftStamp{BaseVersion: d.BaseVersion, Revision: d.Revision, CreatedAt: at(d.CreatedAt), UpdatedAt: at(d.UpdatedAt)}
}

func (s *Server) getDraft(ctx context.Context, in *idInput) (draftsView, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return draftsView{}, err
	}
	who := caller(ctx)
	all, err := s.Store.KeptDrafts(ctx, who.TenantID, n)
	if err != nil {
		return draftsView{}, err
	}
	v := draftsView{Others: []DraftOfOthers{}}
	for _, d := range all {
		if d.Author == who.PublicID() {
			continue
		}
		name, err := s.nameOf(ctx, d.Author)
		if err != nil {
			return v, err
		}
		v.Others = append(v.Others, DraftOfOthers{By: d.Author, Name: name, BaseVersion: d.BaseVersion, UpdatedAt: at(d.UpdatedAt)})
	}
	d, err := s.Store.KeptDraft(ctx, who.TenantID, n, who.PublicID())
	switch {
	case fault.Is(err, fault.NotFound):
		return v, nil
	case err != nil:
		return v, err
	}
	v.Draft = &DraftView{DraftStamp: viewStamp(d), Tree: anything("null")}
	if d.IsTree {
		v.Draft.Tree = d.Body
	} else {
		written := string(d.Body)
		v.Draft.Text = &written
	}
	return v, nil
}

type putDraftInput struct {
	ID          string `path:"id"`
	BaseVersion int    `query:"base_version" minimum:"0" doc:"The version it was begun on; 0, or left out: there was none."`
	Revision    int64  `query:"revision" minimum:"0" doc:"Of the draft there is, as GET or the last PUT gave it; 0, or left out: there is none. Where another window wrote in between: 409."`
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/yaml" alsoTypes:"application/json"`
}

func (s *Server) putDraft(ctx context.Context, in *putDraftInput) (DraftStamp, error) {
	n, err := processorID(in.ID)
	if err != nil {
		return DraftStamp{}, err
	}
	d, err := processor.Keep(ctx, s.Store, caller(ctx).TenantID, n, processor.Draft{Text: in.RawBody, Media: in.ContentType}, caller(ctx).PublicID(), in.BaseVersion, in.Revision)
	return viewStamp(d), err
}

type deleteDraftInput struct {
	ID       string `path:"id"`
	Revision int64  `query:"revision" minimum:"0" doc:"Only if it is still of this revision; 0, or left out: whatever it is."`
}

func (s *Server) deleteDraft(ctx context.Context, in *deleteDraftInput) error {
	n, err := processorID(in.ID)
	if err != nil {
		return err
	}
	return processor.Drop(ctx, s.Store, caller(ctx).TenantID, n, caller(ctx).PublicID(), in.Revision)
}

// savedSince is the fault for a spec that was begun on an older version than the one there is.
func (s *Server) savedSince(ctx context.Context, processorID int64, base, version int) error {
	if version == 0 {
		return fault.New(fault.Conflict, "The spec was not saved: it was begun on version %d, and this processor has none.", base)
	}
	v, err := s.Store.SpecVersion(ctx, caller(ctx).TenantID, processorID, version)
	if err != nil {
		return err
	}
	name, err := s.nameOf(ctx, v.CreatedBy)
	if err != nil {
		return err
	}
	when := at(v.CreatedAt).Format(time.RFC3339)
	return fault.New(fault.Conflict, "The spec was not saved: it was begun on version %d, and %s has saved version %d since.", base, name, version).With(fault.Detail{
		Field: "base_version", Code: "stale", Message: name + " saved version " + strconv.Itoa(version) + " at " + when + ".",
		Hint: "Look at what is different, then send base_version=" + strconv.Itoa(version) + " to save yours over it.",
	})
}

// nameOf is what people call a user or an API key, by its public id; the id itself where it is neither any more.
func (s *Server) nameOf(ctx context.Context, publicID string) (string, error) {
	name, err := publicID, error(nil)
	if n, wrong := id.Parse(id.User, publicID); wrong == nil {
		var u access.User
		if u, err = s.Store.User(ctx, caller(ctx).TenantID, n); err == nil {
			if name = strings.TrimSpace(u.Name); name == "" {
				name = u.Email
			}
		}
	} else if n, wrong := id.Parse(id.APIKey, publicID); wrong == nil {
		var k access.Key
		if k, err = s.Store.Key(ctx, caller(ctx).TenantID, n); err == nil {
			name = "the API key " + k.Name
		}
	}
	if fault.Is(err, fault.NotFound) {
		return publicID, nil
	}
	return name, err
}
