package postgres

import (
	"github.com/jackc/pgx/v5"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// contactKeys of one kind, as columns, in their order.
type contactKeys struct {
	kind           *record.Kind
	providers      []int64
	contacts, noun []string
}

func byKind(all []record.ContactKey) []*contactKeys {
	var kinds []*contactKeys
	for _, key := range all { // they are sorted by noun
		if len(kinds) == 0 || kinds[len(kinds)-1].kind.Noun != key.Noun {
			kinds = append(kinds, &contactKeys{kind: record.KindOf(key.Noun)})
		}
		to := kinds[len(kinds)-1]
		to.providers = append(to.providers, key.ProviderID)
		to.contacts = append(to.contacts, key.Contact)
		to.noun = append(to.noun, key.Noun)
	}
	return kinds
}

// lockContacts makes follow-up on a contact wait for that of other nodes: what they have added to it cannot be locked
// before it is there. Then it locks the records that are there, so that whoever is changing them has ended before they
// are read: a statement that waits for a row sees what has become of it, but not what came beside it.
func (g *group) lockContacts(batch *pgx.Batch, kinds []*contactKeys) {
	for _, k := range kinds {
		batch.Queue(g.contacts, k.providers, k.contacts, k.noun)
	}
	for _, k := range kinds {
		batch.Queue(g.kinds[k.kind].lockContact, k.providers, k.contacts)
	}
}

// findContacts reads the records of contacts.
func (r *reader) findContacts(batch *pgx.Batch, kinds []*contactKeys) {
	for _, k := range kinds {
		t := r.kinds[k.kind]
		batch.Queue(t.findContact, k.providers, k.contacts).Query(func(rows pgx.Rows) error {
			return scanCells(rows, t.columns, nil, func(cells []record.Cell) {
				r.rows = append(r.rows, storedRow{kind: k.kind, cells: cells, ofContact: true})
			})
		})
	}
}
