package api

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/access"
	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// triageRows are what a person needs to decide what identities are: for one, for those on the screen, for those chosen.
func (s *Server) triageRows() []Row {
	return []Row{
		{"GET", "/v1/identities/standing", access.ReadData, "For up to 100 identities: how many records name each, and the one entity that it surely is", one(s.identityStanding)},
		{"POST", "/v1/identities/changes", access.LinkIdentities, "Link, create and link, take that back, unlink, ignore or unignore up to 500 identities; each on its own, with what came of it", one(s.changeIdentities)},
		{"GET", "/v1/identities/{id}/suggestions", access.ReadData, "What an identity could be, the best first, with what speaks for it; nothing links by itself", one(s.suggestions)},
		{"GET", "/v1/identities/{id}/records", access.ReadData, "Where an identity was first seen, and which records linking or unlinking it would move", one(s.identityRecords)},
		{"GET", "/v1/identities/{id}/history", access.ReadData, "Who linked, unlinked or ignored an identity, the newest first", many(s.identityHistory)},
	}
}

type likenessReasonView struct {
	Code     identity.Code `json:"code" enum:"same_email,same_name,similar_name,same_external_id,same_team,identity_there" doc:"identity_there speaks against: it has another identity at the same provider already."`
	Value    string        `json:"value" doc:"The address, name, external id or team."`
	Provider *string       `json:"provider" doc:"Where; null: with the entity itself."`
	Likeness *int          `json:"likeness" doc:"Of a similar name, in per cent: words are paired without case, accents and order; an initial counts 75, a typing mistake by its share of the letters."`
}

type suggestionView struct {
	Entity   named                `json:"entity"`
	Team     *named               `json:"team"`
	Active   bool                 `json:"active"`
	Strength identity.Strength    `json:"strength" enum:"sure,likely,weak"`
	Reasons  []likenessReasonView `json:"reasons"`
}

type suggestionsView struct {
	Suggestions []suggestionView `json:"suggestions"`
	Team        *named           `json:"team" doc:"What the team that the identity names is linked to: a new agent would be in it."`
}

func viewSuggestion(k identity.Kind, g identity.Suggestion) suggestionView {
	v := suggestionView{
		Entity: named{ID: id.Format(k.Prefix, g.ID), Name: g.Name}, Active: g.Active, Strength: g.Strength,
		Reasons: make([]likenessReasonView, len(g.Reasons)),
	}
	if g.TeamID != 0 {
		v.Team = &named{ID: id.Format(id.Team, g.TeamID), Name: g.TeamName}
	}
	for i, r := range g.Reasons {
		v.Reasons[i] = likenessReasonView{Code: r.Code, Value: r.Value, Provider: orNull(r.Provider)}
		if r.Likeness != 0 {
			v.Reasons[i].Likeness = &r.Likeness
		}
	}
	return v
}

func (s *Server) suggestions(ctx context.Context, in *idInput) (suggestionsView, error) {
	n, err := identityID(in.ID)
	if err != nil {
		return suggestionsView{}, err
	}
	found, team, err := s.books.Suggest(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return suggestionsView{}, err
	}
	v := suggestionsView{Suggestions: make([]suggestionView, len(found))}
	if team.ID != 0 {
		v.Team = &named{ID: id.Format(id.Team, team.ID), Name: team.Name}
	}
	for i, g := range found {
		v.Suggestions[i] = viewSuggestion(g.Kind, g)
	}
	return v, nil
}

type standingInput struct {
	IDs []string `query:"ids,explode" maxItems:"100" doc:"Of identities, each as a parameter of its own."`
}

type standingView struct {
	ID      string          `json:"id"`
	Records int64           `json:"records" doc:"That name it."`
	More    bool            `json:"more" doc:"At least so many: no more are counted."`
	Match   *suggestionView `json:"match" doc:"The one that it surely is; null: none, or it is linked."`
}

