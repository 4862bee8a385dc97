package postgres

import (
	"fmt"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/storage"
)

// statements of the group. Each takes whole columns as arrays, so that one statement does for all rows of a table. The
// keys come sorted and LATERAL goes through them in their order, so all nodes take their locks in one order.
type statements struct {
	begin, event, waiting, user, agent, team    string
	identityByID                                string
	identities                                  table
	kinds                                       map[*record.Kind]*table
	insertCall, insertDelivery, insertExecution string
	insertRaw                                   string
	lockDelivery, moveDelivery, rerunExecution  string
	contacts                                    string
	insertJournal                               string
}

// table has the statements of one that holds records or identities.
type table struct {
	columns                              []record.Column
	find, insert, update, mark, takeAway string
	lockContact, findContact             string // "" where contact follow-up does not see the kind
	fixed                                int    // columns after the number that an update leaves alone: they are the key
}

const userColumns = "id, tenant_id, coalesce(agent_id, 0), email, name, role, status"

func newStatements() *statements {
	s := &statements{
		// The transaction is known to others before it draws: who follows the numbers waits for it (storage.Settled).
		begin: "SELECT pg_current_xact_id()::text, configuration, CASE WHEN $1::bigint > 0 THEN draw_numbers($1::bigint) ELSE 0 END FROM epochs WHERE id = 1",
		event: `SELECT k.*, d.* FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[]) AS k (provider_id, door, source_id, event_id),
			LATERAL (SELECT id, body FROM deliveries
				WHERE provider_id = k.provider_id AND door = k.door AND coalesce(source_id, 0) = k.source_id AND event_id = k.event_id LIMIT 1) AS d`,
		waiting: "SELECT e.id FROM unnest($1::bigint[]) AS k (id), LATERAL (SELECT id FROM executions WHERE id = k.id AND status = 'waiting' LIMIT 1 FOR UPDATE) AS e",
		user: `SELECT u.* FROM unnest($1::bigint[], $2::text[]) AS k (tenant_id, email),
			LATERAL (SELECT ` + userColumns + ` FROM users WHERE tenant_id = k.tenant_id AND email = k.email LIMIT 1 FOR UPDATE) AS u`,
		agent: `SELECT a.*, u.* FROM unnest($1::bigint[]) AS k (id),
			LATERAL (SELECT id, tenant_id, coalesce(team_id, 0), name, active FROM agents WHERE id = k.id LIMIT 1 FOR UPDATE) AS a
			LEFT JOIN LATERAL (SELECT ` + userColumns + ` FROM users WHERE agent_id = k.id ORDER BY id LIMIT 1 FOR UPDATE) AS u ON true`,
		team: "SELECT t.* FROM unnest($1::bigint[]) AS k (id), LATERAL (SELECT id, tenant_id, name FROM teams WHERE id = k.id LIMIT 1 FOR UPDATE) AS t",

		insertCall:      insert("source_executions", types(storage.CallColumns)),
		insertRaw:       insert("raw_bodies", types(storage.RawColumns)),
		insertDelivery:  insert("deliveries", types(storage.DeliveryColumns)),
		insertExecution: insert("executions", types(storage.ExecutionColumns)),
		insertJournal:   insert("journal", types(storage.JournalColumns)),
		lockDelivery:    "SELECT 1 FROM unnest($1::bigint[]) AS k (id), LATERAL (SELECT id FROM deliveries WHERE id = k.id LIMIT 1 FOR UPDATE) AS d",
		moveDelivery:    all("UPDATE deliveries SET state = " + storage.DeliveryState + " FROM unnest($1::bigint[]) AS new (id) WHERE deliveries.id = new.id"),
		rerunExecution:  update("executions", types(storage.RerunColumns)),

		contacts: "SELECT pg_advisory_xact_lock(hashtextextended(k.noun || ' ' || k.provider_id || ' ' || k.contact_key, 0)) FROM unnest($1::bigint[], $2::text[], $3::text[]) AS k (provider_id, contact_key, noun)",

		kinds: map[*record.Kind]*table{},
	}
	identity := "SELECT " + strings.Join(storage.Names(record.IdentityColumns), ", ") + ", " + storage.EntityName + " AS entity_name FROM identities "
	s.identityByID = "SELECT i.* FROM unnest($1::bigint[]) AS k (id), LATERAL (" + identity + "WHERE id = k.id LIMIT 1) AS i"
	s.identities = table{
		columns: record.IdentityColumns,
		find: "SELECT i.* FROM unnest($1::bigint[], $2::text[], $3::text[]) AS k (provider_id, kind, external_id), LATERAL (" + identity +
			"WHERE provider_id = k.provider_id AND kind = k.kind AND external_id = k.external_id LIMIT 1 FOR UPDATE OF identities) AS i",
		insert:   insert("identities", typed(record.IdentityColumns)),
		update:   update("identities", typed(record.IdentityColumns[5:])),
		mark:     update("identities", typed(record.MarkColumns)),
		takeAway: remove("identities"),
		fixed:    5,
	}
	for _, kind := range record.Kinds {
		name, columns := storage.Table(kind), kind.Columns()
		s.kinds[kind] = &table{
			columns: columns,
			find: "SELECT r.* FROM unnest($1::bigint[], $2::text[]) AS k (provider_id, external_id), LATERAL (SELECT " +
				strings.Join(storage.Names(columns), ", ") + " FROM " + name +
				" WHERE provider_id = k.provider_id AND external_id = k.external_id LIMIT 1 FOR UPDATE) AS r",
			insert:   insert(name, typed(columns)),
			update:   update(name, typed(columns[4:])),
			mark:     update(name, typed(record.MarkColumns)),
			takeAway: remove(name),
			fixed:    4,
		}
		if kind.When != "" {
			of := func(columns string) string {
				return fmt.Sprintf("SELECT r.* FROM unnest($1::bigint[], $2::text[]) AS k (provider_id, contact_key), LATERAL (SELECT %s FROM %s"+
					" WHERE provider_id = k.provider_id AND contact_key = k.contact_key ORDER BY id LIMIT %d FOR UPDATE) AS r", columns, name, record.MostOfContact+1)
			}
			s.kinds[kind].lockContact, s.kinds[kind].findContact = of("id"), of(strings.Join(storage.Names(columns), ", "))
		}
	}
	return s
}

