package record

// upsert is one that was done on an overlay, for those beside it: into the same state of the same thing, by a writer of the
// same mark and with the same fields, it comes to the same there. Either the rows or the identities are what it is about;
// the zero one is any other effect, which may depend on more.
type upsert struct {
	place                int
	wasRow, row          *Row
	wasIdentity, becomes *Identity
}

// did keeps what has just been done, where somebody may ask.
func (s *Stage) did(one upsert) {
	if s.besides {
		s.done = append(s.done, one)
	}
}

// Applied is how many effects were applied on an overlay with others beside it, and stand, since the outermost open unit
// began.
func (s *Stage) Applied() int { return len(s.done) }

// Repeat applies on an overlay what was applied on one beside it, from the effect `from` up to `to`, for a writer of the same
// mark. If one of them would not come to the same here, or that cannot be told without applying it, nothing is applied.
func (s *Stage) Repeat(other *Stage, from, to int) bool {
	if from == to {
		return true
	}
	if to > len(other.done) { // it was taken back there
		return false
	}
	s.Begin()
	for i := from; i < to; i++ {
		if !s.repeat(&other.done[i]) {
			s.End(false)
			return false
		}
	}
	s.End(true)
	return true
}

func (s *Stage) repeat(one *upsert) bool {
	switch {
	case one.row != nil:
		if !s.rows.holds(one.place, one.wasRow) {
			return false
		}
		if one.row != one.wasRow {
			s.setRow(one.place, one.row)
		}
	case one.becomes != nil:
		if !s.identities.holds(one.place, one.wasIdentity) {
			return false
		}
		if one.becomes != one.wasIdentity {
			s.identities.set(one.place, one.becomes)
		}
	default:
		return false
	}
	s.did(*one)
	return true
}
