package identity

import (
	"context"
	"sync"
)

// Books keeps the books of the tenants that are at work, each for as long as nothing in it changes: to read and prepare the
// candidates takes far longer than to look through them.
type Books struct {
	store Store
	mu    sync.Mutex
	kept  map[shelf]kept
}

type shelf struct {
	tenantID int64
	kind     string
}

type kept struct {
	version string // of the candidates
	book    *Book
}

// mostBooks are kept; the book of 5,000 agents takes some megabytes.
const mostBooks = 8

// NewBooks has none yet.
func NewBooks(store Store) *Books { return &Books{store: store, kept: map[shelf]kept{}} }

// of gives the book of a kind as it is now. The version is read before the candidates: a change in between makes the next
// call read them again.
func (b *Books) of(ctx context.Context, tenantID int64, k Kind) (*Book, error) {
	version, err := b.store.CandidatesVersion(ctx, tenantID, k)
	if err != nil {
		return nil, err
	}
	at := shelf{tenantID, k.Noun}
	b.mu.Lock()
	known := b.kept[at]
	b.mu.Unlock()
	if known.book != nil && known.version == version {
		return known.book, nil
	}
	candidates, err := b.store.Candidates(ctx, tenantID, k)
	if err != nil {
		return nil, err
	}
	book := NewBook(k, candidates)
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, there := b.kept[at]; !there && len(b.kept) == mostBooks {
		for other := range b.kept {
			delete(b.kept, other)
			break
		}
	}
	b.kept[at] = kept{version, book}
	return book, nil
}

// Suggest gives what one identity of a tenant could be, and what the team it names is linked to.
func (b *Books) Suggest(ctx context.Context, tenantID, id int64) ([]Suggestion, Team, error) {
	i, err := b.store.Identity(ctx, tenantID, id)
	if err != nil {
		return nil, Team{}, err
	}
	k, err := i.kind()
	if err != nil {
		return nil, Team{}, err
	}
	teams, err := b.store.LinkedTeams(ctx, []Identity{i})
	if err != nil {
		return nil, Team{}, err
	}
	book, err := b.of(ctx, tenantID, k)
	if err != nil {
		return nil, Team{}, err
	}
	return book.Suggest(i, teams[id].ID), teams[id], nil
}

// Standing is how much waits for an identity to be linked, and what it surely is.
type Standing struct {
	ID      int64
	Records int64 // more than CountLimit: at least so many
	Match   *Suggestion
}

// Standings gives that of several identities of a tenant.
func (b *Books) Standings(ctx context.Context, tenantID int64, ids []int64) ([]Standing, error) {
	identities, err := b.store.IdentitiesOf(ctx, tenantID, ids)
	if err != nil {
		return nil, err
	}
	counts, err := b.store.CountRecords(ctx, identities)
	if err != nil {
		return nil, err
	}
	teams, err := b.store.LinkedTeams(ctx, identities)
	if err != nil {
		return nil, err
	}
	books := map[string]*Book{}
	all := make([]Standing, len(identities))
	for at, i := range identities {
		all[at] = Standing{ID: i.ID, Records: counts[i.ID]}
		if i.EntityID != 0 {
			continue
		}
		k, err := i.kind()
		if err != nil {
			return nil, err
		}
		if books[i.Kind] == nil {
			if books[i.Kind], err = b.of(ctx, tenantID, k); err != nil {
				return nil, err
			}
		}
		if match, ok := books[i.Kind].Match(i, teams[i.ID].ID); ok {
			all[at].Match = &match
		}
	}
	return all, nil
}
