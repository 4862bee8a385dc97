package fixed

import (
	"fmt"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
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
	return pseudonymOf(g.tenant, kind, v.Text())
}

func pseudonymOf(t *plan.Tenant, kind, text string) value.Value {
	made, err := pseudonym.Of(t.PseudonymKey, t.Country, kind, text)
	if err != nil {
		panic(err) // the kind is one
	}
	return value.Text(made)
}

// notKept stands for the value of a field that the door does not have.
var notKept = value.Text("(not kept)")

// Refused gives what may be kept of a body that was refused: the fields that the door has, and of all others the names.
// What looks like an e-mail address or a phone number has become a pseudonym wherever it stands, but for the address of an
// agent, and for a contact_key where the tenant allows that.
func (d *Door) Refused(t *plan.Tenant, v value.Value) value.Value {
	switch v.Kind() {
	case value.KindObject:
		return refusedFields(t, d.Fields, v)
	case value.KindList:
		return v.Mapped(func(_ string, item value.Value) value.Value { return d.Refused(t, item) })
	case value.KindText:
		return notKept
	}
	return v
}

func refusedFields(t *plan.Tenant, declared []Field, v value.Value) value.Value {
	kept := make([]value.Member, v.Len())
	changed := false
	for i, m := range v.Members() {
		n := slices.IndexFunc(declared, func(f Field) bool { return f.Name == m.Key })
		if n < 0 {
			kept[i] = value.Member{Key: masked(t, value.Text(m.Key)).Text(), Value: notKept}
		} else {
			kept[i] = value.Member{Key: m.Key, Value: refusedField(t, &declared[n], m.Value)}
		}
		changed = changed || kept[i].Key != m.Key || !kept[i].Value.Same(m.Value)
	}
	if !changed {
		return v
	}
	return value.Object(kept)
}

// refusedField is what may be kept of a field that the door has. Things inside it that it does not take are fields of
// nobody.
func refusedField(t *plan.Tenant, f *Field, v value.Value) value.Value {
	switch v.Kind() {
	case value.KindObject:
		if f.Type == Group {
			return refusedFields(t, f.Fields, v)
		}
		return value.Object(nil)
	case value.KindList:
		return value.List(nil)
	case value.KindText:
		if f.Type == Email || f.Name == ContactKey && t.ContactKeys == tenant.AllowKeys {
			return v
		}
		return masked(t, v)
	}
	return v
}

// masked gives a pseudonym for a text that looks like an e-mail address or a phone number.
func masked(t *plan.Tenant, v value.Value) value.Value {
	if kind := shape.Contact(t.Country, v.Text()); kind != "" {
		return pseudonymOf(t, kind, v.Text())
	}
	return v
}

// RefusedError gives the refusal of a body as the call log keeps it: it quotes what is kept, where the refusal quotes what
// came. Refusals that do not come from Read quote nothing and stay as they are.
func (d *Door) RefusedError(t *plan.Tenant, body Body, e *fault.Error) *fault.Error {
	if _, own := d.Read(t, body); own == nil || own.Error() != e.Error() {
		return e
	}
	told := *e
	told.Details = slices.Clone(e.Details)
	body.Value = d.Refused(t, body.Value)
	_, again := d.Read(t, body)
	for i := range told.Details {
		detail := &told.Details[i]
		if again != nil && len(again.Details) == len(e.Details) && again.Details[i].Code == detail.Code {
			*detail = again.Details[i]
			continue
		}
		detail.Field = masked(t, value.Text(detail.Field)).Text()
		detail.Message, detail.Hint = detail.Field+" was wrong; what it said is not kept", ""
	}
	return &told
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
