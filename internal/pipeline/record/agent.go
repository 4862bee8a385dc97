package record

import "fmt"

// Agent gives an agent as it is now; nil: there is none. Its user, if any, is loaded with it.
func (s *Stage) Agent(id int64) *Agent { return s.agents.now(s.agentPlace(id)) }

// CreateAgent makes an active agent; team 0 is none.
func (s *Stage) CreateAgent(w *Writer, name string, team int64) *Agent {
	a := &Agent{ID: s.newID(), TenantID: w.TenantID, TeamID: team, Name: name, Active: true}
	s.agents.set(s.agents.add(a.ID, nil), a)
	s.enter(w, "", "agent", a.ID, a.TenantID, []byte(Creation))
	return a
}

// MoveAgent puts an agent into another team; 0 is none.
func (s *Stage) MoveAgent(w *Writer, id, team int64) error {
	place := s.agentPlace(id)
	was := s.agents.now(place)
	if was == nil {
		return fmt.Errorf("there is no agent %d", id)
	}
	if was.TeamID == team {
		return nil
	}
	a := *was
	a.TeamID = team
	s.agents.set(place, &a)
	var image before
	image.number("team_id", was.TeamID)
	s.enter(w, "", "agent", a.ID, a.TenantID, image.done())
	return nil
}

func (s *Stage) agentPlace(id int64) int {
	place, ok := s.agents.find(id)
	if !ok {
		s.want.Agents = append(s.want.Agents, id)
		place = s.agents.add(id, nil)
	}
	return place
}
