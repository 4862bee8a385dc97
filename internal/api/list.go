package api

import (
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/page"
)

// Paging is what every list takes.
type Paging struct {
	Page    int    `query:"page" minimum:"1" doc:"Number of the page, from 1."`
	PerPage int    `query:"per_page" minimum:"1" doc:"Items on a page, at most 100. 25 unless said."`
	Cursor  string `query:"cursor" doc:"meta.next_cursor of the page before; it stays right while things are added."`
	Sort    string `query:"sort" doc:"Field to sort by, with a - before it for descending."`
}

func (p *Paging) request() (page.Request, error) {
	r := page.Request{Number: max(p.Page, 1), Size: p.PerPage}
	if r.Size == 0 {
		r.Size = page.DefaultSize
	}
	if r.Size > page.MaxSize {
		return r, fault.New(fault.Unreadable, "A page has at most %d items; per_page is %d.", page.MaxSize, r.Size)
	}
	r.Sort, r.Desc = strings.TrimPrefix(p.Sort, "-"), strings.HasPrefix(p.Sort, "-")
	if p.Cursor == "" {
		return r, nil
	}
	if p.Page > 1 {
		return r, fault.New(fault.Unreadable, "Send page or cursor, not both.")
	}
	var err error
	r.Cursor, err = page.ParseCursor(p.Cursor)
	return r, err
}

// Changed narrows a list to what changed after a moment.
type Changed struct {
	UpdatedAfter time.Time `query:"updated_after" doc:"Only what changed after this moment (RFC 3339)."`
}

func (c Changed) micros() int64 { return micros(c.UpdatedAfter) }

// Gone widens a list to what was deleted, so that a copy of it can be kept true: with updated_after, what was deleted
// since then is told.
type Gone struct {
	Deleted page.Deleted `query:"deleted" enum:"include,only" doc:"Also, or only, what was deleted; it has deleted_at then."`
}

// micros is a moment as it is stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// at is a stored moment as it is answered.
func at(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// atOrNull is at, with null for 0.
func atOrNull(micros int64) *time.Time {
	if micros == 0 {
		return nil
	}
	t := at(micros)
	return &t
}

// number reads an id in a path: what is none is not found.
func number(prefix, noun, text string) (int64, error) {
	n, err := id.Parse(prefix, text)
	if err != nil {
		return 0, &fault.Error{Kind: fault.NotFound, Message: "There is no such " + noun + ".", Cause: err}
	}
	return n, nil
}

// filter reads an id in a query or body: "" is none.
func filter(field, prefix, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := id.Parse(prefix, text)
	if err != nil {
		return 0, fault.New(fault.Invalid, "Some of what was sent is not right.").With(fault.Detail{
			Field: field, Code: "bad_id", Message: "“" + text + "” is no id of this kind.", Hint: "Such ids begin with " + prefix + "_.",
		})
	}
	return n, nil
}

// orNull is null for "".
func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// idOrNull is the public id of a number, and null for 0.
func idOrNull(prefix string, n int64) *string {
	if n == 0 {
		return nil
	}
	text := id.Format(prefix, n)
	return &text
}

// filterBy is one id in a query and where its number goes.
type filterBy struct {
	field, prefix, text string
	into                *int64
}

func filters(all ...filterBy) error {
	for _, f := range all {
		n, err := filter(f.field, f.prefix, f.text)
		if err != nil {
			return err
		}
		*f.into = n
	}
	return nil
}
