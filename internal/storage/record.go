package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// RecordFilter narrows a list of records; zero fields do not.
type RecordFilter struct {
	TenantID     int64
	Kind         *record.Kind
	ProviderID   int64
	ExternalID   string
	Text         map[string]string // column → value: activity_type, contact_key …
	Identities   map[string]int64  // column → identity: agent_identity_id …
	Entities     map[string]int64  // column → what the identity is linked to, at this moment
	TeamID       int64             // whose they count for: by their own team, else by that of their agent
	Moment       string            // column that After and Before are about
	After        int64
	Before       int64
	Search       string // an id, an external id or a part of one, or a part of the name of whose it is
	Unlinked     bool   // whose agent counts for nobody
	Cancelled    *bool
	UpdatedAfter int64
}

// MomentColumn is the column by which a kind's records are placed in time.
func MomentColumn(k *record.Kind) string {
	for _, f := range k.Fields {
		if f.Type == record.MomentField && f.Required {
			return f.Column
		}
	}
	return "created_at"
}

// Record gives one record.
func (db *DB) Record(ctx context.Context, tenantID int64, k *record.Kind, id int64) (r *record.Row, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l := recordList(k)
		l.and("tenant_id = ?", tenantID)
		l.and("id = ?", id)
		p, err := tx.records(k, l, page.Request{Size: 1})
		if err == nil && len(p.Items) == 0 {
			return notFound(strings.ToLower(k.Title))
		}
		if err == nil {
			r = p.Items[0]
		}
		return err
	})
	return r, err
}

// ListRecords gives records of one kind. What their identities are linked to is as it is now.
func (db *DB) ListRecords(ctx context.Context, f RecordFilter, r page.Request) (p page.Page[*record.Row], err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		l, err := tx.recordFilter(f)
		if err != nil {
			return err
		}
		p, err = tx.records(f.Kind, l, r)
		return err
	})
	return p, err
}

func (t *Tx) recordFilter(f RecordFilter) (list, error) {
	l := recordList(f.Kind)
	l.and("tenant_id = ?", f.TenantID)
	if f.ExternalID != "" {
		l.and(ofTenant, f.TenantID) // what the index of external ids begins with
	}
	equal(&l, "external_id", f.ExternalID)
	if f.ProviderID != 0 {
		l.rarely("provider_id = ?", f.ProviderID)
	}
	l.whoseRecords(f)
	for _, field := range f.Kind.Fields { // in their order, so that statements are the same
		if v, ok := f.Text[field.Column]; ok {
			l.rarely(field.Column+" = ?", v)
		}
		if v, ok := f.Identities[field.Column]; ok {
			l.rarely(field.Column+" = ?", v)
		}
		if f.Unlinked && field.Column == "agent_identity_id" {
			l.rarely("(agent_identity_id IS NULL OR agent_identity_id IN (SELECT id FROM identities WHERE tenant_id = ? AND kind = 'agent' AND entity_id IS NULL))", f.TenantID)
		}
		if f.Cancelled != nil && field.Column == "cancelled_at" {
			l.rarely("cancelled_at IS " + map[bool]string{true: "NOT NULL", false: "NULL"}[*f.Cancelled])
		}
	}
	if f.After != 0 {
		l.rarely(f.Moment+" >= ?", f.After)
	}
	if f.Before != 0 {
		l.rarely(f.Moment+" < ?", f.Before)
	}
	if err := t.changedAfter(&l, f); err != nil {
		return l, err
	}
	return l, t.searchRecords(&l, f)
}

// whoseRecords narrows a list to records that count for an entity, by what their identities are linked to at this moment.
func (l *list) whoseRecords(f RecordFilter) {
	for _, field := range f.Kind.Fields {
		if v, ok := f.Entities[field.Column]; ok {
			l.rarely(field.Column+" IN (SELECT id FROM identities WHERE kind = ? AND entity_id = ?)", field.Noun, v)
		}
	}
	if f.TeamID == 0 {
		return
	}
	const (
		own     = "team_identity_id IN (SELECT id FROM identities WHERE kind = 'team' AND entity_id = ?)"
		members = "agent_identity_id IN (SELECT identities.id FROM agents JOIN identities ON identities.kind = 'agent' AND identities.entity_id = agents.id WHERE agents.team_id = ?)"
		another = "EXISTS (SELECT 1 FROM identities WHERE identities.id = team_identity_id AND entity_id IS NOT NULL)"
	)
	switch hasTeam, hasAgent := f.Kind.Place("team_external_identity") >= 0, f.Kind.Place("agent_external_identity") >= 0; {
	case hasTeam && hasAgent:
		l.rarely("("+own+" OR ("+members+" AND NOT "+another+"))", f.TeamID, f.TeamID)
	case hasTeam:
		l.rarely(own, f.TeamID)
	default:
		l.rarely(members, f.TeamID)
	}
}

