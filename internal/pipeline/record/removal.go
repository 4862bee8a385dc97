package record

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// A removal's before-image is the whole thing as it was stored: {"removed":{"id":12, …}}, by column, so that it can be
// made again.
const removedKey = "removed"

var removalHead = []byte(`{"` + removedKey + `":`)

func isRemoval(image []byte) bool { return bytes.HasPrefix(image, removalHead) }

func removal(columns []Column, cells []Cell) []byte {
	members := make([]value.Member, len(columns))
	for i, c := range cells {
		members[i].Key = columns[i].Name
		switch c.Kind {
		case IntCell:
			members[i].Value = value.Int(c.Int)
		case TextCell:
			members[i].Value = value.Text(c.Text)
		}
	}
	return value.Object([]value.Member{{Key: removedKey, Value: value.Object(members)}}).AppendJSON(nil)
}

// removed gives the cells of a removal's image. A column that came later is null, or what it holds when it may not be.
func removed(columns []Column, image []byte) ([]Cell, error) {
	v, syntax := value.ParseJSON(image, value.Limits{Bytes: len(image) + 1})
	if syntax != nil {
		return nil, fmt.Errorf("what was removed: %w", syntax)
	}
	v = v.Get(removedKey)
	cells := make([]Cell, len(columns))
	for i, c := range columns {
		switch held := v.Get(c.Name); {
		case held.IsNull() && !c.NotNull:
		case c.Kind == IntCell:
			n, _ := held.Decimal().Int64()
			cells[i] = number(n)
		default:
			cells[i] = text(held.Text())
		}
	}
	return cells, nil
}

// identitiesIn adds the numbers of the identities that a removed record or identity refers to.
func identitiesIn(noun string, image []byte, wanted map[int64]bool) error {
	add := func(columns []Column, refers func(name string) bool) error {
		cells, err := removed(columns, image)
		for i, c := range cells {
			if c.Kind == IntCell && refers(columns[i].Name) {
				wanted[c.Int] = true
			}
		}
		return err
	}
	if (Key{Noun: noun}).IsIdentity() {
		return add(IdentityColumns, func(name string) bool { return name == projectField.Column || name == teamField.Column })
	}
	kind := KindOf(noun)
	if kind == nil {
		return nil
	}
	return add(kind.Columns(), func(name string) bool {
		return slices.ContainsFunc(kind.Fields, func(f Field) bool { return f.Column == name && f.Type == IdentityField })
	})
}

// The columns of what agent management makes, as its removal keeps them.
var (
	agentColumns = []Column{
		{Name: "id", Kind: IntCell, NotNull: true}, {Name: "tenant_id", Kind: IntCell, NotNull: true}, {Name: "team_id", Kind: IntCell, NotNull: true},
		{Name: "name", Kind: TextCell, NotNull: true}, {Name: "active", Kind: IntCell, NotNull: true},
	}
	teamColumns = []Column{
		{Name: "id", Kind: IntCell, NotNull: true}, {Name: "tenant_id", Kind: IntCell, NotNull: true}, {Name: "name", Kind: TextCell, NotNull: true},
	}
	userColumns = []Column{
		{Name: "id", Kind: IntCell, NotNull: true}, {Name: "tenant_id", Kind: IntCell, NotNull: true}, {Name: "agent_id", Kind: IntCell, NotNull: true},
		{Name: "email", Kind: TextCell, NotNull: true}, {Name: "name", Kind: TextCell, NotNull: true},
		{Name: "role", Kind: TextCell, NotNull: true}, {Name: "status", Kind: TextCell, NotNull: true},
	}
)

// RemovedEntity is the before-image of an agent, team … that a person takes away: what an undo keeps of one.
func RemovedEntity(noun string, id, tenant, team int64, name string, active bool) string {
	if noun == "agent" {
		return string(removal(agentColumns, (&Agent{ID: id, TenantID: tenant, TeamID: team, Name: name, Active: active}).cells()))
	}
	return string(removal(teamColumns, (&Team{ID: id, TenantID: tenant, Name: name}).cells()))
}

func (a *Agent) cells() []Cell {
	return []Cell{number(a.ID), number(a.TenantID), number(a.TeamID), text(a.Name), truth(a.Active)}
}

func scanAgent(c []Cell) *Agent {
	return &Agent{ID: c[0].Int, TenantID: c[1].Int, TeamID: c[2].Int, Name: c[3].Text, Active: c[4].Int != 0}
}

func (t *Team) cells() []Cell { return []Cell{number(t.ID), number(t.TenantID), text(t.Name)} }

func scanTeam(c []Cell) *Team { return &Team{ID: c[0].Int, TenantID: c[1].Int, Name: c[2].Text} }

func (u *User) cells() []Cell {
	return []Cell{number(u.ID), number(u.TenantID), number(u.AgentID), text(u.Email), text(u.Name), text(u.Role), text(u.Status)}
}

func scanUser(c []Cell) *User {
	return &User{ID: c[0].Int, TenantID: c[1].Int, AgentID: c[2].Int, Email: c[3].Text, Name: c[4].Text, Role: c[5].Text, Status: c[6].Text}
}
