package record

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/value"
)

const (
	tenant   = 1
	provider = 2
)

// store keeps things in the form databases do, so that what a test reads back has been through the columns.
type store struct {
	last       int64
	rows       map[Key][]Cell
	identities map[int64][]Cell
	byKey      map[Key]int64
	users      map[UserKey]User
	agents     map[int64]Agent
	teams      map[int64]Team
	journal    []Entry
}

func newStore() *store {
	return &store{
		rows:       map[Key][]Cell{},
		identities: map[int64][]Cell{},
		byKey:      map[Key]int64{},
		users:      map[UserKey]User{},
		agents:     map[int64]Agent{},
		teams:      map[int64]Team{},
	}
}

func (s *store) newID() int64 {
	s.last++
	return s.last
}

func (s *store) identity(id int64) (*Identity, error) {
	cells, ok := s.identities[id]
	if !ok {
		return nil, fmt.Errorf("there is no identity %d", id)
	}
	entity := cells[9].Int
	name := s.agents[entity].Name
	if cells[3].Text == "team" {
		name = s.teams[entity].Name
	}
	return ScanIdentity(cells, name, s.identity)
}

func (s *store) load(t testing.TB, need *Need) *Loaded {
	l := &Loaded{
		Rows:       map[Key]*Row{},
		Contacts:   map[ContactKey][]*Row{},
		Identities: map[Key]*Identity{},
		Users:      map[UserKey]*User{},
		Agents:     map[int64]*Agent{},
		AgentUsers: map[int64]*User{},
		Teams:      map[int64]*Team{},
	}
	for _, k := range need.Keys {
		if !k.IsIdentity() {
			if cells, ok := s.rows[k]; ok {
				row, err := ScanRow(KindOf(k.Noun), cells, s.identity)
				if err != nil {
					t.Fatal(err)
				}
				l.Rows[k] = row
			}
			continue
		}
		if id, ok := s.byKey[k]; ok {
			i, err := s.identity(id)
			if err != nil {
				t.Fatal(err)
			}
			l.Identities[k] = i
		}
	}
	for _, k := range need.Contacts {
		l.Contacts[k] = s.ofContact(t, k)
	}
	for _, k := range need.Users {
		if u, ok := s.users[k]; ok {
			l.Users[k] = &u
		}
	}
	for _, n := range need.Agents {
		if a, ok := s.agents[n]; ok {
			l.Agents[n] = &a
		}
		for _, u := range s.users {
			if u.AgentID == n {
				l.AgentUsers[n] = &u
			}
		}
	}
	for _, n := range need.Teams {
		if team, ok := s.teams[n]; ok {
			l.Teams[n] = &team
		}
	}
	return l
}

func (s *store) ofContact(t testing.TB, k ContactKey) (rows []*Row) {
	for key, cells := range s.rows {
		if key.Noun != k.Noun || key.ProviderID != k.ProviderID {
			continue
		}
		row, err := ScanRow(KindOf(key.Noun), cells, s.identity)
		if err != nil {
			t.Fatal(err)
		}
		if row.ContactKey() == k {
			rows = append(rows, row)
		}
	}
	return rows
}

func (s *store) apply(c *Changes) {
	for _, ch := range c.Identities {
		if ch.New == nil {
			delete(s.identities, ch.Old.ID)
			delete(s.byKey, ch.Old.Key)
			continue
		}
		s.byKey[ch.New.Key] = ch.New.ID
		if ch.MarkOnly {
			copy(s.identities[ch.New.ID][11:], ch.New.MarkCells(nil))
			continue
		}
		s.identities[ch.New.ID] = ch.New.Cells(nil)
	}
	for _, ch := range c.Rows {
		if ch.New == nil {
			delete(s.rows, ch.Old.Key)
			continue
		}
		if ch.MarkOnly {
			copy(s.rows[ch.New.Key][4+len(ch.New.Values):], ch.New.MarkCells(nil))
			continue
		}
		s.rows[ch.New.Key] = ch.New.Cells(nil)
	}
	for _, ch := range c.Teams {
		if ch.New == nil {
			delete(s.teams, ch.Old.ID)
			continue
		}
		s.teams[ch.New.ID] = *ch.New
	}
	for _, ch := range c.Agents {
		if ch.New == nil {
			delete(s.agents, ch.Old.ID)
			continue
		}
		s.agents[ch.New.ID] = *ch.New
	}
	for _, ch := range c.Users {
		if ch.New == nil {
			delete(s.users, UserKey{ch.Old.TenantID, ch.Old.Email})
			continue
		}
		s.users[UserKey{ch.New.TenantID, ch.New.Email}] = *ch.New
	}
	s.journal = append(s.journal, c.Journal...)
}

