package record

import "fmt"

// Agent gives an agent as it is now; nil: there is none. Its user, if any, is loaded with it.
func (s *Stage) Agent(id int64) (*Agent, error) {
	place, err := s.agentPlace(id)
	if err != nil {
		return nil, err
	}
	return s.agents.now(place), nil
}

// CreateAgent makes an active agent; team 0 is none.
func (s *Stage) CreateAgent(w *Writer, name string, team int64) *Agent {
	a := &Agent{ID: s.newID(), TenantID: w.TenantID, TeamID: team, Name: name, Active: true}
	s.agents.set(s.agents.add(a.ID, nil), a)
	s.enter(w, "", "agent", a.ID, a.TenantID, []byte(Creation))
	return a
}

// MoveAgent puts an agent into another team; 0 is none.
func (s *Stage) MoveAgent(w *Writer, id, team int64) error {
	place, err := s.agentPlace(id)
	if err != nil {
		return err
	}
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

func (s *Stage) agentPlace(id int64) (int, error) {
	if place, ok := s.agents.places[id]; ok {
		return place, nil
	}
	if s.note == nil {
		return 0, &NotLoaded{Need{Agents: []int64{id}}}
	}
	s.note.Agents = append(s.note.Agents, id)
	return s.agents.add(id, nil), nil
}
