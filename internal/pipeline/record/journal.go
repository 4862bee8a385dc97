package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Creation is the before-image of a thing that was not there: agents, teams and users name no maker themselves.
const Creation = "null"

// enter adds a line to the journal, where somebody will read it.
func (s *Stage) enter(w *Writer, instruction, noun string, thing, tenant int64, image []byte) {
	if s.dry {
		return
	}
	s.journal = append(s.journal, Entry{Noun: noun, ThingID: thing, TenantID: tenant, MadeBy: w.madeBy(instruction), Before: image})
}

// before builds the before-image of a change: {"value":[399.95,812,0]}, field → value and mark before. Values are
// written as they are kept: a moment is microseconds, an identity its number.
type before struct{ b []byte }

func (w *before) name(field string) {
	sep := byte(',')
	if w.b == nil {
		w.b = make([]byte, 0, 96)
		sep = '{'
	}
	w.b = append(w.b, sep, '"')
	w.b = append(w.b, field...)
	w.b = append(w.b, `":[`...)
}

func (w *before) field(name string, held value.Value, mark Mark) {
	w.open(name, held, mark)
	w.b = append(w.b, ']')
}

// undone is field for what an undo sets: with the mark it gives, which is not that of its maker.
func (w *before) undone(name string, held value.Value, mark, given Mark) {
	w.open(name, held, mark)
	w.b = append(w.b, ',')
	w.mark(given)
	w.b = append(w.b, ']')
}

// samePrefix stands before a field that was set to what it held already: only its mark has moved. Such fields come last.
const samePrefix = "="

// OnlySame is how the before-images begin that tell of no change: of nothing but such fields.
const OnlySame = `{"` + samePrefix

// same is field for what was set to what it held already.
func (w *before) same(name string, mark Mark) {
	w.name(samePrefix + name)
	w.mark(mark)
	w.b = append(w.b, ']')
}

// sameUndone is undone for what held that already.
func (w *before) sameUndone(name string, mark, given Mark) {
	w.name(samePrefix + name)
	w.mark(mark)
	w.b = append(w.b, ',')
	w.mark(given)
	w.b = append(w.b, ']')
}

func (w *before) mark(m Mark) {
	w.b = strconv.AppendInt(w.b, m.Number, 10)
	w.b = append(w.b, ',')
	w.b = strconv.AppendInt(w.b, int64(m.Position), 10)
}

func (w *before) open(name string, held value.Value, mark Mark) {
	w.name(name)
	switch held.Kind() {
	case value.KindMoment:
		w.b = strconv.AppendInt(w.b, held.Micros(), 10)
	case value.KindRef:
		w.b = strconv.AppendInt(w.b, held.Entity().(*Identity).ID, 10)
	default:
		w.b = held.AppendJSON(w.b)
	}
	w.b = append(w.b, ',')
	w.mark(mark)
}

// number is field for what has no mark: a link, an agent's team.
func (w *before) number(name string, held int64) {
	w.name(name)
	w.b = strconv.AppendInt(w.b, held, 10)
	w.b = append(w.b, ']')
}

// done gives the image; nil when there is no field in it.
func (w *before) done() []byte {
	if w.b == nil {
		return nil
	}
	return append(w.b, '}')
}

// madeBy is the JSON of the writer's Maker at one step.
func (w *Writer) madeBy(instruction string) string {
	m := w.Maker
	m.Instruction = instruction
	return m.JSON()
}

// JSON is the form in which a Maker is stored.
func (m Maker) JSON() string {
	b := make([]byte, 0, 128)
	b = append(b, `{"origin":"`...)
	b = append(b, m.Origin...)
	b = append(b, '"')
	for _, f := range [...]struct {
		name string
		n    int64
	}{
		{`,"origin_id":`, m.OriginID},
		{`,"delivery":`, m.Delivery},
		{`,"execution":`, m.Execution},
		{`,"processor":`, m.Processor},
		{`,"version":`, int64(m.Version)},
	} {
		if f.n != 0 {
			b = append(b, f.name...)
			b = strconv.AppendInt(b, f.n, 10)
		}
	}
	if m.Instruction != "" {
		b = append(b, `,"instruction":`...)
		b = value.Text(m.Instruction).AppendJSON(b)
	}
	if m.Undo != 0 {
		b = append(b, `,"undo":`...)
		b = strconv.AppendInt(b, m.Undo, 10)
	}
	if m.Redoes != 0 {
		b = append(b, `,"redoes":`...)
		b = strconv.AppendInt(b, m.Redoes, 10)
	}
	if m.Rekey != 0 {
		b = append(b, `,"rekey":`...)
		b = strconv.AppendInt(b, m.Rekey, 10)
	}
	return string(append(b, '}'))
}

// Was is one field of a before-image: what it held, and the mark of what had set it.
type Was struct {
	Field    string
	Value    value.Value // null for an identity
	Identity int64       // number of the identity the field held; 0: none
	Mark     Mark        // zero for what has no marks: a link, an agent's team
	Given    Mark        // of an undo's: the mark it gave the field
	Same     bool        // it was set to what it held already, which the image does not repeat; ReadBefore gives none
}

// ReadBefore reads what changed from the before-image of a change of a noun (Entry.Before). A creation has no fields,
// and neither has what was only set to what it held already.
func ReadBefore(noun string, image []byte) ([]Was, error) {
	all, err := readImage(noun, image)
	return slices.DeleteFunc(all, func(w Was) bool { return w.Same }), err
}

// readImage reads all that a before-image tells of.
func readImage(noun string, image []byte) ([]Was, error) {
	v, syntax := value.ParseJSON(image, value.Limits{Bytes: len(image) + 1})
	if syntax != nil {
		return nil, fmt.Errorf("before-image of a %s: %w", noun, syntax)
	}
	var all []Was
	for _, m := range v.Members() {
		if name, same := strings.CutPrefix(m.Key, samePrefix); same {
			all = append(all, Was{Field: name, Mark: markAt(m.Value, 0), Given: markAt(m.Value, 2), Same: true})
			continue
		}
		was := Was{Field: m.Key, Value: m.Value.At(0), Mark: markAt(m.Value, 1), Given: markAt(m.Value, 3)}
		whole, isWhole := was.Value.Decimal().Int64()
		switch t := typeOf(noun, m.Key); {
		case was.Value.IsNull():
		case (t == MomentField || t == IdentityField) && (!isWhole || was.Value.Kind() != value.KindNumber):
			return nil, fmt.Errorf("before-image of a %s: %s holds %s", noun, m.Key, was.Value)
		case t == MomentField:
			was.Value = value.Moment(whole)
		case t == IdentityField:
			was.Value, was.Identity = value.Null(), whole
		}
		all = append(all, was)
	}
	return all, nil
}

func markAt(v value.Value, place int) Mark {
	number, _ := v.At(place).Decimal().Int64()
	position, _ := v.At(place + 1).Decimal().Int64()
	return Mark{Number: number, Position: int32(position)}
}

// typeOf tells the fields that a before-image keeps in another form than JSON's own; TextField stands for all others.
func typeOf(noun, field string) FieldType {
	if kind := KindOf(noun); kind != nil {
		if place := kind.Place(field); place >= 0 {
			return kind.Fields[place].Type
		}
	}
	if (Key{Noun: noun}).IsIdentity() && (field == projectField.Name || field == teamField.Name) {
		return IdentityField
	}
	return TextField
}