func (s *Server) identityStanding(ctx context.Context, in *standingInput) ([]standingView, error) {
	numbers := make([]int64, 0, len(in.IDs))
	for _, text := range in.IDs {
		n, err := filter("ids", id.Identity, text)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	all, err := s.books.Standings(ctx, caller(ctx).TenantID, numbers)
	if err != nil {
		return nil, err
	}
	views := make([]standingView, len(all))
	for i, one := range all {
		views[i] = standingView{ID: id.Format(id.Identity, one.ID), Records: min(one.Records, identity.CountLimit), More: one.Records > identity.CountLimit}
		if one.Match != nil {
			v := viewSuggestion(one.Match.Kind, *one.Match)
			views[i].Match = &v
		}
	}
	return views, nil
}

type identityRecordsInput struct {
	ID       string `path:"id"`
	EntityID string `query:"entity_id" doc:"What it would be linked to: there is then what that has without it."`
}

type identityRecordsView struct {
	FirstSeen makerView         `json:"first_seen" doc:"The delivery and execution that named it first."`
	Kinds     []movingKindView  `json:"kinds" doc:"Kinds of record that name it."`
	Latest    []namingRecordOut `json:"latest" doc:"The newest of each kind."`
}

type movingKindView struct {
	Kind      string     `json:"kind" enum:"activity,sale,call,period,anonymous_activity"`
	Count     int64      `json:"count"`
	More      bool       `json:"more" doc:"At least so many: no more are counted."`
	Since     *time.Time `json:"since" doc:"The moment of the earliest."`
	There     int64      `json:"there" doc:"That count for the entity without this identity."`
	ThereMore bool       `json:"there_more"`
}

type namingRecordOut struct {
	Kind       string    `json:"kind" enum:"activity,sale,call,period,anonymous_activity"`
	ID         string    `json:"id"`
	ExternalID string    `json:"external_id"`
	At         time.Time `json:"at"`
}

func (s *Server) identityRecords(ctx context.Context, in *identityRecordsInput) (identityRecordsView, error) {
	none := identityRecordsView{}
	n, err := identityID(in.ID)
	if err != nil {
		return none, err
	}
	i, err := s.Store.Identity(ctx, caller(ctx).TenantID, n)
	if err != nil {
		return none, err
	}
	k, _ := identity.KindOf(i.Kind)
	entity, err := filter("entity_id", k.Prefix, in.EntityID)
	if err != nil {
		return none, err
	}
	if entity != 0 {
		if _, err := s.Store.Entity(ctx, caller(ctx).TenantID, k, entity); err != nil {
			return none, err
		}
	}
	use, err := s.Store.IdentityRecords(ctx, caller(ctx).TenantID, n, entity)
	if err != nil {
		return none, err
	}
	v := identityRecordsView{FirstSeen: viewMaker(use.MadeBy), Kinds: []movingKindView{}, Latest: []namingRecordOut{}}
	for _, r := range use.Records {
		if r.Count == 0 {
			continue
		}
		v.Kinds = append(v.Kinds, movingKindView{
			Kind: r.Kind, Count: min(r.Count, identity.CountLimit), More: r.Count > identity.CountLimit, Since: atOrNull(r.Since),
			There: min(r.There, identity.CountLimit), ThereMore: r.There > identity.CountLimit,
		})
		for _, one := range r.Latest {
			v.Latest = append(v.Latest, namingRecordOut{Kind: r.Kind, ID: id.Format(record.KindOf(r.Kind).Prefix, one.ID), ExternalID: one.ExternalID, At: at(one.At)})
		}
	}
	return v, nil
}

type identityChange struct {
	ID       string    `json:"id"`
	Do       string    `json:"do" enum:"link,create,unlink,ignore,unignore,restore" doc:"restore takes one of the others back, unless the identity was changed since."`
	EntityID string    `json:"entity_id,omitempty" doc:"To link: what to."`
	Name     string    `json:"name,omitempty" doc:"To create: the name; left out: that of the identity. The same name in one call is the same entity."`
	TeamID   string    `json:"team_id,omitempty" doc:"To create an agent: its team."`
	Was      *triageIn `json:"was,omitempty" doc:"To restore: what it had before."`
	Is       *triageIn `json:"is,omitempty" doc:"To restore: what it was given then. One that has something else by now stays as it is."`
	Made     bool      `json:"made,omitempty" doc:"To restore: what it was linked to was made for that, and goes where nothing else uses it."`
}

// triageIn is what was decided about an identity.
type triageIn struct {
	EntityID string `json:"entity_id,omitempty" doc:"What it was linked to; left out: nothing."`
	Ignored  bool   `json:"ignored,omitempty"`
}

func (t *triageIn) of(kind string) (identity.Triage, error) {
	if t == nil {
		return identity.Triage{}, fault.New(fault.Invalid, "To take a change back, say what was there before it (was) and what it gave (is).")
	}
	k, _ := identity.KindOf(kind)
	n, err := filter("entity_id", k.Prefix, t.EntityID)
	return identity.Triage{EntityID: n, Ignored: t.Ignored}, err
}

type identityChangesInput struct {
	Body struct {
		Changes []identityChange `json:"changes" maxItems:"500"`
	}
}

type changedView struct {
	ID      string        `json:"id"`
	Done    bool          `json:"done"`
	Message *string       `json:"message" said:"ours" doc:"Why not."`
	Before  *identityView `json:"before" doc:"As it was, to take the change back with; null where nothing was done."`
	After   *identityView `json:"after"`
	Made    bool          `json:"made" doc:"What it is linked to now was made for it."`
}

func (s *Server) changeIdentities(ctx context.Context, in *identityChangesInput) ([]changedView, error) {
	made := map[string]string{} // kind and name → id of what this call made
	known := 0
	all := make([]changedView, len(in.Body.Changes))
	for i, c := range in.Body.Changes {
		all[i] = changedView{ID: c.ID}
		before, after, err := s.changeOne(ctx, c, made)
		if err != nil {
			if ctx.Err() != nil || fault.Of(err).Kind == fault.Internal {
				return nil, err
			}
			message := explained(err)
			all[i].Message = &message
			continue
		}
		was, is := viewIdentity(before), viewIdentity(after)
		all[i].Done, all[i].Before, all[i].After, all[i].Made = true, &was, &is, len(made) > known
		known = len(made)
	}
	return all, nil
}

// explained is what an error says, with the first of its details.
func explained(err error) string {
	f := fault.Of(err)
	if len(f.Details) > 0 {
		return f.Details[0].Message
	}
	return f.Message
}

func (s *Server) changeOne(ctx context.Context, c identityChange, made map[string]string) (before, after identity.Identity, err error) {
	by := caller(ctx)
	n, err := identityID(c.ID)
	if err != nil {
		return before, after, err
	}
	if before, err = s.Store.Identity(ctx, by.TenantID, n); err != nil {
		return before, after, err
	}
	switch c.Do {
	case "link":
		after, err = identity.Link(ctx, s.Store, by, n, c.EntityID)
	case "create":
		if before.EntityID != 0 {
			return before, after, fault.New(fault.Conflict, "“%s” is linked to “%s” by now.", before.Name, before.EntityName)
		}
		team, bad := filter("team_id", id.Team, c.TeamID)
		if bad != nil {
			return before, after, bad
		}
		name := strings.TrimSpace(c.Name)
		if name == "" {
			name = strings.TrimSpace(before.Name)
		}
		if name == "" {
			name = before.ExternalID
		}
		key := before.Kind + " " + name
		if there, ok := made[key]; ok {
			after, err = identity.Link(ctx, s.Store, by, n, there)
			break
		}
		if after, err = identity.LinkNew(ctx, s.Store, by, n, name, team); err == nil {
			k, _ := identity.KindOf(after.Kind)
			made[key] = id.Format(k.Prefix, after.EntityID)
		}
	case "restore":
		back := identity.Back{Made: c.Made}
		if back.Was, err = c.Was.of(before.Kind); err == nil {
			back.Is, err = c.Is.of(before.Kind)
		}
		if err == nil {
			after, err = identity.Restore(ctx, s.Store, by, n, back)
		}
	case "unlink":
		after, err = identity.Unlink(ctx, s.Store, by, n)
	default:
		after, err = identity.Ignore(ctx, s.Store, by, n, c.Do == "ignore")
	}
	return before, after, err
}

// linkChangeView is one line of what people did with an identity.
type linkChangeView struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	MadeBy makerView `json:"made_by"`
	By     *string   `json:"by" said:"who" doc:"Name of the user or API key."`
	Did    string    `json:"did" enum:"linked,unlinked,moved,ignored,unignored,changed" doc:"changed: a delivery gave it another name or team."`
	From   *named    `json:"from"`
	To     *named    `json:"to"`
}

