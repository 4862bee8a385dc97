package library

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Step is one place in a spec where an operation or block is used, as its meaning sees it.
type Step struct {
	Slots  map[string]int // of the names that Name fields bind
	Bodies map[string]int // of Body fields that are there: the place in Instruction.Bodies
	Cases  []Case
}

// Case of a switch: what is compared, and the place of its body.
type Case struct {
	Equals []run.FieldPlan
	Body   int
}

// body gives a body by the name of its field, nil where it is left out.
func (s *Step) body(in *run.Instruction, name string) *run.Body {
	if i, ok := s.Bodies[name]; ok {
		return &in.Bodies[i]
	}
	return nil
}

// Cleaner makes of a field's value what an operation takes, or says what is wrong with it.
type Cleaner func(f *run.Frame, v value.Value) (value.Value, *run.DataError)

// Cleaner gives the rules of a field of the operation: those its declaration implies, then its own.
func (o *Operation) Cleaner(p *types.Param) Cleaner {
	own := o.Clean[p.Name]
	kinds := kindsOf(p.Type)
	id := p.Type.Kind == types.OneOf && slices.Contains(p.Type.Among, types.String)
	label := p.Key || p.Label
	most := p.Max
	if p.Key || p.Label && most == 0 {
		most = 255
	}
	plain := !id && !label && most == 0 && p.Words == nil && p.Valid == nil && own == nil && !p.Required && !p.Kept && p.Type.Kind != types.Ref
	return func(f *run.Frame, v value.Value) (value.Value, *run.DataError) {
		if plain && kinds.have(v) {
			return v, nil
		}
		given := v
		if !v.IsNull() {
			if !kinds.have(v) || p.Type.Kind == types.Ref && v.Entity().Noun() != p.Type.Noun {
				return v, wrongKind(p.Type, v)
			}
			if id && !isOpen(p.Type) {
				if v.Kind() == value.KindNumber {
					v = value.Text(v.Decimal().String())
				}
			}
			if label {
				v = trimmed(v)
			}
		}
		if p.NeedsValue() && (v.IsNull() || v.Kind() == value.KindText && v.IsBlank()) {
			return v, missing(p, given)
		}
		if v.IsNull() {
			return v, nil
		}
		if most > 0 && len(v.Text()) > most && utf8.RuneCountInString(v.Text()) > most {
			return v, run.Fail("too_long", v, fmt.Sprintf("%s has %d characters, and %d are the most", p.Name, utf8.RuneCountInString(v.Text()), most), "Shorten it: substring(…, 0, "+fmt.Sprint(most)+").")
		}
		if p.Words != nil && !slices.Contains(p.Words, v.Text()) {
			return v, run.Fail("out_of_range", v, fmt.Sprintf("%s is none of %s", Preview(v), strings.Join(p.Words, ", ")), "Map it with lookup(…) or if(…).")
		}
		if p.Valid != nil {
			if err := p.Valid(v); err != nil {
				return v, run.Fail("out_of_range", v, err.Error(), "Check what the sender puts here.")
			}
		}
		if own != nil {
			return own(f, v)
		}
		return v, nil
	}
}

// isOpen: any kind of value may be given.
func isOpen(t types.Type) bool { return t.Among == nil || len(t.Among) > 2 }

func trimmed(v value.Value) value.Value {
	t := strings.TrimSpace(v.Text())
	if len(t) == len(v.Text()) && t != "" {
		return v
	}
	if t == "" {
		return value.Null()
	}
	return value.Text(t)
}

func missing(p *types.Param, v value.Value) *run.DataError {
	is := "blank"
	if v.IsNull() {
		is = "missing"
	}
	return run.Fail("missing_value", v, p.Name+" is "+is+", and it is required", "Check that the sender fills it in, or stop for deliveries without it.")
}

// upsert makes the effect of an identity or data upsert: its first field is the key, the others are what was given.
func upsert(kind run.EffectKind, noun string) func(*Step) run.Do {
	return func(*Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			return f.Apply(in, run.Effect{Kind: kind, Noun: noun, Key: fields[0].Value.Text(), Fields: fields[1:]})
		}
	}
}

