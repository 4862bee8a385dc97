package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// What names an identity: records in each of their columns of its kind. Agents and propositions, which are many, have an
// index for it; of teams, projects and segments, which are few, the records are gone through, and every write is spared.

// namingColumns are those of a kind of record that hold identities of a kind.
func namingColumns(k *record.Kind, of string) (columns []string) {
	for _, f := range k.Fields {
		if f.Type == record.IdentityField && f.Noun == of {
			columns = append(columns, f.Column)
		}
	}
	return columns
}

// IdentityRecords is that of identity.Store.
func (db *DB) IdentityRecords(ctx context.Context, tenantID, id, entityID int64) (use identity.Use, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		use = identity.Use{}
		i, err := tx.identity(tenantID, id)
		if err != nil {
			return err
		}
		var madeBy string
		if err := tx.QueryRow("SELECT made_by FROM identities WHERE id = ?", id).Scan(&madeBy); err != nil {
			return err
		}
		use.Identity, use.MadeBy = i, []byte(madeBy)
		for _, k := range record.Kinds {
			for _, column := range namingColumns(k, i.Kind) {
				records, err := tx.naming(k, column, id)
				if err != nil {
					return err
				}
				if records.There, err = tx.namingEntity(k, column, i.Kind, entityID, id); err != nil {
					return err
				}
				use.Records = append(use.Records, records)
			}
		}
		return nil
	})
	return use, err
}

// named is a table of records, in a statement that looks in it for those that name identities in a column. Where the index of
// the column has spans of numbers together (Backend.Span), so that each write touches the end of the index and not a page of it
// for every identity, the table is looked through span by span; from the first one on, or from the last one on, and within a
// span in the order of the index.
func (b *Backend) named(table string, lastFirst bool) string {
	if b.Span == 0 {
		return table
	}
	end, next := "min(id)", fmt.Sprintf("id >= (n + 1) * %d ORDER BY id", b.Span)
	if lastFirst {
		end, next = "max(id)", fmt.Sprintf("id < n * %d ORDER BY id DESC", b.Span)
	}
	return fmt.Sprintf(`(WITH RECURSIVE spans (n) AS (SELECT %[1]s / %[2]d FROM %[3]s UNION ALL SELECT (SELECT id / %[2]d FROM %[3]s WHERE %[4]s LIMIT 1) FROM spans WHERE n IS NOT NULL)
		SELECT n FROM spans) AS span CROSS JOIN %[3]s ON %[3]s.id / %[2]d = span.n`, end, b.Span, table, next)
}

// ordered is the order of such a statement, where spans do not give it.
func (b *Backend) ordered(direction string) string {
	if b.Span == 0 {
		return " ORDER BY id " + direction
	}
	return ""
}

// naming are the records of a kind that name an identity in a column.
func (t *Tx) naming(k *record.Kind, column string, id int64) (identity.Records, error) {
	records := identity.Records{Kind: k.Noun}
	table, moment := Table(k), MomentColumn(k)
	var since sql.NullInt64
	err := t.QueryRow(fmt.Sprintf("SELECT count(*), min(moment) FROM (SELECT %s AS moment FROM %s WHERE %s = ?%s LIMIT %d) AS counted",
		moment, t.b.named(table, false), column, t.b.ordered("ASC"), identity.CountLimit+1), id).Scan(&records.Count, &since)
	if err != nil {
		return records, err
	}
	records.Since = since.Int64
	latest := fmt.Sprintf("SELECT id FROM %s WHERE %s = ?%s LIMIT %d", t.b.named(table, true), column, t.b.ordered("DESC"), max(t.b.Span, identity.LatestLimit)) // with the whole of the last span
	return records, t.Each(func(rows *sql.Rows) error {
		var one identity.Record
		err := rows.Scan(&one.ID, &one.ExternalID, &one.At)
		records.Latest = append(records.Latest, one)
		return err
	}, fmt.Sprintf("SELECT id, external_id, %s FROM %s WHERE id IN (SELECT id FROM (%s) AS latest ORDER BY id DESC LIMIT %d) ORDER BY id DESC",
		moment, table, latest, identity.LatestLimit), id)
}

// namingEntity counts the records of a kind that name what an entity is linked to, but for those of one identity.
func (t *Tx) namingEntity(k *record.Kind, column, of string, entityID, but int64) (n int64, err error) {
	if entityID == 0 {
		return 0, nil
	}
	err = t.QueryRow(fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s WHERE %s IN (SELECT id FROM identities WHERE kind = ? AND entity_id = ? AND id <> ?) LIMIT %d) AS counted",
		t.b.named(Table(k), false), column, identity.CountLimit+1), of, entityID, but).Scan(&n)
	return n, err
}

