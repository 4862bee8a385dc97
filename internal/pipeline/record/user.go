package record

import "fmt"

// User gives a user as it is now; nil: there is none.
func (s *Stage) User(key UserKey) *User { return s.users.now(s.userPlace(key)) }

// UserOf gives the user tied to an agent, which is loaded with it; nil: it has none.
func (s *Stage) UserOf(agent int64) *User {
	s.agentPlace(agent)
	for i := range s.users.slots {
		if u := s.users.slots[i].now; u != nil && u.AgentID == agent {
			return u
		}
	}
	return nil
}

// InviteUser makes a user who cannot sign in yet; agent 0 is none. User has said that there is none of that e-mail.
func (s *Stage) InviteUser(w *Writer, email, name string, agent int64) *User {
	place := s.userPlace(UserKey{TenantID: w.TenantID, Email: email})
	u := &User{
		ID: s.newID(), TenantID: w.TenantID, AgentID: agent,
		Email: email, Name: name, Role: RoleOfInvited, Status: StatusInvited,
	}
	s.users.set(place, u)
	s.enter(w, "", "user", u.ID, u.TenantID, []byte(Creation))
	return u
}

// TieUser ties a user to an agent; 0 is none.
func (s *Stage) TieUser(w *Writer, key UserKey, agent int64) error {
	place := s.userPlace(key)
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

func (s *Stage) userPlace(key UserKey) int {
	place, ok := s.users.find(key)
	if !ok {
		s.want.Users = append(s.want.Users, key)
		place = s.users.add(key, nil)
	}
	return place
}
