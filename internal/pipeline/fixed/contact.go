package fixed

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

// ContactKey is the field that people put e-mail addresses and phone numbers into.
const ContactKey = "contact_key"

// Body is what a call says.
type Body struct {
	Value value.Value
	Form  bool // it came as form data: numbers and booleans are text, and empty text is a field that was not sent
	// Contact is what its contact_key looked like: "email" or "phone"; "" for neither.
	Contact string
}

// Guard gives a body as the tenant lets it be read and kept: what looks like an e-mail address or a phone number under
// contact_key, wherever in the body that is, has become a pseudonym, unless the tenant allows it.
func Guard(t *plan.Tenant, v value.Value, form bool) Body {
	g := guard{tenant: t}
	return Body{Value: g.value(v, false), Form: form, Contact: g.found}
}

type guard struct {
	tenant *plan.Tenant
	found  string
}

// value guards what is in v; contact says that it stands under contact_key.
func (g *guard) value(v value.Value, contact bool) value.Value {
	if v.Kind() != value.KindText {
		return v.Mapped(func(key string, inner value.Value) value.Value { return g.value(inner, contact || key == ContactKey) })
	}
	kind := ""
	if contact {
		kind = shape.Contact(g.tenant.Country, v.Text())
	}
	if kind == "" {
		return v
	}
	g.found = kind
	if g.tenant.ContactKeys == tenant.AllowKeys {
		return v
	}
	made, err := pseudonym.Of(g.tenant.PseudonymKey, g.tenant.Country, kind, v.Text())
	if err != nil {
		panic(err) // the kind is one
	}
	return value.Text(made)
}

// contact says what became of a contact_key that looked like an e-mail address or a phone number.
func (r *reader) contact(found string) {
	looked := map[string]string{"email": "an e-mail address", "phone": "a phone number"}[found]
	switch {
	case found == "":
	case r.tenant.ContactKeys == tenant.RefuseKeys:
		r.wrong(ContactKey, "personal_data", "it looks like "+looked+", and this tenant takes none here",
			"Send an id of the contact instead, such as its number in your system, or a hash that you make yourself.")
	case r.tenant.ContactKeys == tenant.AllowKeys:
		r.remarks = append(r.remarks, fmt.Sprintf("Warning: %s looks like %s and was kept as it is, since the settings allow it (contact_keys).", ContactKey, looked))
	default:
		r.remarks = append(r.remarks, fmt.Sprintf("%s looked like %s; a pseudonym took its place (contact_keys in the settings).", ContactKey, looked))
	}
}
