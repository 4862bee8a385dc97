package record

import (
	"fmt"
	"maps"

	"github.com/dealwright/dealwright/internal/spec/run"
)

// Stage is an overlay over what a group loaded. Units change it in memory, one after the other; a unit that fails is
// taken back to where it began; what is left in the end is Changes. It is for one goroutine.
//
// Life of a unit:
//
//	Begin ── Apply, Begin … End, Apply ──▶ End(true)   what was done stays
//	                    └────────────────▶ End(false)  nothing of it was ever there
type Stage struct {
	now   int64
	newID func() int64
	// want gathers what was asked for and is not loaded. Of a noting stage that is its purpose.
	want   *Need
	noting bool
	dry    bool // nobody will apply it
	// besides: other overlays are beside it; done is then what was applied since the outermost open unit began.
	besides bool
	done    []upsert

	rows       table[Key, Row]
	contacts   map[ContactKey]*contact // those that follow-up asked for
	identities table[Key, Identity]
	users      table[UserKey, User]
	agents     table[int64, Agent]
	teams      table[int64, Team]
	waiting    map[int64]bool
	journal    []Entry
	units      []savepoint
}

// savepoint is how far the logs were when a unit began.
type savepoint struct{ rows, identities, users, agents, teams, journal, done int }

// Writer is on whose behalf a stage is changed.
type Writer struct {
	TenantID   int64
	ProviderID int64
	Mark       Mark
	Maker      Maker // Instruction is taken from each effect
}

// NewStage makes a stage over what was loaded for need, which is normalized. Now is the group's clock; newID gives
// numbers nobody else gets, rising (falling ones below 0 make a dry run).
func NewStage(now int64, newID func() int64, need *Need, loaded *Loaded) *Stage {
	identities := 0
	for _, k := range need.Keys {
		if k.IsIdentity() {
			identities++
		}
	}
	s := &Stage{
		now:        now,
		newID:      newID,
		want:       &Need{},
		rows:       newTable[Key, Row](len(need.Keys) - identities),
		identities: newTable[Key, Identity](identities),
		users:      newTable[UserKey, User](len(need.Users)),
		agents:     newTable[int64, Agent](len(need.Agents)),
		teams:      newTable[int64, Team](len(need.Teams)),
		waiting:    loaded.Waiting,
	}
	for _, k := range need.Keys {
		if k.IsIdentity() {
			s.identities.add(k, loaded.Identities[k])
		} else {
			s.rows.add(k, loaded.Rows[k])
		}
	}
	s.addContacts(need.Contacts, loaded)
	for _, k := range need.Users {
		s.users.add(k, loaded.Users[k])
	}
	for _, n := range need.Agents {
		s.agents.add(n, loaded.Agents[n])
		if u := loaded.AgentUsers[n]; u != nil {
			s.users.addOnce(UserKey{TenantID: u.TenantID, Email: u.Email}, u)
		}
	}
	for _, n := range need.Teams {
		s.teams.add(n, loaded.Teams[n])
	}
	return s
}

// NewNoting makes a stage that has nothing loaded and answers as if nothing were there, adding to need whatever it is
// asked for. What runs on it is thrown away: it tells which keys the real run will want.
func NewNoting(need *Need) *Stage {
	return &Stage{
		newID:      fallingIDs(),
		want:       need,
		noting:     true,
		rows:       newTable[Key, Row](4),
		identities: newTable[Key, Identity](4),
		users:      newTable[UserKey, User](0),
		agents:     newTable[int64, Agent](0),
		teams:      newTable[int64, Team](0),
	}
}

// NewID gives a number nobody else gets.
func (s *Stage) NewID() int64 { return s.newID() }

// Now is the one clock of the group, in microseconds.
func (s *Stage) Now() int64 { return s.now }

// StillWaits reports whether a stored execution of Need.Rerun still waits: another node may have run it meanwhile. A
// noting stage says yes and notes it.
func (s *Stage) StillWaits(execution int64) bool {
	if s.noting {
		s.want.Rerun = append(s.want.Rerun, execution)
		return true
	}
	return s.waiting[execution]
}

// Begin opens a unit inside the present one.
func (s *Stage) Begin() {
	s.units = append(s.units, savepoint{
		rows:       len(s.rows.log),
		identities: len(s.identities.log),
		users:      len(s.users.log),
		agents:     len(s.agents.log),
		teams:      len(s.teams.log),
		journal:    len(s.journal),
		done:       len(s.done),
	})
}

