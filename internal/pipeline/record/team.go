package record

// Team gives a team as it is now; nil: there is none.
func (s *Stage) Team(id int64) *Team { return s.teams.now(s.teamPlace(id)) }

// CreateTeam makes a team.
func (s *Stage) CreateTeam(w *Writer, name string) *Team {
	t := &Team{ID: s.newID(), TenantID: w.TenantID, Name: name}
	s.teams.set(s.teams.add(t.ID, nil), t)
	s.enter(w, "", "team", t.ID, t.TenantID, []byte(Creation))
	return t
}

func (s *Stage) teamPlace(id int64) int {
	place, ok := s.teams.find(id)
	if !ok {
		s.want.Teams = append(s.want.Teams, id)
		place = s.teams.add(id, nil)
	}
	return place
}
