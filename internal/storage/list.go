package storage

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
)

// list is a query of which one page is wanted. Its columns are scanned in their order.
type list struct {
	columns string
	from    string
	where   []string
	args    []any
	sorts   []sortable // the first with a direction is the list's own order
	order   string     // the list's own order: "-id"
	id      string     // column that tells rows apart
}

// sortable is a field a list can be ordered by. The column is never null.
type sortable struct {
	name, column string
	kind         sortKind
}

// sortKind is what a column that can be sorted by holds: text, or a whole number such as a moment.
type sortKind bool

const (
	ofNumber sortKind = false
	ofText   sortKind = true
)

// fits says whether a cursor's value is one of the column: anybody can make up a cursor.
func (k sortKind) fits(v any) bool {
	_, isText := v.(string)
	return isText == bool(k)
}

// and narrows the list.
func (l *list) and(condition string, args ...any) {
	l.where = append(l.where, condition)
	l.args = append(l.args, args...)
}

// equal narrows the list to rows where the column is v, unless v is nothing.
func equal[T comparable](l *list, column string, v T) {
	var nothing T
	if v != nothing {
		l.and(column+" = ?", v)
	}
}

// updatedAfter narrows the list to what changed after a moment, unless that is 0.
func (l *list) updatedAfter(moment int64) {
	if moment != 0 {
		l.and("updated_at > ?", moment)
	}
}

// deleted narrows the list by whether rows were deleted.
func (l *list) deleted(column string, d page.Deleted) {
	switch d {
	case page.WithDeleted:
	case page.OnlyDeleted:
		l.and(column + " IS NOT NULL")
	default:
		l.and(column + " IS NULL")
	}
}

// search narrows the list to rows where one of the columns contains the text, whatever its case.
func (l *list) search(text string, columns ...string) {
	if text == "" {
		return
	}
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = "lower(" + c + `) LIKE ? ESCAPE '\'`
		l.args = append(l.args, pattern)
	}
	l.where = append(l.where, "("+strings.Join(parts, " OR ")+")")
}

// row is what a scan function reads its columns from.
type row func(dest ...any) error

// lastPage is beyond every list, and its offset still a number.
const lastPage = 1 << 31

// pageOf reads one page of a list.
func pageOf[T any](tx *Tx, l list, r page.Request, scan func(row) (T, error)) (page.Page[T], error) {
	var p page.Page[T]
	r = r.Sorted(l.order)
	at := slices.IndexFunc(l.sorts, func(s sortable) bool { return s.name == r.Sort })
	if at < 0 {
		names := make([]string, len(l.sorts))
		for i, s := range l.sorts {
			names[i] = s.name
		}
		return p, fault.New(fault.Unreadable, "This list cannot be sorted by %q. Sort it by %s, with a - before it for descending.", r.Sort, strings.Join(names, ", "))
	}
	column := l.sorts[at].column

	where := ""
	if len(l.where) > 0 {
		where = " WHERE " + strings.Join(l.where, " AND ")
	}
	var total int64
	err := tx.QueryRow(fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s%s LIMIT %d) AS counted", l.from, where, page.CountLimit+1), l.args...).Scan(&total)
	if err != nil {
		return p, err
	}
	if total <= page.CountLimit {
		p.Total = &total
	}

	direction, after := "ASC", ">"
	if r.Desc {
		direction, after = "DESC", "<"
	}
	offset := (min(r.Number, lastPage) - 1) * r.Size
	if r.Cursor != nil {
		if r.Cursor.Sort != r.Order() {
			return p, fault.New(fault.Unreadable, "The cursor belongs to a list sorted by %q. Keep the sort while following cursors.", r.Cursor.Sort)
		}
		if !l.sorts[at].kind.fits(r.Cursor.Value) {
			return p, page.ErrCursor
		}
		offset = 0
		if column == l.id {
			l.and(l.id+" "+after+" ?", r.Cursor.ID)
		} else {
			l.and(fmt.Sprintf("(%s, %s) %s (?, ?)", column, l.id, after), r.Cursor.Value, r.Cursor.ID)
		}
		where = " WHERE " + strings.Join(l.where, " AND ")
	}
	order := column + " " + direction
	if column != l.id {
		order += ", " + l.id + " " + direction
	}
	query := fmt.Sprintf("SELECT %s, %s, %s FROM %s%s ORDER BY %s LIMIT %d OFFSET %d", l.columns, column, l.id, l.from, where, order, r.Size+1, offset)
	p.Items = []T{}
	last := page.Cursor{Sort: r.Order()}
	err = tx.Each(func(rows *sql.Rows) error {
		if len(p.Items) == r.Size { // one more is there than was asked for
			next := last
			p.Next = &next
			return nil
		}
		item, err := scan(func(dest ...any) error { return rows.Scan(append(dest, &last.Value, &last.ID)...) })
		p.Items = append(p.Items, item)
		return err
	}, query, l.args...)
	return p, err
}

// truth is how a boolean is stored.
func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// orNull stores zero and "" as null.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}
