package fixed

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// The limits of texts, in characters; of Text in bytes. They are those of the language.
const (
	maxKey  = 255
	maxName = 1000
	maxText = 1 << 20
)

// reader reads one body against the fields of a door, gathering all that is wrong with it.
type reader struct {
	tenant  *plan.Tenant
	zone    *time.Location
	form    bool
	details []fault.Detail
	remarks []string
}

// Read makes a unit of a body, or tells everything that is wrong with it.
func (d *Door) Read(tenant *plan.Tenant, body Body) (*Webhook, *fault.Error) {
	if body.Value.Kind() != value.KindObject {
		return nil, fault.New(fault.Invalid, "The body has to be one JSON object with the fields of the %s webhook; it is %s.", d.Path, body.Value.Kind())
	}
	zone, err := tenant.Location()
	if err != nil {
		return nil, fault.Of(err)
	}
	r := &reader{tenant: tenant, zone: zone, form: body.Form}
	w := &Webhook{Tenant: tenant, Door: d}
	w.given = r.fields("", d.Fields, body.Value)
	r.contact(body.Contact)
	w.remarks = r.remarks
	if len(r.details) == 0 {
		return w, nil
	}
	message := fmt.Sprintf("One field of this call to the %s webhook is wrong; nothing of it was kept.", d.Path)
	if n := len(r.details); n > 1 {
		message = fmt.Sprintf("%d fields of this call to the %s webhook are wrong; nothing of it was kept.", n, d.Path)
	}
	return nil, &fault.Error{Kind: fault.Invalid, Message: message, Details: r.details}
}

// given is a field that came, with what it says; null: it is to be cleared.
type given struct {
	field *Field
	value value.Value
}

func (r *reader) fields(prefix string, declared []Field, body value.Value) []given {
	var out []given
	for i := range declared {
		f := &declared[i]
		v := body.Get(f.Name)
		blank := r.form && v.Kind() == value.KindText && v.IsBlank()
		came := body.Has(f.Name) && !blank
		if !came {
			if f.Required {
				r.wrong(prefix+f.Name, "missing_value", "it is required, and it is not there", r.example(f))
			}
			continue
		}
		if f.Projects && !r.tenant.Projects {
			r.wrong(prefix+f.Name, "unknown_field", "projects are switched off in this tenant", "Leave the field out, or switch projects on in the settings.")
			continue
		}
		if f.Switch.off(r.tenant) {
			r.remarks = append(r.remarks, fmt.Sprintf("%s was not used: %s is switched off in the settings.", f.Name, f.Switch))
			continue
		}
		if f.Type == Group {
			out = append(out, r.group(f, v)...)
			continue
		}
		v, ok := r.read(prefix+f.Name, f, v)
		if !ok {
			continue
		}
		if v.IsNull() && f.Required {
			r.wrong(prefix+f.Name, "missing_value", "it is required, and it is empty", r.example(f))
			continue
		}
		out = append(out, given{field: f, value: v})
	}
	r.unknown(prefix, declared, body)
	return r.used(out)
}

func (r *reader) group(f *Field, v value.Value) []given {
	switch v.Kind() {
	case value.KindNull:
		var cleared []given
		for i := range f.Fields {
			cleared = append(cleared, given{field: &f.Fields[i]})
		}
		return cleared
	case value.KindObject:
		return r.fields(f.Name+".", f.Fields, v)
	}
	r.kind(f.Name, v, "an object with the fields "+strings.Join(names(f.Fields), ", "))
	return nil
}

// used drops what means nothing without a field that did not come.
func (r *reader) used(came []given) []given {
	return slices.DeleteFunc(came, func(g given) bool {
		if g.field.Of == "" || g.value.IsNull() || slices.ContainsFunc(came, func(o given) bool { return o.field.Name == g.field.Of && !o.value.IsNull() }) {
			return false
		}
		r.remarks = append(r.remarks, fmt.Sprintf("%s was not used: it means nothing without %s.", g.field.Name, g.field.Of))
		return true
	})
}

func (r *reader) unknown(prefix string, declared []Field, body value.Value) {
	for _, m := range body.Members() {
		if slices.ContainsFunc(declared, func(f Field) bool { return f.Name == m.Key }) {
			continue
		}
		hint := "Leave it out. The fields are " + strings.Join(names(declared), ", ") + "."
		if near := tree.Closest(m.Key, names(declared)); near != "" {
			hint = "Did you mean " + near + "?"
		}
		r.wrong(prefix+preview(m.Key), "unknown_field", "there is no such field; its value is "+show(m.Value), hint)
	}
}

func names(fields []Field) []string {
	all := make([]string, len(fields))
	for i, f := range fields {
		all[i] = f.Name
	}
	return all
}

// read makes of a value what the field takes; ok false: it told what is wrong. Blank text is null, but for Text.
func (r *reader) read(name string, f *Field, v value.Value) (_ value.Value, ok bool) {
	if v.IsNull() {
		return v, true
	}
	switch f.Type {
	case Key:
		return r.label(name, v, true, maxKey)
	case Label:
		return r.label(name, v, false, maxKey)
	case Name:
		return r.label(name, v, true, maxName)
	case Email:
		return r.email(name, v)
	case Number:
		return r.number(name, f, v)
	case Boolean:
		return r.boolean(name, v)
	case Moment:
		return r.moment(name, v)
	default:
		return r.text(name, f, v)
	}
}

