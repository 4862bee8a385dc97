package record

import (
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Noun, ExternalID and Field make a Row what a spec sees of a record.
func (r *Row) Noun() string { return r.Kind.Noun }

// ExternalID is the key within provider and kind.
func (r *Row) ExternalID() string { return r.Key.ExternalID }

// Field gives "id", "external_id", a field of the kind, or a group of fields ("energy_meta") as an object.
func (r *Row) Field(name string) value.Value {
	switch name {
	case "id":
		return value.Text(publicID(r.Kind.Prefix, r.Kind.Noun, r.ID))
	case "external_id":
		return value.Text(r.Key.ExternalID)
	}
	if i := r.Kind.Place(name); i >= 0 {
		return r.Values[i]
	}
	var group []value.Member
	for i := range r.Kind.Fields {
		if key, ok := strings.CutPrefix(r.Kind.Fields[i].Name, name+"."); ok {
			group = append(group, value.Member{Key: key, Value: r.Values[i]})
		}
	}
	if group == nil {
		return value.Null()
	}
	return value.Object(group)
}

// MarkOf gives the mark of a field by its place.
func (r *Row) MarkOf(field int) Mark {
	return markOf(r.Marks, r.Mark, field, isEmpty(r.Values[field]))
}

// isEmpty: such a field has the zero mark unless a Row's Marks say otherwise.
func isEmpty(v value.Value) bool {
	return v.IsNull() || v.Kind() == value.KindBool && !v.Bool()
}

// publicID is what a spec reads as id. What a dry run would make has no number of the database yet.
func publicID(prefix, noun string, n int64) string {
	if n < 0 {
		return "new-" + noun + "-" + strconv.FormatInt(-n, 10)
	}
	return id.Format(prefix, n)
}
