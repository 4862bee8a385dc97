package record

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Cell is one value of a table's row as both databases keep it: null, a whole number (also a boolean, 0 or 1, and a
// moment) or a text (also a decimal and JSON).
type Cell struct {
	Kind CellKind
	Int  int64
	Text string
}

// CellKind says what a Cell holds.
type CellKind uint8

// The kinds of cell.
const (
	NullCell CellKind = iota
	IntCell
	TextCell
)

// Column of a table that holds records or identities.
type Column struct {
	Name    string
	Kind    CellKind // of what it holds when it is not null
	NotNull bool
}

// The columns around a kind's own. The first four never change; marksColumns are all that a MarkOnly change moves.
var (
	keyColumns = []Column{
		{Name: "id", Kind: IntCell, NotNull: true},
		{Name: "tenant_id", Kind: IntCell, NotNull: true},
		{Name: "provider_id", Kind: IntCell, NotNull: true},
		{Name: "external_id", Kind: TextCell, NotNull: true},
	}
	marksColumns = []Column{
		{Name: "mark_number", Kind: IntCell, NotNull: true},
		{Name: "mark_position", Kind: IntCell, NotNull: true},
		{Name: "marks", Kind: TextCell},
	}
	makerColumns = []Column{
		{Name: "made_by", Kind: TextCell, NotNull: true},
		{Name: "created_at", Kind: IntCell, NotNull: true},
		{Name: "updated_at", Kind: IntCell, NotNull: true},
	}
)

// Columns of the kind's table, in the order of Row.Cells and ScanRow.
func (k *Kind) Columns() []Column {
	columns := append([]Column{}, keyColumns...)
	for _, f := range k.Fields {
		c := Column{Name: f.Column, Kind: IntCell, NotNull: f.Type == BoolField || f.Required && f.Type != IdentityField}
		if f.Type == TextField || f.Type == NumberField {
			c.Kind = TextCell
		}
		columns = append(columns, c)
	}
	columns = append(columns, marksColumns...)
	columns = append(columns, Column{Name: "locks", Kind: TextCell})
	return append(columns, makerColumns...)
}

// IdentityColumns of the table of identities, in the order of Identity.Cells and ScanIdentity.
var IdentityColumns = func() []Column {
	columns := []Column{
		{Name: "id", Kind: IntCell, NotNull: true},
		{Name: "tenant_id", Kind: IntCell, NotNull: true},
		{Name: "provider_id", Kind: IntCell, NotNull: true},
		{Name: "kind", Kind: TextCell, NotNull: true}, // "agent", without the suffix
		{Name: "external_id", Kind: TextCell, NotNull: true},
		{Name: "external_name", Kind: TextCell, NotNull: true},
		{Name: "email", Kind: TextCell},
		{Name: "project_identity_id", Kind: IntCell},
		{Name: "team_identity_id", Kind: IntCell},
		{Name: "entity_id", Kind: IntCell},
		{Name: "ignored", Kind: IntCell, NotNull: true},
	}
	columns = append(columns, marksColumns...)
	return append(columns, makerColumns...)
}()

// MarkColumns are the columns of a MarkOnly change, in the order of Row.MarkCells and Identity.MarkCells.
var MarkColumns = marksColumns

// Cells adds the row as stored, a cell per column.
func (r *Row) Cells(dst []Cell) []Cell {
	dst = append(dst, number(r.ID), number(r.TenantID), number(r.Key.ProviderID), text(r.Key.ExternalID))
	for i, v := range r.Values {
		dst = append(dst, cellOf(r.Kind.Fields[i].Type, v))
	}
	dst = r.MarkCells(dst)
	dst = append(dst, locksCell(r.Kind, r.Locks))
	return append(dst, text(r.MadeBy), number(r.CreatedAt), number(r.UpdatedAt))
}

// MarkCells adds the cells of MarkColumns.
func (r *Row) MarkCells(dst []Cell) []Cell {
	return append(dst, number(r.Mark.Number), number(int64(r.Mark.Position)), marksCell(r.Marks, func(i int) string { return r.Kind.Fields[i].Name }))
}

