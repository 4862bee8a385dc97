package record

import "fmt"

// User gives a user as it is now; nil: there is none.
func (s *Stage) User(key UserKey) (*User, error) {
	place, err := s.userPlace(key)
	if err != nil {
		return nil, err
	}
	return s.users.now(place), nil
}

// UserOf gives the user tied to an agent that Agent has given; nil: it has none.
func (s *Stage) UserOf(agent int64) *User {
	for i := range s.users.slots {
		if u := s.users.slots[i].now; u != nil && u.AgentID == agent {
			return u
		}
	}
	return nil
}

// InviteUser makes a user who cannot sign in yet; agent 0 is none. User has said that there is none of that e-mail.
func (s *Stage) InviteUser(w *Writer, email, name string, agent int64) (*User, error) {
	place, err := s.userPlace(UserKey{TenantID: w.TenantID, Email: email})
	if err != nil {
		return nil, err
	}
	u := &User{
		ID: s.newID(), TenantID: w.TenantID, AgentID: agent,
		Email: email, Name: name, Role: RoleOfInvited, Status: StatusInvited,
	}
	s.users.set(place, u)
	s.enter(w, "", "user", u.ID, u.TenantID, []byte(Creation))
	return u, nil
}

// TieUser ties a user to an agent; 0 is none.
func (s *Stage) TieUser(w *Writer, key UserKey, agent int64) error {
	place, err := s.userPlace(key)
	if err != nil {
		return err
	}
	was := s.users.now(place)
	if was == nil {
		return fmt.Errorf("tenant %d has no such user", key.TenantID)
	}
	if was.AgentID == agent {
		return nil
	}
	u := *was
	u.AgentID = agent
	s.users.set(place, &u)
	var image before
	image.number("agent_id", was.AgentID)
	s.enter(w, "", "user", u.ID, u.TenantID, image.done())
	return nil
}

func (s *Stage) userPlace(key UserKey) (int, error) {
	if place, ok := s.users.places[key]; ok {
		return place, nil
	}
	if s.note == nil {
		return 0, &NotLoaded{Need{Users: []UserKey{key}}}
	}
	s.note.Users = append(s.note.Users, key)
	return s.users.add(key, nil), nil
}