// CountFor gives how many records of a kind count for an entity, as ListRecords narrows by it; nil: more than
// page.CountLimit, or no index finds them and the tenant has more of the kind than are looked at.
func (db *DB) CountFor(ctx context.Context, f RecordFilter) (n *int64, err error) {
	l := recordList(f.Kind)
	l.whoseRecords(f)
	if byNamed(f) {
		l.from = db.b.named(l.from, false)
		l.and("+tenant_id = ?", f.TenantID) // with the + by the index of whose they are, and not by that of the tenant
		l.whole()
	} else {
		l.and("tenant_id = ?", f.TenantID)
	}
	err = db.Read(ctx, func(tx *Tx) error {
		l := l
		n = nil
		if len(l.rest) > 0 {
			if edge, err := tx.edge(l, "DESC"); err != nil || edge != 0 {
				return err
			}
			l.whole()
		}
		n, err = tx.total(l)
		return err
	})
	return n, err
}

// byNamed says whether an index finds the records that count for the entity of a filter: those by agent and proposition do.
func byNamed(f RecordFilter) bool {
	if f.TeamID != 0 {
		return f.Kind.Place("team_external_identity") < 0 // its agents are asked for alone
	}
	for column := range f.Entities {
		if column != "agent_identity_id" && column != "proposition_identity_id" {
			return false
		}
	}
	return true
}

// changedMost is how many records of a kind are listed as changed by what the journal tells; of more than that, all are
// looked at.
const changedMost = 10_000

// changedAfter narrows a list to what was made or changed after a moment: what is numbered later, and what the journal
// names since. No index has updated_at, which every write would pay for.
func (t *Tx) changedAfter(l *list, f RecordFilter) error {
	if f.UpdatedAfter == 0 {
		return nil
	}
	_, since, err := t.numbersAt("source_executions", "received_at", []int64{f.UpdatedAfter - slack})
	if err != nil {
		return err
	}
	made, moved := "SELECT id FROM "+Table(f.Kind)+" WHERE tenant_id = ? AND id >= ?", "SELECT thing_id FROM journal WHERE tenant_id = ? AND id >= ? AND noun = ?"
	madeArgs, movedArgs := []any{f.TenantID, since[0]}, []any{f.TenantID, since[0], f.Kind.Noun}
	n := 0
	for _, part := range []struct {
		query string
		args  []any
	}{{made, madeArgs}, {moved, movedArgs}} {
		var some int
		if err := t.QueryRow(fmt.Sprintf("SELECT count(*) FROM (%s LIMIT %d) AS counted", part.query, changedMost+1), part.args...).Scan(&some); err != nil {
			return err
		}
		n += some
	}
	if n <= changedMost {
		l.and("id IN ("+made+" UNION "+moved+")", slices.Concat(madeArgs, movedArgs)...)
		l.and("updated_at > ?", f.UpdatedAfter)
	} else {
		l.rarely("updated_at > ?", f.UpdatedAfter)
	}
	return nil
}

// searchRecords narrows a list to what the text finds: a whole id or external id, by the index; where there is none, a part
// of the external id or of the name of whose it is, looked for from the newest on. (An index on text in a language's order
// does not find what begins with something, and the doors would pay for one in the order of bytes.)
func (t *Tx) searchRecords(l *list, f RecordFilter) error {
	if f.Search == "" {
		return nil
	}
	if n, err := id.Parse(f.Kind.Prefix, f.Search); err == nil {
		l.and("id = ?", n)
		return nil
	}
	found, err := t.numbers(nil, "SELECT id FROM "+Table(f.Kind)+" WHERE "+ofTenant+" AND external_id = ?", f.TenantID, f.Search)
	if err != nil {
		return err
	}
	if len(found) > 0 {
		in, args := In(found)
		l.and("id IN "+in, args...)
		return nil
	}
	pattern := "%" + escaped(strings.ToLower(f.Search)) + "%"
	conditions, args := []string{`lower(external_id) LIKE ? ESCAPE '\'`}, []any{pattern}
	for _, field := range f.Kind.Fields {
		if field.Column == "agent_identity_id" || field.Column == "proposition_identity_id" {
			whose, err := t.numbers(nil, `SELECT id FROM identities WHERE tenant_id = ? AND kind = ? AND (lower(external_name) LIKE ? ESCAPE '\' OR lower(external_id) LIKE ? ESCAPE '\')`,
				f.TenantID, strings.TrimSuffix(field.Noun, record.IdentitySuffix), pattern, pattern)
			if err != nil {
				return err
			}
			if len(whose) > 0 {
				in, ids := In(whose)
				conditions = append(conditions, field.Column+" IN "+in)
				args = append(args, ids...)
			}
		}
	}
	l.rarely("("+strings.Join(conditions, " OR ")+")", args...)
	return nil
}