func (r *reader) label(name string, v value.Value, numbers bool, most int) (value.Value, bool) {
	switch {
	case v.Kind() == value.KindNumber && numbers:
		if !v.Decimal().InRange() {
			return r.wrong(name, "out_of_range", show(v)+" has more than 38 digits before the point", "Send it as text.")
		}
		v = value.Text(v.Decimal().String())
	case v.Kind() != value.KindText && numbers:
		return r.kind(name, v, "text or a number")
	case v.Kind() != value.KindText:
		return r.kind(name, v, "text")
	}
	text := strings.TrimSpace(v.Text())
	if text == "" {
		return value.Null(), true
	}
	if n := utf8.RuneCountInString(text); n > most {
		return r.wrong(name, "too_long", fmt.Sprintf("it has %d characters, and %d are the most", n, most), "Shorten it; it begins with "+show(v)+".")
	}
	return value.Text(text), true
}

func (r *reader) email(name string, v value.Value) (value.Value, bool) {
	v, ok := r.label(name, v, false, maxKey)
	if !ok || v.IsNull() {
		return v, ok
	}
	if before, after, found := strings.Cut(v.Text(), "@"); !found || before == "" || after == "" || strings.ContainsAny(v.Text(), " \t\r\n") {
		return r.wrong(name, "unreadable", show(v)+" is no e-mail address", "Send it as name@example.com, or leave it out.")
	}
	return value.Text(strings.ToLower(v.Text())), true
}

func (r *reader) number(name string, f *Field, v value.Value) (value.Value, bool) {
	if r.form && v.Kind() == value.KindText {
		text := strings.TrimSpace(v.Text())
		d, err := value.ParseDecimal(text)
		switch {
		case err != nil && strings.Contains(text, ","):
			return r.wrong(name, "unreadable", show(v)+" has a comma", "Write the decimals after a point and leave thousands unmarked, as 1234.56.")
		case err != nil:
			return r.wrong(name, "unreadable", show(v)+" is no number", "Write it with digits and a decimal point, as 1234.56.")
		}
		v = value.Number(d)
	}
	switch {
	case v.Kind() == value.KindText:
		return r.wrong(name, "wrong_kind", "it takes a number, and this is the text "+show(v), "Send it without quotes, with a decimal point: 1234.56.")
	case v.Kind() != value.KindNumber:
		return r.kind(name, v, "a number")
	case !v.Decimal().InRange():
		return r.wrong(name, "out_of_range", show(v)+" has more than 38 digits before the point", "Send a smaller number.")
	case f.Whole && !v.Decimal().IsWhole():
		return r.wrong(name, "out_of_range", show(v)+" is not a whole number", "Send it without decimals.")
	case f.NotBelow && v.Decimal().Sign() < 0:
		return r.wrong(name, "out_of_range", show(v)+" is below 0", "Send 0 or more.")
	}
	return v, true
}

func (r *reader) boolean(name string, v value.Value) (value.Value, bool) {
	if v.Kind() == value.KindBool {
		return v, true
	}
	if !r.form {
		return r.kind(name, v, "true or false, without quotes")
	}
	switch strings.TrimSpace(v.Text()) {
	case "true", "1":
		return value.Bool(true), true
	case "false", "0":
		return value.Bool(false), true
	}
	return r.wrong(name, "wrong_kind", show(v)+" is neither true nor false", "Send true, false, 1 or 0.")
}

func (r *reader) moment(name string, v value.Value) (value.Value, bool) {
	if v.Kind() != value.KindText {
		return r.kind(name, v, `a date as text, "2025-12-10 19:00:00"`)
	}
	m, ok := library.ReadMoment(v.Text(), r.zone)
	if !ok {
		return r.wrong(name, "unreadable", show(v)+" cannot be read as a date", "Write it as 2025-12-10 19:00:00, with +01:00 or Z behind it where it is not "+r.tenant.Zone+" time; a date alone is taken at 06:00:00.")
	}
	return m, true
}

func (r *reader) text(name string, f *Field, v value.Value) (value.Value, bool) {
	switch {
	case v.Kind() != value.KindText:
		return r.kind(name, v, "text")
	case len(v.Text()) > maxText:
		return r.wrong(name, "too_long", fmt.Sprintf("it has %d bytes, and 1 MiB is the most", len(v.Text())), "Shorten it.")
	case f.Words != nil && v.IsBlank():
		return value.Null(), true
	case f.Words != nil && !slices.Contains(f.Words, v.Text()):
		return r.wrong(name, "out_of_range", show(v)+" is not one of "+strings.Join(f.Words, ", "), "Send one of these words, or leave it out.")
	}
	return v, true
}

func (r *reader) kind(name string, v value.Value, takes string) (value.Value, bool) {
	return r.wrong(name, "wrong_kind", fmt.Sprintf("it takes %s, and this is %s: %s", takes, v.Kind(), show(v)), "Send "+takes+".")
}

func (r *reader) wrong(name, code, message, hint string) (value.Value, bool) {
	r.details = append(r.details, detail(name, code, message, hint))
	return value.Null(), false
}

func detail(name, code, message, hint string) fault.Detail {
	return fault.Detail{Field: name, Code: code, Message: name + ": " + message + ".", Hint: hint}
}

// example says how a field that is missing could look.
func (r *reader) example(f *Field) string {
	quote := `"`
	if r.form {
		quote = ""
	}
	switch f.Type {
	case Moment:
		return "Send it as " + quote + "2025-12-10 19:00:00" + quote + "."
	case Label:
		return "Send what kind of thing this is, as " + quote + "Deal stage: Demo planned" + quote + "."
	default:
		return "Send your own id of it, as text or as a number."
	}
}

// shown is how many characters of a value a message repeats.
const shown = 60

// show gives a value as its sender wrote it, cut where it is long.
func show(v value.Value) string { return preview(v.String()) }

func preview(text string) string {
	if utf8.RuneCountInString(text) <= shown {
		return text
	}
	return string([]rune(text)[:shown]) + "…"
}