// End closes the innermost unit; keep false takes back all that was done since it began.
func (s *Stage) End(keep bool) {
	last := len(s.units) - 1
	p := s.units[last]
	s.units = s.units[:last]
	if !keep {
		s.rows.rollback(p.rows)
		s.identities.rollback(p.identities)
		s.users.rollback(p.users)
		s.agents.rollback(p.agents)
		s.teams.rollback(p.teams)
		s.journal = s.journal[:p.journal]
		s.done = s.done[:p.done]
	}
	if last == 0 { // nobody goes back further than this
		s.rows.log = s.rows.log[:0]
		s.identities.log = s.identities.log[:0]
		s.users.log = s.users.log[:0]
		s.agents.log = s.agents.log[:0]
		s.teams.log = s.teams.log[:0]
		s.done = s.done[:0]
	}
}

// Depth is the number of open units.
func (s *Stage) Depth() int { return len(s.units) }

// Unwind takes back and closes every unit that was opened since Depth was depth: after a run that ended in the middle.
func (s *Stage) Unwind(depth int) {
	for len(s.units) > depth {
		s.End(false)
	}
}

// Apply carries out one effect for w: all or nothing. A *run.DataError means that the data is at fault; any other error
// is a bug of the caller.
func (s *Stage) Apply(w *Writer, e *run.Effect) (answer run.Answer, err error) {
	switch e.Kind {
	case run.UpsertRecord:
		return s.upsertRow(w, e)
	case run.UpsertIdentity:
		return s.upsertIdentity(w, e)
	case run.LockField:
		answer, err = s.lockField(w, e)
	case run.UpdateContact:
		answer, err = s.updateContact(w, e)
	case run.InsertPeriodChange:
		answer, err = s.insertPeriodChange(w, e)
	default:
		return answer, fmt.Errorf("a stage cannot carry out effect %d (%s)", e.Kind, e.Noun)
	}
	if err == nil {
		s.did(upsert{})
	}
	return answer, err
}

// Changes is what is to be applied, to be asked for once.
func (s *Stage) Changes() *Changes {
	for i := range s.journal {
		s.journal[i].ID = s.newID()
	}
	return &Changes{
		Identities: s.identities.changes(onlyIdentityMarks),
		Rows:       s.rows.changes(onlyRowMarks),
		Teams:      s.teams.changes(nil),
		Agents:     s.agents.changes(nil),
		Users:      s.users.changes(nil),
		Journal:    s.journal,
	}
}

// onlyRowMarks: a change of nothing but marks shares the values.
func onlyRowMarks(old, now *Row) bool {
	return &old.Values[0] == &now.Values[0] && maps.Equal(old.Locks, now.Locks)
}

func onlyIdentityMarks(old, now *Identity) bool {
	return old.Name == now.Name && old.Email == now.Email && idOf(old.Project) == idOf(now.Project) && idOf(old.Team) == idOf(now.Team) &&
		old.EntityID == now.EntityID && old.Ignored == now.Ignored
}

func idOf(i *Identity) int64 {
	if i == nil {
		return 0
	}
	return i.ID
}

// Missing is what units asked for that was not loaded, nil for nothing. They were answered as if nothing were there, so
// that they come to ask for the rest too; what they did is void, and the group must begin again with this loaded.
func (s *Stage) Missing() error {
	w := s.want
	if s.noting || len(w.Keys)+len(w.Contacts)+len(w.Users)+len(w.Agents)+len(w.Teams) == 0 {
		return nil
	}
	return &NotLoaded{Need: *w}
}

// Row gives a record as it is now; nil: it is not there.
func (s *Stage) Row(key Key) *Row { return s.rows.now(s.rowPlace(key)) }

// Identity gives an identity as it is now; nil: it is not there.
func (s *Stage) Identity(key Key) *Identity { return s.identities.now(s.identityPlace(key)) }

func (s *Stage) rowPlace(key Key) int {
	place, ok := s.rows.find(key)
	if !ok {
		s.want.Keys = append(s.want.Keys, key)
		place = s.rows.add(key, nil)
	}
	return place
}

func (s *Stage) identityPlace(key Key) int {
	place, ok := s.identities.find(key)
	if !ok {
		s.want.Keys = append(s.want.Keys, key)
		place = s.identities.add(key, nil)
	}
	return place
}