type identityHistoryInput struct {
	ID string `path:"id"`
	Paging
}

func (s *Server) identityHistory(ctx context.Context, in *identityHistoryInput, r page.Request) (page.Page[linkChangeView], error) {
	none := page.Page[linkChangeView]{}
	n, err := identityID(in.ID)
	if err != nil {
		return none, err
	}
	tenant := caller(ctx).TenantID
	i, err := s.Store.Identity(ctx, tenant, n)
	if err != nil {
		return none, err
	}
	k, _ := identity.KindOf(i.Kind)
	entries, err := s.Store.Journal(ctx, tenant, i.Kind+record.IdentitySuffix, n, page.Request{Size: page.MaxSize})
	if err != nil {
		return none, err
	}
	names := map[int64]*named{}
	entity := func(n int64) *named {
		if n == 0 {
			return nil
		}
		if names[n] == nil {
			names[n] = &named{ID: id.Format(k.Prefix, n)}
			if e, err := s.Store.Entity(ctx, tenant, k, n); err == nil {
				names[n].Name = e.Name
			}
		}
		return names[n]
	}
	people := s.people(ctx)
	linked := i.EntityID
	out := page.Page[linkChangeView]{Items: []linkChangeView{}, Total: entries.Total}
	for _, e := range entries.Items {
		var before struct {
			Entity  []int64 `json:"entity_id"`
			Ignored []bool  `json:"ignored"`
		}
		if err := json.Unmarshal(e.Before, &before); err != nil {
			before.Entity, before.Ignored = nil, nil // of a delivery: its fields have other shapes
		}
		v := linkChangeView{ID: id.Format(id.Change, e.ID), At: at(e.At), MadeBy: viewMaker(e.MadeBy), Did: "changed"}
		if v.By, err = people.made(v.MadeBy); err != nil {
			return none, err
		}
		switch {
		case len(before.Entity) > 0:
			was := before.Entity[0]
			v.From, v.To = entity(was), entity(linked)
			switch {
			case was == 0:
				v.Did = "linked"
			case linked == 0:
				v.Did = "unlinked"
			default:
				v.Did = "moved"
			}
			linked = was
		case len(before.Ignored) > 0 && before.Ignored[0]:
			v.Did = "unignored"
		case len(before.Ignored) > 0:
			v.Did = "ignored"
		}
		out.Items = append(out.Items, v)
	}
	return out, nil
}