func recordList(k *record.Kind) list {
	moment := MomentColumn(k)
	return list{
		columns: strings.Join(Names(k.Columns()), ", "), from: Table(k), id: "id", order: "-id",
		sorts: []sortable{{"id", "id", ofNumber}, {moment, moment, ofNumber}, {"created_at", "created_at", ofNumber}, {"updated_at", "updated_at", ofNumber}, {"external_id", "external_id", ofText}},
	}
}

func (t *Tx) records(k *record.Kind, l list, r page.Request) (page.Page[*record.Row], error) {
	columns := k.Columns()
	cells, err := pageOf(t, l, r, func(scan row) ([]record.Cell, error) { return scanCells(columns, scan) })
	if err != nil {
		return page.Page[*record.Row]{}, err
	}
	wanted := map[int64]bool{}
	for _, row := range cells.Items {
		for i, f := range k.Fields {
			if c := row[len(columns)-len(k.Fields)-trailing+i]; f.Type == record.IdentityField && c.Kind != record.NullCell {
				wanted[c.Int] = true
			}
		}
	}
	byID, err := t.identitiesByID(wanted)
	if err != nil {
		return page.Page[*record.Row]{}, err
	}
	p := page.Page[*record.Row]{Items: make([]*record.Row, len(cells.Items)), Total: cells.Total, Next: cells.Next}
	for i, row := range cells.Items {
		if p.Items[i], err = record.ScanRow(k, row, byID); err != nil {
			return p, err
		}
	}
	return p, nil
}

// trailing is how many columns come after a kind's own: marks, locks, maker.
const trailing = 7

// scanCells reads one row of such columns.
func scanCells(columns []record.Column, scan row) ([]record.Cell, error) {
	dest := make([]any, len(columns))
	for i, c := range columns {
		if c.Kind == record.IntCell {
			dest[i] = new(sql.NullInt64)
		} else {
			dest[i] = new(sql.NullString)
		}
	}
	if err := scan(dest...); err != nil {
		return nil, err
	}
	cells := make([]record.Cell, len(columns))
	for i, d := range dest {
		switch d := d.(type) {
		case *sql.NullInt64:
			if d.Valid {
				cells[i] = record.Cell{Kind: record.IntCell, Int: d.Int64}
			}
		case *sql.NullString:
			if d.Valid {
				cells[i] = record.Cell{Kind: record.TextCell, Text: d.String}
			}
		}
	}
	return cells, nil
}

// identitiesByID reads identities with what they are linked to. Their own teams and projects are left out: a list of
// records does not show them.
func (t *Tx) identitiesByID(wanted map[int64]bool) (func(int64) (*record.Identity, error), error) {
	all := map[int64]*record.Identity{}
	byID := func(id int64) (*record.Identity, error) {
		if i := all[id]; i != nil {
			return i, nil
		}
		return nil, fmt.Errorf("identity %d is not there", id)
	}
	if len(wanted) == 0 {
		return byID, nil
	}
	ids := make([]int64, 0, len(wanted))
	for id := range wanted {
		ids = append(ids, id)
	}
	in, args := In(ids)
	err := t.Each(func(rows *sql.Rows) error {
		i := &record.Identity{}
		var kind string
		var ignored int64
		err := rows.Scan(&i.ID, &i.TenantID, &i.Key.ProviderID, &kind, &i.Key.ExternalID, &i.Name, &i.EntityID, &i.EntityName, &ignored)
		i.Key.Noun, i.Ignored = kind+record.IdentitySuffix, ignored != 0
		all[i.ID] = i
		return err
	}, "SELECT id, tenant_id, provider_id, kind, external_id, external_name, coalesce(entity_id, 0), coalesce("+EntityName+", ''), ignored FROM identities WHERE id IN "+in, args...)
	return byID, err
}

// Entry is one line of the journal of a thing.
type Entry struct {
	ID     int64
	At     int64
	MadeBy []byte // JSON of a record.Maker
	Before []byte // JSON: field → value and mark before; null for a creation
}

// Change is an Entry with what it is about.
type Change struct {
	Entry
	Noun       string
	ThingID    int64
	ExternalID string // of a record that is still there
}

// JournalFilter narrows the journal of a tenant to changes of records; zero fields do not.
type JournalFilter struct {
	TenantID      int64
	Kinds         []*record.Kind
	Execution     int64
	Processor     int64
	Origin        string // user, client, provider, rule
	Field         string
	ExternalID    string // of the record
	After, Before int64
}

