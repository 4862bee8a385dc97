package trial

import (
	"slices"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// written is a thing that the version that is tried, or the live one, writes. The zero one is a thing that neither does.
type written struct {
	key         record.Key
	tried, live bool
	by          SourceRecord // that wrote it last
	clashed     bool
}

// writtens are all of those by their place on the overlays, where identities and records have places of their own.
type writtens struct{ identities, records []written }

func (all *writtens) of(key record.Key) *[]written {
	if key.IsIdentity() {
		return &all.identities
	}
	return &all.records
}

// at gives what is noted of a thing, to be changed before the next call.
func (all *writtens) at(key record.Key, place int) *written {
	of := all.of(key)
	if missing := place + 1 - len(*of); missing > 0 {
		*of = append(*of, make([]written, missing)...)
	}
	return &(*of)[place]
}

// has reports whether a version writes the thing; place is below 0 where nobody has asked for it.
func (all *writtens) has(key record.Key, place int) bool {
	of := *all.of(key)
	return place >= 0 && place < len(of) && (of[place].tried || of[place].live)
}

// untriedAt reports whether the live version alone writes the thing.
func (all *writtens) untriedAt(key record.Key, place int) bool {
	of := *all.of(key)
	return place >= 0 && place < len(of) && of[place].live && !of[place].tried
}

// count is how many things there is room for: not fewer than are written.
func (all *writtens) count() int { return len(all.identities) + len(all.records) }

// untried gives the things that the live version alone writes, in order.
func (all *writtens) untried() (keys []record.Key) {
	for _, of := range [][]written{all.identities, all.records} {
		for i := range of {
			if of[i].live && !of[i].tried {
				keys = append(keys, of[i].key)
			}
		}
	}
	slices.SortFunc(keys, record.Key.Compare)
	return keys
}
