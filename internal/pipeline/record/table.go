package record

// table is an overlay over the things of one type that were loaded: what was there at first, what is there now, and
// how to go back.
type table[K comparable, T any] struct {
	keys  *keys[K]
	slots []slot[K, T] // by place; tables that share keys may leave gaps
	log   []former[T]  // since the outermost open unit began
}

type slot[K comparable, T any] struct {
	key      K
	old, now *T // nil: not there
	known    bool
}

type former[T any] struct {
	place int
	was   *T
}

// keys gives every key one place. Overlays of one trial share theirs: each asks for the same keys soon after the other,
// and finds them among the recent ones.
type keys[K comparable] struct {
	places map[K]int
	recent []recent[K] // nil: none are kept
	next   int         // of recent, to be overwritten
}

type recent[K comparable] struct {
	key   K
	place int
}

func (k *keys[K]) find(key K) (place int, ok bool) {
	for i := range k.recent {
		if k.recent[i].key == key {
			return k.recent[i].place, true
		}
	}
	if place, ok = k.places[key]; ok {
		k.remember(key, place)
	}
	return place, ok
}

func (k *keys[K]) add(key K) (place int) {
	place = len(k.places)
	k.places[key] = place
	k.remember(key, place)
	return place
}

func (k *keys[K]) remember(key K, place int) {
	if len(k.recent) > 0 {
		k.recent[k.next] = recent[K]{key, place}
		k.next = (k.next + 1) % len(k.recent)
	}
}

// newTable makes room for n things.
func newTable[K comparable, T any](n int) table[K, T] {
	return table[K, T]{keys: &keys[K]{places: make(map[K]int, n)}, slots: make([]slot[K, T], 0, n)}
}

// find gives the place of a key that has a slot.
func (t *table[K, T]) find(key K) (place int, ok bool) {
	place, ok = t.keys.find(key)
	return place, ok && place < len(t.slots) && t.slots[place].known
}

// add makes a slot for a key that has none; old is what was loaded under it.
func (t *table[K, T]) add(key K, old *T) (place int) {
	place, shared := 0, false
	if t.keys.recent != nil { // another table may have given it a place
		place, shared = t.keys.find(key)
	}
	if !shared {
		place = t.keys.add(key)
	}
	for len(t.slots) <= place {
		t.slots = append(t.slots, slot[K, T]{})
	}
	t.slots[place] = slot[K, T]{key: key, old: old, now: old, known: true}
	return place
}

// addOnce is add for a key that may have a slot already.
func (t *table[K, T]) addOnce(key K, old *T) (place int) {
	if place, ok := t.find(key); ok {
		return place
	}
	return t.add(key, old)
}

// fill is addOnce, and puts old under a slot that was made when somebody asked for the key in vain.
func (t *table[K, T]) fill(key K, old *T, inVain bool) {
	place, ok := t.find(key)
	switch {
	case !ok:
		t.add(key, old)
	case inVain:
		t.slots[place].old, t.slots[place].now = old, old
	}
}

// holds reports whether a place has a slot with v in it.
func (t *table[K, T]) holds(place int, v *T) bool {
	return place < len(t.slots) && t.slots[place].known && t.slots[place].now == v
}

func (t *table[K, T]) now(place int) *T { return t.slots[place].now }

func (t *table[K, T]) set(place int, v *T) {
	t.log = append(t.log, former[T]{place: place, was: t.slots[place].now})
	t.slots[place].now = v
}

// rollback takes back all but the first n sets of the log.
func (t *table[K, T]) rollback(n int) {
	for i := len(t.log) - 1; i >= n; i-- {
		t.slots[t.log[i].place].now = t.log[i].was
	}
	t.log = t.log[:n]
}

// changes gives what is other than it was, in order of the slots; markOnly tells those whose mark alone has moved.
func (t *table[K, T]) changes(markOnly func(old, now *T) bool) []Change[T] {
	var changes []Change[T]
	for i := range t.slots {
		old, now := t.slots[i].old, t.slots[i].now
		if old == now {
			continue
		}
		if changes == nil {
			changes = make([]Change[T], 0, len(t.slots)-i)
		}
		changes = append(changes, Change[T]{Old: old, New: now, MarkOnly: markOnly != nil && old != nil && now != nil && markOnly(old, now)})
	}
	return changes
}