// Cells adds the identity as stored, a cell per column.
func (i *Identity) Cells(dst []Cell) []Cell {
	dst = append(dst,
		number(i.ID), number(i.TenantID), number(i.Key.ProviderID), text(i.Noun()), text(i.Key.ExternalID), text(i.Name),
		orNull(text(i.Email), i.Email == ""), identityCell(i.Project), identityCell(i.Team),
		orNull(number(i.EntityID), i.EntityID == 0), truth(i.Ignored))
	dst = i.MarkCells(dst)
	return append(dst, text(i.MadeBy), number(i.CreatedAt), number(i.UpdatedAt))
}

// MarkCells adds the cells of MarkColumns.
func (i *Identity) MarkCells(dst []Cell) []Cell {
	return append(dst, number(i.Mark.Number), number(int64(i.Mark.Position)), marksCell(i.Marks, func(i int) string { return IdentityFields[i] }))
}

// ScanRow makes a row of its stored cells. byID gives the identities it refers to.
func ScanRow(kind *Kind, cells []Cell, byID func(int64) (*Identity, error)) (*Row, error) {
	n := len(keyColumns) + len(kind.Fields)
	rest := cells[n:]
	r := &Row{
		ID:        cells[0].Int,
		Kind:      kind,
		TenantID:  cells[1].Int,
		Key:       Key{ProviderID: cells[2].Int, Noun: kind.Noun, ExternalID: cells[3].Text},
		Values:    make([]value.Value, len(kind.Fields)),
		Mark:      Mark{Number: rest[0].Int, Position: int32(rest[1].Int)},
		MadeBy:    rest[4].Text,
		CreatedAt: rest[5].Int,
		UpdatedAt: rest[6].Int,
	}
	var err error
	for i, c := range cells[len(keyColumns):n] {
		if r.Values[i], err = valueOf(kind.Fields[i].Type, c, byID); err != nil {
			return nil, fmt.Errorf("%s %d, column %s: %w", kind.Noun, r.ID, kind.Fields[i].Column, err)
		}
	}
	if r.Marks, err = scanMarks(rest[2], kind.Place); err != nil {
		return nil, fmt.Errorf("%s %d: %w", kind.Noun, r.ID, err)
	}
	if r.Locks, err = scanLocks(rest[3], kind.Place); err != nil {
		return nil, fmt.Errorf("%s %d: %w", kind.Noun, r.ID, err)
	}
	return r, nil
}

// ScanIdentity makes an identity of its stored cells and the name of what it is linked to, "" for nothing. byID gives
// the identities it refers to.
func ScanIdentity(cells []Cell, entityName string, byID func(int64) (*Identity, error)) (*Identity, error) {
	i := &Identity{
		ID:         cells[0].Int,
		TenantID:   cells[1].Int,
		Key:        Key{ProviderID: cells[2].Int, Noun: keyNoun(cells[3].Text), ExternalID: cells[4].Text},
		Name:       cells[5].Text,
		Email:      cells[6].Text,
		EntityID:   cells[9].Int,
		EntityName: entityName,
		Ignored:    cells[10].Int != 0,
		Mark:       Mark{Number: cells[11].Int, Position: int32(cells[12].Int)},
		MadeBy:     cells[14].Text,
		CreatedAt:  cells[15].Int,
		UpdatedAt:  cells[16].Int,
	}
	var err error
	if i.Marks, err = scanMarks(cells[13], placeOfIdentityField); err != nil {
		return nil, fmt.Errorf("identity %d: %w", i.ID, err)
	}
	if i.Project, err = identityOf(cells[7], byID); err != nil {
		return nil, fmt.Errorf("identity %d, its project: %w", i.ID, err)
	}
	if i.Team, err = identityOf(cells[8], byID); err != nil {
		return nil, fmt.Errorf("identity %d, its team: %w", i.ID, err)
	}
	return i, nil
}

// keyNoun gives the noun of keys without making a text: every identity read passes here.
func keyNoun(noun string) string {
	if k := IdentityKindOf(noun); k != nil {
		return k.KeyNoun
	}
	return noun + IdentitySuffix
}