// field declares a field that may be left out.
func field(name string, t types.Type, title, help string) types.Param {
	return types.Param{Name: name, Title: title, Type: t, Help: help}
}

// must declares a field that is required.
func must(p types.Param) types.Param {
	p.Required = true
	return p
}

// label declares a field that is a name or word for people.
func label(name, title, help string) types.Param {
	return types.Param{Name: name, Title: title, Type: types.Text, Label: true, Help: help}
}

// The fields that many operations share. They are functions, so that no declaration shares memory with another.

func externalID() types.Param {
	return types.Param{Name: "external_id", Title: "External id", Type: types.ID, Required: true, Key: true,
		Help: "The key: what is upserted with the same one again is the same thing."}
}

func contactKey() types.Param {
	return types.Param{Name: "contact_key", Title: "Contact key", Type: types.ID, Key: true,
		Help: "What this contact's records have in common."}
}

func identityField(noun string) types.Param {
	return types.Param{Name: noun + "_external_identity", Title: strings.ToUpper(noun[:1]) + noun[1:], Type: identityType(noun),
		Help: "The " + noun + " it belongs to: the result of upsert_" + noun + "_external_identity."}
}

// linkedEntity is what an identity is linked to.
func linkedEntity() types.Type {
	return types.ObjectOf(
		types.Field{Name: "id", Type: internalID()},
		types.Field{Name: "name", Type: types.Text},
	).Maybe()
}

func internalID() types.Type {
	t := types.Text
	t.Internal = true
	return t
}

// identityType is the type of an identity, with what can be read of it.
func identityType(noun string) types.Type {
	return types.RefTo(noun,
		types.Field{Name: "id", Type: internalID()},
		types.Field{Name: "external_id", Type: types.Text},
		types.Field{Name: "external_name", Type: types.Text},
		types.Field{Name: "linked", Type: types.Bool},
		types.Field{Name: "entity", Type: linkedEntity()},
	)
}

// recordType is the type of a record, with what can be read of it: id and its fields, those without * optional,
// booleans not.
func recordType(noun string, fields []types.Param) types.Type {
	read := []types.Field{{Name: "id", Type: internalID()}}
	for _, p := range fields {
		read = append(read, types.Field{Name: p.Name, Type: readType(p)})
	}
	return types.RefTo(noun, read...)
}

func readType(p types.Param) types.Type {
	if p.Form == types.Group {
		var inner []types.Field
		for _, g := range p.Fields {
			inner = append(inner, types.Field{Name: g.Name, Type: readType(g)})
		}
		return types.ObjectOf(inner...)
	}
	t := p.Type
	if p.Key {
		t = types.Text
	}
	if !p.Required && t.Kind != types.Boolean {
		t = t.Maybe()
	}
	return t
}

// identity declares an identity upsert.
func identity(noun, help string, examples []Example, more ...types.Param) *Operation {
	fields := append([]types.Param{
		externalID(),
		{Name: "external_name", Title: "Name", Type: types.ID, Label: true, Max: 1000,
			Help: "Left out, or blank: the name there is, and the external id for a new one."},
		identityField("project"),
	}, more...)
	return &Operation{
		Entry: Entry{
			Name: "upsert_" + noun + "_external_identity", Group: Identities,
			Title:     "Upsert " + noun + " identity",
			Help:      help,
			Summary:   "Upsert " + noun + " identity {external_id}",
			Signature: types.Signature{Params: fields, Result: identityType(noun)},
			Examples:  examples,
		},
		Meaning: upsert(run.UpsertIdentity, noun),
	}
}

// record declares a data upsert.
func record(noun, title, summary, help string, examples []Example, fields ...types.Param) *Operation {
	fields = append([]types.Param{externalID()}, fields...)
	return &Operation{
		Entry: Entry{
			Name: "upsert_" + noun, Group: Records, Title: title, Help: help, Summary: summary,
			Signature: types.Signature{Params: fields, Result: recordType(noun, fields)},
			Examples:  examples,
		},
		Meaning: upsert(run.UpsertRecord, noun),
	}
}
