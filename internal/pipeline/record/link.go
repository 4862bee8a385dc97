package record

import "fmt"

// Link ties an identity to an entity of its kind, or with 0 to none. Records do not change: linking is looked at when
// they are counted.
func (s *Stage) Link(w *Writer, key Key, entity int64, name string) (*Identity, error) {
	place := s.identityPlace(key)
	was := s.identities.now(place)
	if was == nil {
		return nil, fmt.Errorf("there is no %s %q", key.Noun, key.ExternalID)
	}
	if was.EntityID == entity {
		return was, nil
	}
	next := *was
	next.EntityID, next.EntityName = entity, name
	next.UpdatedAt = s.now
	s.identities.set(place, &next)
	var image before
	image.number("entity_id", was.EntityID)
	s.enter(w, "", key.Noun, next.ID, next.TenantID, image.done())
	return &next, nil
}
