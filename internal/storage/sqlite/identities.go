package sqlite

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// cacheSize is how many identities are remembered: some 20 MB when it is full.
const cacheSize = 50_000

// identityCache holds identities as they are in the database. Every run needs several, mostly the same ones, and this
// process is the only one that writes, so what it wrote last is the truth: groups tell it what they changed, and it
// forgets everything when anybody else writes.
type identityCache struct {
	byKey map[record.Key]*record.Identity
	byID  map[int64]*record.Identity
}

func (c *identityCache) forget() {
	c.byKey, c.byID = map[record.Key]*record.Identity{}, map[int64]*record.Identity{}
}

func (c *identityCache) add(i *record.Identity) {
	if len(c.byID) >= cacheSize {
		c.forget()
	}
	c.byKey[i.Key], c.byID[i.ID] = i, i
}

// follow takes over what a group has committed. Others may refer to an identity that changed, and to what they were
// made with, so a change of more than marks, which is rare, makes it forget all.
func (c *identityCache) follow(changes []record.Change[record.Identity]) {
	for _, change := range changes {
		switch {
		case change.Old == nil: // it is read when it is first asked for
		case change.New != nil && change.MarkOnly:
			c.add(change.New)
		default:
			c.forget()
			return
		}
	}
}

func (g *group) findIdentity(key record.Key) error {
	if i, ok := g.cache.byKey[key]; ok {
		g.loaded.Identities[key] = i
		return nil
	}
	a := arguments{stmt: g.identities.find}
	a.int(key.ProviderID)
	a.text(key.Noun[:len(key.Noun)-len(record.IdentitySuffix)])
	a.text(key.ExternalID)
	i, err := g.readIdentity(&a)
	if i != nil {
		g.loaded.Identities[key] = i
	}
	return err
}

func (g *group) identityByID(id int64) (*record.Identity, error) {
	if i, ok := g.cache.byID[id]; ok {
		return i, nil
	}
	a := arguments{stmt: g.identity}
	a.int(id)
	i, err := g.readIdentity(&a)
	if err == nil && i == nil {
		err = fmt.Errorf("identity %d: %w", id, errMissing)
	}
	return i, err
}

// readIdentity reads one with those it refers to, nil where there is none.
func (g *group) readIdentity(a *arguments) (*record.Identity, error) {
	var cells []record.Cell
	var entity string
	err := a.row(func(s *sqlite3.Stmt) {
		cells = readCells(s, record.IdentityColumns, make([]record.Cell, 0, len(record.IdentityColumns)))
		entity = s.ColumnText(len(record.IdentityColumns))
	})
	if err != nil || cells == nil {
		return nil, err
	}
	i, err := record.ScanIdentity(cells, entity, g.identityByID)
	if err == nil {
		g.cache.add(i)
	}
	return i, err
}