// column with its type.
type column struct{ name, kind string }

func typed(columns []record.Column) []column {
	out := make([]column, len(columns))
	for i, c := range columns {
		out[i] = column{c.Name, "text"}
		if c.Kind == record.IntCell {
			out[i].kind = "bigint"
		}
	}
	return out
}

// texts and blobs among the columns of package storage; the rest are numbers.
var (
	texts = " door status error remarks state event_id kind reason asked enrichments noun made_by before "
	blobs = " body places answers digest "
)

func types(names []string) []column {
	out := make([]column, len(names))
	for i, name := range names {
		kind := "bigint"
		switch {
		case strings.Contains(texts, " "+name+" "):
			kind = "text"
		case strings.Contains(blobs, " "+name+" "):
			kind = "bytea"
		}
		out[i] = column{name, kind}
	}
	return out
}

// unnest makes rows of one array per column.
func unnest(columns []column) (names, rows string) {
	arrays := make([]string, len(columns))
	list := make([]string, len(columns))
	for i, c := range columns {
		arrays[i] = fmt.Sprintf("$%d::%s[]", i+1, c.kind)
		list[i] = c.name
	}
	names = strings.Join(list, ", ")
	return names, "unnest(" + strings.Join(arrays, ", ") + ") AS new (" + names + ")"
}

func insert(table string, columns []column) string {
	names, rows := unnest(columns)
	return "INSERT INTO " + table + " (" + names + ") SELECT " + names + " FROM " + rows
}

// update sets columns of the rows whose numbers are the first array.
func update(table string, columns []column) string {
	_, rows := unnest(append([]column{{"id", "bigint"}}, columns...))
	set := make([]string, len(columns))
	for i, c := range columns {
		set[i] = c.name + " = new." + c.name
	}
	return all("UPDATE " + table + " SET " + strings.Join(set, ", ") + " FROM " + rows + " WHERE " + table + ".id = new.id")
}

func remove(table string) string {
	return all("DELETE FROM " + table + " USING unnest($1::bigint[]) AS old (id) WHERE " + table + ".id = old.id")
}

// all makes a statement fail, by a division by zero, unless it touches as many rows as its first array is long. COMMIT
// follows in the same trip, so the server has to notice itself.
func all(statement string) string {
	return "WITH touched AS (" + statement + " RETURNING 1) SELECT 1 / (count(*) = cardinality($1::bigint[]))::int FROM touched"
}

// exactlyOne makes a statement fail in the same way unless it touches one row.
func exactlyOne(statement string) string {
	return "WITH touched AS (" + statement + " RETURNING 1) SELECT 1 / (count(*) = 1)::int FROM touched"
}
