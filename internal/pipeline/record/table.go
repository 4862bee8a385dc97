package record

// table is an overlay over the things of one type that were loaded: what was there at first, what is there now, and
// how to go back.
type table[K comparable, T any] struct {
	places map[K]int
	slots  []slot[K, T]
	log    []former[T] // since the outermost open unit began
}

type slot[K comparable, T any] struct {
	key      K
	old, now *T // nil: not there
}

type former[T any] struct {
	place int
	was   *T
}

// newTable makes room for n things.
func newTable[K comparable, T any](n int) table[K, T] {
	return table[K, T]{places: make(map[K]int, n), slots: make([]slot[K, T], 0, n)}
}

// add makes a slot for a key that has none; old is what was loaded under it.
func (t *table[K, T]) add(key K, old *T) (place int) {
	place = len(t.slots)
	t.places[key] = place
	t.slots = append(t.slots, slot[K, T]{key: key, old: old, now: old})
	return place
}

// addOnce is add for a key that may have a slot already.
func (t *table[K, T]) addOnce(key K, old *T) (place int) {
	if place, ok := t.places[key]; ok {
		return place
	}
	return t.add(key, old)
}

// fill is addOnce, and puts old under a slot that was made when somebody asked for the key in vain.
func (t *table[K, T]) fill(key K, old *T, inVain bool) {
	place, ok := t.places[key]
	switch {
	case !ok:
		t.add(key, old)
	case inVain:
		t.slots[place].old, t.slots[place].now = old, old
	}
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
