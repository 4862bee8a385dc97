package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
)

// list is a query of which one page is wanted. Its columns are scanned in their order.
type list struct {
	columns  string
	from     string
	table    string   // of from, the one whose rows these are; "": from is that one
	where    []string // what an index serves, in the order of ids
	args     []any
	rest     []string // what none does: see rarely
	restArgs []any
	sparse   bool       // the rows that the index finds lie far from each other
	sorts    []sortable // the first with a direction is the list's own order
	order    string     // the list's own order: "-id"
	coarse   string     // of the column that it is sorted by (%s), what its index is in the order of; "": of the column itself
	id       string     // column that tells rows apart
}

// looked is how many rows one page of a list looks at, at most, where no index finds what is asked for: some 20 ms of them.
// The page may be short then, even empty; its cursor says where the next one goes on. Pages with numbers are of those rows.
const (
	looked       = 20_000
	lookedSparse = 3_000 // each is a page of the database of its own
)

// looks is how many rows a page of the list looks at.
func (l *list) looks() int {
	if l.sparse {
		return lookedSparse
	}
	return looked
}

// rows is the table whose rows these are. Conditions speak of it alone, so what only counts or finds reads no other.
func (l *list) rows() string {
	if l.table == "" {
		return l.from
	}
	return l.table
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

// rarely narrows the list by what no index serves. A list in the order of its ids then looks at so many rows for a page and
// no more, however few of them match.
func (l *list) rarely(condition string, args ...any) {
	l.rest = append(l.rest, condition)
	l.restArgs = append(l.restArgs, args...)
}

// whole makes conditions of rest such of where: all rows are looked at.
func (l *list) whole() {
	l.where, l.args = slices.Concat(l.where, l.rest), slices.Concat(l.args, l.restArgs)
	l.rest, l.restArgs = nil, nil
}

// conditions is the text after WHERE and before ORDER, "" for none.
func conditions(of []string) string {
	if len(of) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(of, " AND ")
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
	pattern := partly(text)
	parts, args := make([]string, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		parts[i] = "lower(" + c + `) LIKE ? ESCAPE '\'`
		args[i] = pattern
	}
	l.rarely("("+strings.Join(parts, " OR ")+")", args...)
}

// partly is the pattern of LIKE, with \ as its escape, for what has the text in it in whatever case.
func partly(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

// row is what a scan function reads its columns from.
type row func(dest ...any) error

// pageOf reads one page of a list.
func pageOf[T any](tx *Tx, l list, r page.Request, scan func(row) (T, error)) (page.Page[T], error) {
	var p page.Page[T]
	var err error
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

	direction, after := "ASC", ">"
	if r.Desc {
		direction, after = "DESC", "<"
	}
	if column != l.id {
		l.whole()
	}
	if r.Cursor != nil {
		if r.Cursor.Sort != r.Order() {
			return p, fault.New(fault.Unreadable, "The cursor belongs to a list sorted by %q. Keep the sort while following cursors.", r.Cursor.Sort)
		}
		if !l.sorts[at].kind.fits(r.Cursor.Value) {
			return p, page.ErrCursor
		}
	}
	if len(l.rest) == 0 && r.Cursor == nil {
		if p.Total, err = tx.total(l); err != nil {
			return p, err
		}
	}
	if r.Cursor != nil {
		if column == l.id {
			l.and(l.id+" "+after+" ?", r.Cursor.ID)
		} else {
			if l.coarse != "" {
				l.and(fmt.Sprintf(l.coarse+" "+after+"= "+l.coarse, column, "?"), r.Cursor.Value)
			}
			l.and(fmt.Sprintf("(%s, %s) %s (?, ?)", column, l.id, after), r.Cursor.Value, r.Cursor.ID)
		}
	}
	order := column + " " + direction
	if l.coarse != "" {
		order = fmt.Sprintf(l.coarse, column) + " " + direction + ", " + order
	}
	if column != l.id {
		order += ", " + l.id + " " + direction
	}
	var edge int64 // the last row that is looked at; 0: all are
	if len(l.rest) > 0 {
		if edge, err = tx.edge(l, direction); err != nil {
			return p, err
		}
		l.whole()
		if edge != 0 {
			l.and(l.id+" "+map[bool]string{true: ">=", false: "<="}[r.Desc]+" ?", edge)
		} else if r.Cursor == nil {
			if p.Total, err = tx.total(l); err != nil {
				return p, err
			}
		}
	}
	p.Items = []T{}
	offset := 0
	if r.Cursor == nil {
		switch far := r.Number > page.CountLimit || (r.Number-1)*r.Size > page.CountLimit; {
		case far && p.Total != nil:
			return p, nil // beyond the end
		case far: // each row before it would be looked at
			return p, fault.New(fault.Unreadable, "Page %d is too far from the beginning: pages are numbered up to row %d. Follow meta.next_cursor, which goes on as far as the list does.", r.Number, page.CountLimit)
		}
		offset = (r.Number - 1) * r.Size
	}
	query := fmt.Sprintf("SELECT %s, %s, %s FROM %s%s ORDER BY %s LIMIT %d OFFSET %d", l.columns, column, l.id, l.from, conditions(l.where), order, r.Size+1, offset)
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
	if edge != 0 && p.Next == nil {
		p.Next = &page.Cursor{Sort: r.Order(), Value: edge, ID: edge}
	}
	return p, err
}

// total counts a list as far as that is cheap; nil where it is longer.
func (t *Tx) total(l list) (*int64, error) {
	var total int64
	err := t.QueryRow(fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s%s LIMIT %d) AS counted", l.rows(), conditions(l.where), page.CountLimit+1), l.args...).Scan(&total)
	if err != nil || total > page.CountLimit {
		return nil, err
	}
	return &total, nil
}

// edge is the id of the last row that a page looks at, counted by the index alone; 0: what is left is fewer rows than that.
func (t *Tx) edge(l list, direction string) (id int64, err error) {
	err = t.QueryRow(fmt.Sprintf("SELECT %s FROM %s%s ORDER BY %s %s LIMIT 1 OFFSET %d", l.id, l.rows(), conditions(l.where), l.id, direction, l.looks()-1), l.args...).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return id, err
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
