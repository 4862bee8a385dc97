package storage

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/identity"
	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// Hit is a thing that was looked for by what people call it.
type Hit struct {
	Noun       string // provider, source, processor, delivery, execution, source_execution, undo, agent, sale, agent_identity …
	Prefix     string // of its public id
	ID         int64
	Name       string // empty where a thing has none
	ExternalID string // of records and identities, and the event of a delivery
	ProviderID int64  // 0: it belongs to none
	Provider   string // its name
}

// kept are nouns that are found by their public id alone.
var kept = []struct{ noun, prefix, table, provider string }{
	{"delivery", id.Delivery, "deliveries", "provider_id"},
	{"source_execution", id.SourceExecution, "source_executions", "provider_id"},
	{"execution", id.Execution, "executions", "(SELECT provider_id FROM processors WHERE processors.id = executions.processor_id)"},
}

// named are nouns that are found by a part of their name too: what people make, so there are few of each.
func named() []namedNoun {
	all := []namedNoun{
		{"provider", id.Provider, "providers", "providers.id", " AND deleted_at IS NULL"},
		{"source", id.Source, "sources", "provider_id", " AND deleted_at IS NULL"},
		{"processor", id.Processor, "processors", "provider_id", " AND deleted_at IS NULL"},
	}
	for _, k := range identity.Kinds {
		all = append(all, namedNoun{k.Noun, k.Prefix, k.Plural, "0", ""})
	}
	return all
}

type namedNoun struct{ noun, prefix, table, provider, alive string }

// Find gives what has the text as its public id, as its external id or contact key, or in its name; at most limit of each
// noun, exact ids first. External ids and contact keys are looked up whole, by the index of each provider, never by a part.
func (db *DB) Find(ctx context.Context, tenantID int64, text string, limit int) (hits []Hit, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		f := finder{tx: tx, tenant: tenantID, limit: limit}
		if err := f.byID(text); err != nil {
			return err
		}
		// What is written just so comes first; only then what is in other letters.
		exact, others := []string{text}, spellings(text)
		for _, look := range []func() error{
			func() error { return f.byExternalID(exact) },
			func() error { return f.byEvent(text) },
			func() error { return f.byContact(exact) },
			func() error { return f.byExternalID(others) },
			func() error { return f.byContact(others) },
		} {
			if err := look(); err != nil {
				return err
			}
		}
		if err := f.byName(text); err != nil {
			return err
		}
		hits = f.hits
		return nil
	})
	return hits, err
}

type finder struct {
	tx     *Tx
	tenant int64
	limit  int
	hits   []Hit
}

// look adds what a query finds: id, name, external id, provider.
func (f *finder) look(noun, prefix, columns, from, where string, args ...any) error {
	left := f.limit
	for _, h := range f.hits {
		if h.Noun == noun {
			left--
		}
	}
	if left <= 0 {
		return nil
	}
	args = append(args, left)
	return f.tx.Each(func(rows *sql.Rows) error {
		h := Hit{Noun: noun, Prefix: prefix}
		if err := rows.Scan(&h.ID, &h.Name, &h.ExternalID, &h.ProviderID, &h.Provider); err != nil {
			return err
		}
		if !slices.ContainsFunc(f.hits, func(o Hit) bool { return o.Noun == h.Noun && o.ID == h.ID }) {
			f.hits = append(f.hits, h)
		}
		return nil
	}, "SELECT found.*, coalesce((SELECT name FROM providers WHERE providers.id = found.of), '') FROM (SELECT "+columns+" AS of FROM "+from+" WHERE "+where+" LIMIT ?) AS found ORDER BY found.id", args...)
}

func (f *finder) byID(text string) error {
	for _, k := range kept {
		if n, err := id.Parse(k.prefix, text); err == nil {
			return f.look(k.noun, k.prefix, "id, '', '', "+k.provider, k.table, "id = ? AND tenant_id = ?", n, f.tenant)
		}
	}
	for _, k := range named() {
		if n, err := id.Parse(k.prefix, text); err == nil {
			return f.look(k.noun, k.prefix, "id, name, '', "+k.provider, k.table, "id = ? AND tenant_id = ?", n, f.tenant)
		}
	}
	if n, err := id.Parse(id.Identity, text); err == nil {
		return f.identities("id = ? AND tenant_id = ?", n, f.tenant)
	}
	if n, err := id.Parse(id.Undo, text); err == nil {
		if _, err := f.tx.undone(f.tenant, n); err == nil {
			f.hits = append(f.hits, Hit{Noun: "undo", Prefix: id.Undo, ID: n})
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	for _, k := range record.Kinds {
		if n, err := id.Parse(k.Prefix, text); err == nil {
			return f.look(k.Noun, k.Prefix, "id, '', external_id, provider_id", Table(k), "id = ? AND tenant_id = ?", n, f.tenant)
		}
	}
	return nil
}

func (f *finder) identities(where string, args ...any) error {
	for _, k := range record.IdentityKinds {
		err := f.look(k.KeyNoun, id.Identity, "id, external_name, external_id, provider_id", "identities", "kind = ? AND "+where, append([]any{k.Noun}, args...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// ofTenant narrows to the tenant's providers, which is what the indexes of external ids begin with.
const ofTenant = "provider_id IN (SELECT id FROM providers WHERE tenant_id = ?)"

// spellings are the ways to write an id that are looked up besides the one that was typed: all small, all capitals, and
// with one capital first. Each is a look-up by an index, which lower(external_id) would not be.
func spellings(text string) []string {
	small := strings.ToLower(text)
	first, size := utf8.DecodeRuneInString(small)
	all := []string{small, strings.ToUpper(text), string(unicode.ToUpper(first)) + small[size:]}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(way string) bool { return way == text })
}

func (f *finder) byExternalID(ways []string) error {
	if len(ways) == 0 {
		return nil
	}
	where := ofTenant + " AND external_id IN " + marks(len(ways))
	args := append([]any{f.tenant}, anys(ways)...)
	for _, k := range record.Kinds {
		if err := f.look(k.Noun, k.Prefix, "id, '', external_id, provider_id", Table(k), where, args...); err != nil {
			return err
		}
	}
	return f.identities(where, args...)
}

func (f *finder) byEvent(text string) error {
	return f.look("delivery", id.Delivery, "deliveries.id, '', event_id, deliveries.provider_id",
		"sources JOIN deliveries ON deliveries.provider_id = sources.provider_id AND door = 'in' AND coalesce(source_id, 0) = sources.id",
		"sources.provider_id IN (SELECT id FROM providers WHERE tenant_id = ?) AND event_id = ?", f.tenant, text)
}

// byContact finds records by their contact key, of the kinds that have an index of it.
func (f *finder) byContact(ways []string) error {
	if len(ways) == 0 {
		return nil
	}
	args := append([]any{f.tenant}, anys(ways)...)
	for _, k := range record.Kinds {
		if k.Noun != "activity" && k.Noun != "period" {
			continue
		}
		if err := f.look(k.Noun, k.Prefix, "id, '', external_id, provider_id", Table(k), ofTenant+" AND contact_key IN "+marks(len(ways)), args...); err != nil {
			return err
		}
	}
	return nil
}

func (f *finder) byName(text string) error {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
	for _, k := range named() {
		if err := f.look(k.noun, k.prefix, "id, name, '', "+k.provider, k.table, "tenant_id = ?"+k.alive+` AND lower(name) LIKE ? ESCAPE '\'`, f.tenant, pattern); err != nil {
			return err
		}
	}
	return nil
}