// Changes gives every change of every record, the newest first. That a record was made has no line: it names its maker.
func (db *DB) Changes(ctx context.Context, f JournalFilter, r page.Request) (p page.Page[Change], err error) {
	l := list{columns: "journal.noun, journal.thing_id, journal.id, journal.at, journal.made_by, journal.before", from: "journal", id: "journal.id", order: "-id", sorts: []sortable{{"id", "journal.id", ofNumber}}}
	l.and("journal.tenant_id = ?", f.TenantID)
	nouns := make([]any, len(f.Kinds))
	for i, k := range f.Kinds {
		nouns[i] = k.Noun
	}
	l.rarely("journal.noun IN "+marks(len(nouns)), nouns...)
	l.rarely("journal.before NOT LIKE ?", record.OnlySame+"%")
	for _, by := range []struct {
		name string
		n    int64
	}{{"execution", f.Execution}, {"processor", f.Processor}} {
		if by.n != 0 {
			l.rarely("(journal.made_by LIKE ? OR journal.made_by LIKE ?)", fmt.Sprintf(`%%"%s":%d,%%`, by.name, by.n), fmt.Sprintf(`%%"%s":%d}%%`, by.name, by.n))
		}
	}
	if f.Origin != "" {
		l.rarely("journal.made_by LIKE ?", `{"origin":"`+f.Origin+`"%`)
	}
	if f.Field != "" {
		l.rarely(`journal.before LIKE ? ESCAPE '\'`, `%"`+escaped(f.Field)+`":[%`)
	}
	err = db.Read(ctx, func(tx *Tx) error {
		l := l
		if f.ExternalID != "" {
			var things []string
			var args []any
			for _, k := range f.Kinds {
				found, err := tx.numbers(nil, "SELECT id FROM "+Table(k)+" WHERE "+ofTenant+" AND external_id = ?", f.TenantID, f.ExternalID)
				if err != nil {
					return err
				}
				for _, n := range found {
					things, args = append(things, "(journal.noun = ? AND journal.thing_id = ?)"), append(args, k.Noun, n)
				}
			}
			if len(things) == 0 {
				things = []string{"1 = 0"}
			}
			l.and("("+strings.Join(things, " OR ")+")", args...)
		}
		if err := tx.span(&l, "source_executions", "received_at", spare(f.After, -slack), spare(f.Before, slack)); err != nil {
			return err
		}
		l.between("journal.at", f.After, f.Before)
		p, err = pageOf(tx, l, r, func(scan row) (c Change, err error) {
			err = scan(&c.Noun, &c.ThingID, &c.ID, &c.At, &c.MadeBy, &c.Before)
			return c, err
		})
		if err != nil {
			return err
		}
		for _, k := range f.Kinds {
			if err := tx.nameChanges(k, p.Items); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// spare is a limit moved by the slack of clocks; 0 stays none.
func spare(limit, by int64) int64 {
	if limit == 0 {
		return 0
	}
	return max(limit+by, 1)
}

// nameChanges adds the external ids of the records of one kind.
func (t *Tx) nameChanges(k *record.Kind, changes []Change) error {
	var ids []int64
	for _, c := range changes {
		if c.Noun == k.Noun {
			ids = append(ids, c.ThingID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	in, args := In(ids)
	return t.Each(func(rows *sql.Rows) error {
		var n int64
		var external string
		err := rows.Scan(&n, &external)
		for i := range changes {
			if changes[i].Noun == k.Noun && changes[i].ThingID == n {
				changes[i].ExternalID = external
			}
		}
		return err
	}, "SELECT id, external_id FROM "+Table(k)+" WHERE id IN "+in, args...)
}

// JournalEntry gives one change of a thing.
func (db *DB) JournalEntry(ctx context.Context, tenantID int64, noun string, thing, id int64) (e Entry, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		err := tx.QueryRow("SELECT id, at, made_by, before FROM journal WHERE noun = ? AND thing_id = ? AND id = ? AND tenant_id = ?", noun, thing, id, tenantID).
			Scan(&e.ID, &e.At, &e.MadeBy, &e.Before)
		return found(err, "change")
	})
	return e, err
}

// Journal gives what changed in a thing, the newest first: not where it was only set to what it held already.
func (db *DB) Journal(ctx context.Context, tenantID int64, noun string, thing int64, r page.Request) (p page.Page[Entry], err error) {
	l := list{columns: "id, at, made_by, before", from: "journal", id: "id", order: "-id", sorts: []sortable{{"id", "id", ofNumber}}}
	l.and("noun = ?", noun)
	l.and("thing_id = ?", thing)
	l.and("tenant_id = ?", tenantID)
	l.and("before NOT LIKE ?", record.OnlySame+"%")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, func(scan row) (e Entry, err error) {
			err = scan(&e.ID, &e.At, &e.MadeBy, &e.Before)
			return e, err
		})
		return err
	})
	return p, err
}