// group runs work on a stage until all it needs is loaded, as the group writer does, and applies what is left.
func (s *store) group(t testing.TB, now int64, work func(*Stage) error) *Stage {
	t.Helper()
	need := &Need{}
	for range 20 {
		need.Normalize()
		last := s.last
		stage := NewStage(now, s.newID, need, s.load(t, need))
		err := work(stage)
		var missing *NotLoaded
		if errors.As(stage.Missing(), &missing) {
			need.Add(&missing.Need)
			s.last = last
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		s.apply(stage.Changes())
		return stage
	}
	t.Fatal("the group does not come to an end")
	return nil
}

// dump lists all there is, one thing per line.
func (s *store) dump(t testing.TB) string {
	var lines []string
	for key, id := range s.byKey {
		i, err := s.identity(id)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, describeIdentity(key, i))
	}
	for key := range s.rows {
		row := s.load(t, &Need{Keys: []Key{key}}).Rows[key]
		lines = append(lines, describeRow(row))
	}
	slices.Sort(lines)
	var people []string
	for _, team := range s.teams {
		people = append(people, fmt.Sprintf("team %q", team.Name))
	}
	for _, a := range s.agents {
		people = append(people, fmt.Sprintf("agent %q of team %q", a.Name, s.teams[a.TeamID].Name))
	}
	for _, u := range s.users {
		people = append(people, fmt.Sprintf("user %s %s %s of agent %q", u.Email, u.Role, u.Status, s.agents[u.AgentID].Name))
	}
	slices.Sort(people)
	return strings.Join(append(lines, people...), "\n") + "\n"
}

func describeIdentity(key Key, i *Identity) string {
	line := key.Noun + " " + key.ExternalID
	for n, name := range IdentityFields {
		if v := i.Field(name); !v.IsNull() {
			line += fmt.Sprintf(" %s=%s%s", name, show(v), showMark(i.MarkOf(n)))
		}
	}
	if i.EntityID != 0 {
		line += fmt.Sprintf(" entity=%q", i.EntityName)
	}
	return line
}

func describeRow(r *Row) string {
	line := r.Key.Noun + " " + r.Key.ExternalID
	for n, f := range r.Kind.Fields {
		v, mark := r.Values[n], r.MarkOf(n)
		if v.IsNull() && mark == (Mark{}) || f.Type == BoolField && !v.Bool() && mark == (Mark{}) {
			continue
		}
		line += fmt.Sprintf(" %s=%s%s", f.Name, show(v), showMark(mark))
		if _, ok := r.Locks[n]; ok {
			line += "!"
		}
	}
	return line
}

func show(v value.Value) string {
	if e := v.Entity(); e != nil {
		return "@" + e.ExternalID()
	}
	if v.Kind() == value.KindMoment {
		return moment(v)
	}
	return v.String()
}

func showMark(m Mark) string {
	if m.Position == 0 {
		return fmt.Sprintf("#%d", m.Number)
	}
	return fmt.Sprintf("#%d.%d", m.Number, m.Position)
}

func describeAnswer(a run.Answer) string {
	words := []string{string(a.Outcome)}
	for _, f := range a.Before {
		words = append(words, fmt.Sprintf("%s was %s", f.Name, show(f.Value)))
	}
	if len(a.Locked) > 0 {
		words = append(words, "locked "+strings.Join(a.Locked, " "))
	}
	if len(a.Stale) > 0 {
		words = append(words, "stale "+strings.Join(a.Stale, " "))
	}
	if a.Matched > 0 {
		words = append(words, fmt.Sprint("matched ", a.Matched))
	}
	line := strings.Join(words, ", ")
	for _, t := range a.Touched {
		line += "; " + t.ExternalID + " " + describeAnswer(run.Answer{Outcome: t.Outcome, Before: t.Before, Locked: t.Locked, Stale: t.Stale})
	}
	return line
}

func (s *store) dumpJournal() string {
	var b strings.Builder
	slices.SortStableFunc(s.journal, func(x, y Entry) int { return cmp.Compare(x.ID, y.ID) })
	for _, e := range s.journal {
		fmt.Fprintf(&b, "%s %s\n", e.Noun, e.Before)
	}
	return b.String()
}
