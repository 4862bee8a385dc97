package postgres

import (
	"encoding/binary"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/dealwright/dealwright/internal/pipeline/record"
)

// columns collects rows as one array per column, already in PostgreSQL's binary form: a group has thousands of values,
// and boxing each would cost more than sending it.
type columns struct {
	n     int // rows
	at    int // next column of the present row
	all   []array
	width int // rows that are expected
}

func newColumns(count, rows int) *columns {
	return &columns{all: make([]array, count), width: rows}
}

// array is the elements of one column: the length of each and its bytes; -1 and nothing for null.
type array struct {
	elements []byte
	n        int
	nulls    bool
}

// args gives the arrays as the arguments of a statement.
func (c *columns) args() []any {
	args := make([]any, len(c.all))
	for i := range c.all {
		args[i] = &c.all[i]
	}
	return args
}

// row begins the next row.
func (c *columns) row() {
	c.n++
	c.at = 0
}

func (c *columns) next() *array {
	a := &c.all[c.at]
	if a.elements == nil {
		a.elements = make([]byte, 0, 12*max(c.width, 1))
	}
	a.n++
	c.at++
	return a
}

func (c *columns) int(v int64) {
	a := c.next()
	a.elements = binary.BigEndian.AppendUint32(a.elements, 8)
	a.elements = binary.BigEndian.AppendUint64(a.elements, uint64(v))
}

func (c *columns) text(v string) {
	a := c.next()
	a.elements = binary.BigEndian.AppendUint32(a.elements, uint32(len(v)))
	a.elements = append(a.elements, v...)
}

// bytes adds null for nil.
func (c *columns) bytes(v []byte) {
	if v == nil {
		c.null()
		return
	}
	a := c.next()
	a.elements = binary.BigEndian.AppendUint32(a.elements, uint32(len(v)))
	a.elements = append(a.elements, v...)
}

func (c *columns) null() {
	a := c.next()
	a.elements = binary.BigEndian.AppendUint32(a.elements, 0xffffffff)
	a.nulls = true
}

// intOrNull adds null for 0: no thing has that number.
func (c *columns) intOrNull(v int64) {
	if v == 0 {
		c.null()
		return
	}
	c.int(v)
}

// textOrNull adds null for the empty text.
func (c *columns) textOrNull(v string) {
	if v == "" {
		c.null()
		return
	}
	c.text(v)
}

// cells adds a row.
func (c *columns) cells(cells []record.Cell) {
	if c.all == nil {
		c.all = make([]array, len(cells))
	}
	c.row()
	for i := range cells {
		switch cell := &cells[i]; cell.Kind {
		case record.IntCell:
			c.int(cell.Int)
		case record.TextCell:
			c.text(cell.Text)
		default:
			c.null()
		}
	}
}

// arrayCodec is the codec of an array type that also takes an array of ours.
type arrayCodec struct{ *pgtype.ArrayCodec }

// PreferredFormat is binary for texts, too.
func (arrayCodec) PreferredFormat() int16 { return pgtype.BinaryFormatCode }

// PlanEncode plans an array of ours, or what else can become one.
func (c arrayCodec) PlanEncode(m *pgtype.Map, oid uint32, format int16, value any) pgtype.EncodePlan {
	if _, ours := value.(*array); !ours {
		return c.ArrayCodec.PlanEncode(m, oid, format, value)
	}
	if format != pgtype.BinaryFormatCode {
		return nil
	}
	return encodeArray{c.ElementType.OID}
}

type encodeArray struct{ element uint32 }

func (e encodeArray) Encode(value any, buf []byte) ([]byte, error) {
	a := value.(*array)
	var nulls uint32
	if a.nulls {
		nulls = 1
	}
	for _, word := range []uint32{1, nulls, e.element, uint32(a.n), 1} { // one dimension, from 1
		buf = binary.BigEndian.AppendUint32(buf, word)
	}
	return append(buf, a.elements...), nil
}

// takeArrays makes a connection take arrays of ours.
func takeArrays(m *pgtype.Map) {
	for _, oid := range []uint32{pgtype.Int8ArrayOID, pgtype.TextArrayOID, pgtype.ByteaArrayOID} {
		if t, ok := m.TypeForOID(oid); ok {
			if codec, ok := t.Codec.(*pgtype.ArrayCodec); ok {
				m.RegisterType(&pgtype.Type{Name: t.Name, OID: oid, Codec: arrayCodec{codec}})
			}
		}
	}
}
