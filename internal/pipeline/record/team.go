package record

// Team gives a team as it is now; nil: there is none.
func (s *Stage) Team(id int64) (*Team, error) {
	if place, ok := s.teams.places[id]; ok {
		return s.teams.now(place), nil
	}
	if s.note == nil {
		return nil, &NotLoaded{Need{Teams: []int64{id}}}
	}
	s.note.Teams = append(s.note.Teams, id)
	s.teams.add(id, nil)
	return nil, nil
}

// CreateTeam makes a team.
func (s *Stage) CreateTeam(w *Writer, name string) *Team {
	t := &Team{ID: s.newID(), TenantID: w.TenantID, Name: name}
	s.teams.set(s.teams.add(t.ID, nil), t)
	s.enter(w, "", "team", t.ID, t.TenantID, []byte(Creation))
	return t
}