func cellOf(t FieldType, v value.Value) Cell {
	switch {
	case t == BoolField:
		return truth(v.Bool())
	case v.IsNull():
		return Cell{}
	}
	switch t {
	case NumberField:
		return text(v.Decimal().String())
	case MomentField:
		return number(v.Micros())
	case IdentityField:
		return number(v.Entity().(*Identity).ID)
	default:
		return text(v.Text())
	}
}

func valueOf(t FieldType, c Cell, byID func(int64) (*Identity, error)) (value.Value, error) {
	if c.Kind == NullCell {
		return value.Null(), nil
	}
	switch t {
	case NumberField:
		d, err := value.ParseDecimal(c.Text)
		return value.Number(d), err
	case BoolField:
		return value.Bool(c.Int != 0), nil
	case MomentField:
		return value.Moment(c.Int), nil
	case IdentityField:
		i, err := byID(c.Int)
		if err != nil {
			return value.Null(), err
		}
		return value.Ref(i), nil
	default:
		return value.Text(c.Text), nil
	}
}

func number(n int64) Cell { return Cell{Kind: IntCell, Int: n} }
func text(s string) Cell  { return Cell{Kind: TextCell, Text: s} }

func truth(b bool) Cell {
	if b {
		return number(1)
	}
	return number(0)
}

func orNull(c Cell, null bool) Cell {
	if null {
		return Cell{}
	}
	return c
}

func identityCell(i *Identity) Cell {
	if i == nil {
		return Cell{}
	}
	return number(i.ID)
}

func identityOf(c Cell, byID func(int64) (*Identity, error)) (*Identity, error) {
	if c.Kind == NullCell {
		return nil, nil
	}
	return byID(c.Int)
}

// marksCell writes marks as {"moment":[812,0]}.
func marksCell(marks []FieldMark, name func(int) string) Cell {
	if len(marks) == 0 {
		return Cell{}
	}
	b := make([]byte, 0, 32*len(marks))
	for i, m := range marks {
		b = append(b, "{,"[min(i, 1)])
		b = append(b, '"')
		b = append(b, name(m.Field)...)
		b = append(b, `":[`...)
		b = strconv.AppendInt(b, m.Mark.Number, 10)
		b = append(b, ',')
		b = strconv.AppendInt(b, int64(m.Mark.Position), 10)
		b = append(b, ']')
	}
	return text(string(append(b, '}')))
}

func scanMarks(c Cell, place func(string) int) ([]FieldMark, error) {
	if c.Kind == NullCell {
		return nil, nil
	}
	var stored map[string][2]int64
	if err := json.Unmarshal([]byte(c.Text), &stored); err != nil {
		return nil, fmt.Errorf("marks: %w", err)
	}
	marks := make([]FieldMark, 0, len(stored))
	for name, m := range stored {
		i := place(name)
		if i < 0 {
			return nil, fmt.Errorf("marks: there is no field %q", name)
		}
		marks = append(marks, FieldMark{Field: i, Mark: Mark{Number: m[0], Position: int32(m[1])}})
	}
	sortMarks(marks)
	return marks, nil
}

func locksCell(kind *Kind, locks map[int]int64) Cell {
	if len(locks) == 0 {
		return Cell{}
	}
	b := []byte{'{'}
	for i := range kind.Fields {
		delivery, ok := locks[i]
		if !ok {
			continue
		}
		if len(b) > 1 {
			b = append(b, ',')
		}
		b = append(b, '"')
		b = append(b, kind.Fields[i].Name...)
		b = append(b, `":`...)
		b = strconv.AppendInt(b, delivery, 10)
	}
	return text(string(append(b, '}')))
}

func scanLocks(c Cell, place func(string) int) (map[int]int64, error) {
	if c.Kind == NullCell {
		return nil, nil
	}
	var stored map[string]int64
	if err := json.Unmarshal([]byte(c.Text), &stored); err != nil {
		return nil, fmt.Errorf("locks: %w", err)
	}
	locks := make(map[int]int64, len(stored))
	for name, delivery := range stored {
		i := place(name)
		if i < 0 {
			return nil, fmt.Errorf("locks: there is no field %q", name)
		}
		locks[i] = delivery
	}
	return locks, nil
}
