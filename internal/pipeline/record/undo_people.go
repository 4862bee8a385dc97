package record

import (
	"cmp"
	"strings"

	"github.com/dealwright/dealwright/internal/id"
)

func (x *undoing) users() error {
	for _, key := range x.userKeys {
		u := x.User(key)
		if u == nil {
			continue
		}
		t := Thing{"user", u.ID}
		happened := x.stories[t]
		d := Undone{Touched: Touched{Thing: t, Email: u.Email}, Name: cmp.Or(u.Name, u.Email)}
		if x.madePerson(t) && u.Status == StatusInvited && u.Role == RoleOfInvited && x.onlyMine(happened) {
			x.enter(t, removal(userColumns, u.cells()))
			x.Stage.users.set(x.userPlace(key), nil)
			d.Outcome = Removed
			x.note(d)
			continue
		}
		if x.madePerson(t) {
			d.Left = append(d.Left, LeftField{"", changedSince})
		}
		next := *u
		agent, ok := x.setNumberBack(happened, "agent_id", u.AgentID, &d)
		if ok && agent != 0 && x.Agent(agent) == nil {
			d.Left, ok = append(d.Left, LeftField{"agent_id", goneSince}), false
		}
		if ok {
			x.numberBack(t, "agent_id", id.Agent, u.AgentID, agent, &d)
			next.AgentID = agent
			x.Stage.users.set(x.userPlace(key), &next)
		}
		x.note(d)
	}
	for t, touched := range x.removedThings() {
		if t.Noun != "user" {
			continue
		}
		cells, err := removed(userColumns, x.wasRemoved(t))
		if err != nil {
			return err
		}
		u := scanUser(cells)
		key := UserKey{u.TenantID, u.Email}
		d := Undone{Touched: touched, Name: cmp.Or(u.Name, u.Email)}
		if x.User(key) != nil {
			d.Left = []LeftField{{"", takenByNow}}
		} else {
			if u.AgentID != 0 && x.Agent(u.AgentID) == nil {
				u.AgentID = 0
				d.Left = []LeftField{{"agent_id", goneSince}}
			}
			x.enter(t, []byte(Creation))
			x.Stage.users.set(x.userPlace(key), u)
			d.Outcome = MadeNew
		}
		x.note(d)
	}
	return nil
}

// onlyMine reports whether nobody but the subject has changed anything of a thing.
func (x *undoing) onlyMine(happened story) bool {
	for _, events := range happened {
		if !untouched(events, x.Of, held{}, false) {
			return false
		}
	}
	return true
}

func (x *undoing) agents() error {
	for _, n := range x.agentIDs {
		a := x.Agent(n)
		if a == nil {
			continue
		}
		t := Thing{"agent", n}
		happened := x.stories[t]
		d := Undone{Touched: Touched{Thing: t}, Name: a.Name}
		switch made := x.madePerson(t); {
		case made && !x.onlyMine(happened):
			d.Left = append(d.Left, LeftField{"", changedSince})
		case made && x.references(t) > 0:
			d.Left = append(d.Left, LeftField{"", inUse})
		case made:
			x.enter(t, removal(agentColumns, a.cells()))
			x.Stage.agents.set(x.agentPlace(n), nil)
			d.Outcome = Removed
			x.note(d)
			continue
		}
		team, ok := x.setNumberBack(happened, "team_id", a.TeamID, &d)
		if ok && team != 0 && x.Team(team) == nil {
			d.Left, ok = append(d.Left, LeftField{"team_id", goneSince}), false
		}
		if ok {
			next := *a
			next.TeamID = team
			x.numberBack(t, "team_id", id.Team, a.TeamID, team, &d)
			x.Stage.agents.set(x.agentPlace(n), &next)
		}
		x.note(d)
	}
	return again(x, "agent", agentColumns, scanAgent, func(a *Agent) (string, *LeftField) {
		var left *LeftField
		if a.TeamID != 0 && x.Team(a.TeamID) == nil {
			a.TeamID, left = 0, &LeftField{"team_id", goneSince}
		}
		x.Stage.agents.set(x.agentPlace(a.ID), a)
		return a.Name, left
	})
}

func (x *undoing) teams() error {
	for _, n := range x.teamIDs {
		team := x.Team(n)
		t := Thing{"team", n}
		if team == nil || !x.madePerson(t) {
			continue
		}
		d := Undone{Touched: Touched{Thing: t}, Name: team.Name}
		switch {
		case !x.onlyMine(x.stories[t]):
			d.Left = []LeftField{{"", changedSince}}
		case x.references(t) > 0:
			d.Left = []LeftField{{"", inUse}}
		default:
			x.enter(t, removal(teamColumns, team.cells()))
			x.Stage.teams.set(x.teamPlace(n), nil)
			d.Outcome = Removed
		}
		x.note(d)
	}
	return again(x, "team", teamColumns, scanTeam, func(t *Team) (string, *LeftField) {
		x.Stage.teams.set(x.teamPlace(t.ID), t)
		return t.Name, nil
	})
}

// again makes agents or teams that an undo had removed; put sets one on the stage and gives its name.
func again[T any](x *undoing, noun string, columns []Column, scan func([]Cell) *T, put func(*T) (string, *LeftField)) error {
	for t, touched := range x.removedThings() {
		if t.Noun != noun {
			continue
		}
		cells, err := removed(columns, x.wasRemoved(t))
		if err != nil {
			return err
		}
		name, left := put(scan(cells))
		x.enter(t, []byte(Creation))
		d := Undone{Touched: touched, Name: name, Outcome: MadeNew}
		if left != nil {
			d.Left = []LeftField{*left}
		}
		x.note(d)
	}
	return nil
}

// setNumberBack says what a field without a mark held before; false: it is not to be set back.
func (x *undoing) setNumberBack(happened story, field string, now int64, d *Undone) (int64, bool) {
	v, former, since := judge(happened[field], x.Of, held{})
	if v == setSince {
		d.Left = append(d.Left, LeftField{field, by(since)})
	}
	if v != takeBack {
		return 0, false
	}
	n, _ := former.Value.Decimal().Int64()
	return n, n != now
}

func (x *undoing) numberBack(t Thing, field, prefix string, from, to int64, d *Undone) {
	var image before
	image.number(field, from)
	x.enter(t, image.done())
	noun := strings.TrimSuffix(field, "_id")
	d.Fields = append(d.Fields, Restored{field, entityText(prefix, noun, from), entityText(prefix, noun, to)})
}
