package fixed

import (
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Agent management: agent_team_id makes and links what is not there yet, agent and team, and moves the agent when the
// team changes; agent_email invites the user. Both follow the marks of the identity: a call that comes late moves
// nobody back. Ignored identities are left alone, since a person has said so.

// agent upserts the agent's identity with the attributes that came, and manages agent and user by them.
func (s *session) agent(effect *run.Effect) (*record.Identity, error) {
	for _, g := range s.given {
		switch g.field.Name {
		case "agent_email":
			effect.Fields = append(effect.Fields, run.Field{Name: "email", Value: g.value})
		case "agent_team_id":
			team, err := s.team(g.value)
			if err != nil {
				return nil, err
			}
			effect.Fields = append(effect.Fields, run.Field{Name: "team_external_identity", Value: team})
		}
	}
	i, answer, err := s.upsert(effect)
	if err != nil {
		return nil, err
	}
	if s.text("agent_team_id") != "" && !slices.Contains(answer.Stale, "team_external_identity") {
		if i, err = s.place(i); err != nil {
			return nil, err
		}
	}
	if s.text("agent_email") != "" && !slices.Contains(answer.Stale, "email") {
		if err := s.invite(i); err != nil {
			return nil, err
		}
	}
	return i, nil
}

// team upserts the team's identity; null for null.
func (s *session) team(id value.Value) (value.Value, error) {
	if id.IsNull() {
		return id, nil
	}
	effect := run.Effect{Kind: run.UpsertIdentity, Noun: "team", Key: id.Text()}
	if name, ok := s.value("agent_team_name"); ok {
		effect.Fields = []run.Field{{Name: "external_name", Value: name}}
	}
	i, _, err := s.upsert(&effect)
	if err != nil {
		return value.Null(), err
	}
	return value.Ref(i), nil
}

// place sees to it that the agent is there and in the team of its identity.
func (s *session) place(i *record.Identity) (*record.Identity, error) {
	if i.Ignored || i.Team.Ignored {
		s.remark("The agent was not managed: %s is ignored.", describe(ignored(i)))
		return i, nil
	}
	team, err := s.linkedTeam(i.Team)
	if err != nil {
		return nil, err
	}
	if i.EntityID == 0 {
		return s.newAgent(i, team)
	}
	a := s.stage.Agent(i.EntityID)
	if a == nil || a.TeamID == team.EntityID {
		return i, nil
	}
	s.remark("Agent “%s” moved to team “%s”.", a.Name, team.EntityName)
	return i, s.stage.MoveAgent(s.by, a.ID, team.EntityID)
}

func ignored(i *record.Identity) *record.Identity {
	if i.Ignored {
		return i
	}
	return i.Team
}

// linkedTeam gives the team's identity, linked to a team that is made where there was none.
func (s *session) linkedTeam(i *record.Identity) (*record.Identity, error) {
	if i.EntityID != 0 {
		return i, nil
	}
	team := s.stage.CreateTeam(s.by, i.Name)
	s.linked(i, fmt.Sprintf("a new team “%s”", team.Name), fmt.Sprintf("Team “%s” was made and linked to %s.", team.Name, describe(i)))
	return s.stage.Link(s.by, i.Key, team.ID, team.Name)
}

// newAgent links the identity to the agent of the user with its e-mail, or else to a new agent in the team.
func (s *session) newAgent(i, team *record.Identity) (*record.Identity, error) {
	if email := s.text("agent_email"); email != "" {
		if user := s.stage.User(s.userKey(email)); user != nil && user.AgentID != 0 {
			if a := s.stage.Agent(user.AgentID); a != nil {
				return s.knownAgent(i, team, a)
			}
		}
	}
	a := s.stage.CreateAgent(s.by, i.Name, team.EntityID)
	s.linked(i, fmt.Sprintf("a new agent “%s” in team “%s”", a.Name, team.EntityName),
		fmt.Sprintf("Agent “%s” was made in team “%s” and linked to %s.", a.Name, team.EntityName, describe(i)))
	return s.stage.Link(s.by, i.Key, a.ID, a.Name)
}

func (s *session) knownAgent(i, team *record.Identity, a *record.Agent) (*record.Identity, error) {
	whose := fmt.Sprintf("agent “%s”, whose user has the e-mail %s", a.Name, s.text("agent_email"))
	s.linked(i, whose, fmt.Sprintf("%s was linked to %s.", describe(i), whose))
	if a.TeamID != team.EntityID {
		s.remark("Agent “%s” moved to team “%s”.", a.Name, team.EntityName)
		if err := s.stage.MoveAgent(s.by, a.ID, team.EntityID); err != nil {
			return nil, err
		}
	}
	return s.stage.Link(s.by, i.Key, a.ID, a.Name)
}

// invite sees to it that there is a user of the e-mail, tied to the agent the identity is linked to.
func (s *session) invite(i *record.Identity) error {
	email := s.text("agent_email")
	if i.Ignored {
		s.remark("User %s was not invited: %s is ignored.", email, describe(i))
		return nil
	}
	user := s.stage.User(s.userKey(email))
	var other *record.User // the one the agent has already
	if i.EntityID != 0 {
		other = s.stage.UserOf(i.EntityID)
	}
	switch {
	case other != nil && other.Email != email:
		s.remark("User %s was left alone: agent “%s” has the user %s already.", email, i.EntityName, other.Email)
	case user == nil:
		s.remark("User %s was invited.", email)
		s.stage.InviteUser(s.by, email, i.Name, i.EntityID)
	case i.EntityID == 0 || user.AgentID == i.EntityID:
	case user.AgentID != 0:
		s.remark("User %s was left alone: it belongs to another agent.", email)
	default:
		s.remark("User %s was tied to agent “%s”.", email, i.EntityName)
		return s.stage.TieUser(s.by, s.userKey(email), i.EntityID)
	}
	return nil
}

func (s *session) userKey(email string) record.UserKey {
	return record.UserKey{TenantID: s.Tenant.ID, Email: email}
}
