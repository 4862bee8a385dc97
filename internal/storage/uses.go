package storage

import (
	"database/sql"
	"regexp"
	"strconv"

	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// uses counts how often anything that is stored names entities of a noun; the identity except is left aside (0: none). It is
// the one list of who does: what comes to name agents, teams, projects or propositions belongs in it, or they are removed
// under it when what made them is undone.
func (t *Tx) uses(tenant int64, noun string, entities []int64, except int64) (map[int64]int, error) {
	uses := map[int64]int{}
	in, ids := In(entities)
	count := func(column, from string, args ...any) error {
		return t.Each(func(rows *sql.Rows) error {
			var entity int64
			var n int
			err := rows.Scan(&entity, &n)
			uses[entity] += n
			return err
		}, "SELECT "+column+", count(*) FROM "+from+" AND "+column+" IN "+in+" GROUP BY "+column, append(args, ids...)...)
	}
	if err := count("entity_id", "identities WHERE tenant_id = ? AND kind = ? AND id <> ?", tenant, noun, except); err != nil {
		return nil, err
	}
	switch noun {
	case "agent":
		if err := count("agent_id", "users WHERE tenant_id = ?", tenant); err != nil {
			return nil, err
		}
	case "team":
		if err := count("team_id", "agents WHERE tenant_id = ?", tenant); err != nil {
			return nil, err
		}
	}
	named := map[int64]int{}
	err := t.Each(func(rows *sql.Rows) error {
		var said string
		if err := rows.Scan(&said); err != nil {
			return err
		}
		for _, text := range digits.FindAllString(said, -1) {
			if n, err := strconv.ParseInt(text, 10, 64); err == nil {
				named[n]++
			}
		}
		return nil
	}, "SELECT definition FROM metrics WHERE tenant_id = ? UNION ALL SELECT rule FROM events WHERE tenant_id = ?", tenant, tenant)
	for _, n := range entities {
		uses[n] += named[n]
	}
	return uses, err
}

// digits are the numbers in what a metric counts or an event is about: entities among them, by numbers that nothing else has.
var digits = regexp.MustCompile(`[0-9]+`)

// onlyFor says whether an entity is nothing but what was made for an identity: it was made with its link, was not changed
// since, and nothing else names it.
func (t *Tx) onlyFor(e identity.Entity, identityID int64) (bool, error) {
	uses, err := t.uses(e.TenantID, e.Kind.Noun, []int64{e.ID}, identityID)
	if err != nil || uses[e.ID] > 0 {
		return false, err
	}
	var changed, together int
	err = t.QueryRow("SELECT count(*) FROM journal WHERE noun = ? AND thing_id = ? AND before <> ?", e.Kind.Noun, e.ID, record.Creation).Scan(&changed)
	if err != nil || changed > 0 {
		return false, err
	}
	err = t.QueryRow("SELECT count(*) FROM journal WHERE noun = ? AND thing_id = ? AND at = ?", e.Kind.Noun+record.IdentitySuffix, identityID, e.CreatedAt).Scan(&together)
	return together > 0, err
}
