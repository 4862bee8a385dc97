// Package page has what every list shares: which part of it is asked for, and the part that is given. It never reads
// anything itself.
package page

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
)

// Limits of one page.
const (
	DefaultSize = 25
	MaxSize     = 100
)

// CountLimit is how far a list is counted for its total; a longer one has none, since counting it would cost more than
// the page.
const CountLimit = 10_000

// Request says which part of a list is wanted. The zero Request is the first page in the list's own order.
type Request struct {
	Number int     // from 1; 0: the first, or what Cursor says
	Size   int     // 0: DefaultSize
	Cursor *Cursor // where the page before ended; with it Number does not matter
	Sort   string  // name of a field; "": the list's own order
	Desc   bool
}

// Deleted says whether a list has what was deleted, too: who keeps a copy of the list learns from it what is gone.
type Deleted string

// Without it, as a list is unless asked otherwise; with it; only it.
const (
	WithoutDeleted Deleted = ""
	WithDeleted    Deleted = "include"
	OnlyDeleted    Deleted = "only"
)

// Page is the part that was asked for.
type Page[T any] struct {
	Items []T
	Total *int64  // nil: more than CountLimit
	Next  *Cursor // nil: this was the last page
}

// Cursor is a place in a list: the sort field's value and the id of the last item before it. It stays right while
// things are added and taken away.
type Cursor struct {
	Sort  string `json:"s"` // with a leading "-" when descending
	Value any    `json:"v"`
	ID    int64  `json:"i"`
}

// Order is the sort of a request as people write it: "-updated_at".
func (r Request) Order() string {
	if r.Desc {
		return "-" + r.Sort
	}
	return r.Sort
}

// Sorted gives the request with a default order where none is asked for.
func (r Request) Sorted(order string) Request {
	if r.Sort == "" {
		r.Sort, r.Desc = strings.TrimPrefix(order, "-"), strings.HasPrefix(order, "-")
	}
	if r.Size == 0 {
		r.Size = DefaultSize
	}
	if r.Number == 0 {
		r.Number = 1
	}
	return r
}

// String is the cursor as it goes over the wire.
func (c *Cursor) String() string {
	if c == nil {
		return ""
	}
	b, err := json.Marshal(c)
	if err != nil { // values are texts and whole numbers
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor reads what String wrote.
func ParseCursor(text string) (*Cursor, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		c := &Cursor{}
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.UseNumber()
		if err = d.Decode(c); err == nil {
			switch v := c.Value.(type) {
			case string:
				return c, nil
			case json.Number:
				if c.Value, err = v.Int64(); err == nil {
					return c, nil
				}
			}
		}
	}
	return nil, ErrCursor
}

// ErrCursor is the answer to a cursor that no page has given.
var ErrCursor = fault.New(fault.Unreadable, "The cursor cannot be read. Use meta.next_cursor of the page before as it came, or leave cursor out to begin again.")

// Map gives the same page with other items.
func Map[T, U any](p Page[T], fn func(T) U) Page[U] {
	out := Page[U]{Items: make([]U, len(p.Items)), Total: p.Total, Next: p.Next}
	for i, item := range p.Items {
		out.Items[i] = fn(item)
	}
	return out
}