// CountRecords is that of identity.Store.
func (db *DB) CountRecords(ctx context.Context, identities []identity.Identity) (map[int64]int64, error) {
	byKind := map[string][]int64{}
	for _, i := range identities {
		byKind[i.Kind] = append(byKind[i.Kind], i.ID)
	}
	counts := map[int64]int64{}
	err := db.Read(ctx, func(tx *Tx) error {
		clear(counts)
		for _, of := range identity.Kinds {
			ids := byKind[of.Noun]
			if len(ids) == 0 {
				continue
			}
			in, args := In(ids)
			for _, k := range record.Kinds {
				for _, column := range namingColumns(k, of.Noun) {
					err := tx.Each(func(rows *sql.Rows) error {
						var id, n int64
						err := rows.Scan(&id, &n)
						counts[id] += n
						return err
					}, fmt.Sprintf("SELECT %[2]s, count(*) FROM %[1]s WHERE %[2]s IN %[3]s GROUP BY %[2]s", tx.b.named(Table(k), false), column, in), args...)
					if err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	return counts, err
}

// Candidates is that of identity.Store.
func (db *DB) Candidates(ctx context.Context, tenantID int64, k identity.Kind) (all []identity.Candidate, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		all = []identity.Candidate{}
		places := map[int64]int{}
		columns := "id, name, 0, '', 1"
		if k.Noun == "agent" {
			columns = "id, name, coalesce(team_id, 0), coalesce((SELECT name FROM teams WHERE teams.id = agents.team_id), ''), active"
		}
		err := tx.Each(func(rows *sql.Rows) error {
			var c identity.Candidate
			var active int64
			err := rows.Scan(&c.ID, &c.Name, &c.TeamID, &c.TeamName, &active)
			c.Active = active != 0
			places[c.ID] = len(all)
			all = append(all, c)
			return err
		}, "SELECT "+columns+" FROM "+k.Plural+" WHERE tenant_id = ? ORDER BY id", tenantID)
		if err != nil {
			return err
		}
		return tx.Each(func(rows *sql.Rows) error {
			var known identity.Known
			var entity int64
			err := rows.Scan(&entity, &known.ProviderID, &known.ProviderName, &known.ExternalID, &known.Name, &known.Email)
			if at, ok := places[entity]; ok {
				all[at].Identities = append(all[at].Identities, known)
			}
			return err
		}, `SELECT entity_id, provider_id, providers.name, external_id, external_name, coalesce(email, '') FROM identities JOIN providers ON providers.id = identities.provider_id
			WHERE identities.tenant_id = ? AND kind = ? AND entity_id IS NOT NULL ORDER BY identities.id`, tenantID, k.Noun)
	})
	return all, err
}

// CandidatesVersion is that of identity.Store. Each change of a row sets when it was changed, each delivery that changes an identity has
// a number above the last, and ids are never given again: how many rows there are and what these add up to is another each time.
func (db *DB) CandidatesVersion(ctx context.Context, tenantID int64, k identity.Kind) (version string, err error) {
	parts := []struct{ of, number, condition string }{
		{k.Plural, "0", ""}, {"identities", "mark_number", " AND kind = '" + k.Noun + "' AND entity_id IS NOT NULL"}, {"providers", "0", ""},
	}
	if k.Noun == "agent" {
		parts = append(parts, struct{ of, number, condition string }{"teams", "0", ""})
	}
	err = db.Read(ctx, func(tx *Tx) error {
		version = ""
		for _, part := range parts {
			var n, ids, seconds, micros, numbers int64
			err := tx.QueryRow("SELECT count(*), CAST(coalesce(sum(id), 0) AS BIGINT), CAST(coalesce(sum(updated_at / 1000000), 0) AS BIGINT), CAST(coalesce(sum(updated_at % 1000000), 0) AS BIGINT), CAST(coalesce(sum("+
				part.number+"), 0) AS BIGINT) FROM "+part.of+" WHERE tenant_id = ?"+part.condition, tenantID).Scan(&n, &ids, &seconds, &micros, &numbers)
			if err != nil {
				return err
			}
			version += fmt.Sprintf("%d %d %d %d %d, ", n, ids, seconds, micros, numbers)
		}
		return nil
	})
	return version, err
}

// LinkedTeams is that of identity.Store.
func (db *DB) LinkedTeams(ctx context.Context, identities []identity.Identity) (map[int64]identity.Team, error) {
	teams := map[int64]identity.Team{}
	var ids []int64
	for _, i := range identities {
		if i.Team != "" {
			ids = append(ids, i.ID)
		}
	}
	if len(ids) == 0 {
		return teams, nil
	}
	in, args := In(ids)
	err := db.Read(ctx, func(tx *Tx) error {
		return tx.Each(func(rows *sql.Rows) error {
			var of int64
			var team identity.Team
			err := rows.Scan(&of, &team.ID, &team.Name)
			teams[of] = team
			return err
		}, `SELECT identities.id, teams.id, teams.name FROM identities JOIN identities AS named ON named.id = identities.team_identity_id
			JOIN teams ON teams.id = named.entity_id WHERE identities.id IN `+in, args...)
	})
	return teams, err
}

// IdentitiesOf is that of identity.Store.
func (db *DB) IdentitiesOf(ctx context.Context, tenantID int64, ids []int64) (all []identity.Identity, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	in, args := In(ids)
	err = db.Read(ctx, func(tx *Tx) error {
		all = nil
		return tx.Each(func(rows *sql.Rows) error {
			i, err := scanListedIdentity(rows.Scan)
			all = append(all, i)
			return err
		}, "SELECT "+identityColumns+" FROM "+identityTables+" WHERE identities.tenant_id = ? AND identities.id IN "+in+" ORDER BY identities.id", append([]any{tenantID}, args...)...)
	})
	return all, err
}
