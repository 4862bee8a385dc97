package storage

import (
	"database/sql"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/pipeline"
)

// All numbers come from one counter, so rows of a table that is only appended to stand in the order of time. A span of
// time is a span of numbers, which every index that ends in the id serves; it is found by halving, with no index on time.

// numbersAt gives, for each moment, the first number of a table whose rows are of that moment or later; where it has none
// the number is beyond all there are. behind are the numbers behind the last row before each moment: what people do has
// numbers too, while nothing comes in.
func (t *Tx) numbersAt(table, column string, moments []int64) (first, behind []int64, err error) {
	var beyond int64
	if err := t.QueryRow("SELECT coalesce(max(id), 0) + 1 FROM " + table).Scan(&beyond); err != nil {
		return nil, nil, err
	}
	first = slices.Repeat([]int64{math.MaxInt64}, len(moments)) // other tables may have higher ones than this one
	low, high := make([]int64, len(moments)), make([]int64, len(moments))
	for i := range high {
		high[i] = beyond
	}
	for {
		var rows []string
		for i := range moments {
			if low[i] < high[i] {
				rows = append(rows, fmt.Sprintf("(%d, %d)", i, low[i]+(high[i]-low[i])/2))
			}
		}
		if len(rows) == 0 {
			return first, low, nil
		}
		err := t.Each(func(r *sql.Rows) error {
			var i, middle int64
			var at, id sql.NullInt64
			if err := r.Scan(&i, &middle, &id, &at); err != nil {
				return err
			}
			switch {
			case !at.Valid:
				high[i] = middle
			case at.Int64 >= moments[i]:
				high[i], first[i] = middle, id.Int64
			default:
				low[i] = id.Int64 + 1
			}
			return nil
		}, "SELECT m.column1, m.column2, x.id, x."+column+" FROM (VALUES "+strings.Join(rows, ", ")+") AS m LEFT JOIN "+table+
			" AS x ON x.id = (SELECT min(y.id) FROM "+table+" AS y WHERE y.id >= m.column2)")
		if err != nil {
			return nil, nil, err
		}
	}
}

// slack of clocks: of several nodes, and of calls that were received before others and numbered after them.
const slack = 60_000_000

// span narrows a list to the numbers that may be of a span of time, as the moments of a table tell them; 0 is no limit. Who
// asks narrows it further, to the moments of the rows themselves.
func (t *Tx) span(l *list, table, column string, after, before int64) error {
	if after == 0 && before == 0 {
		return nil
	}
	first, behind, err := t.numbersAt(table, column, []int64{after, before})
	if err != nil {
		return err
	}
	if after != 0 {
		l.and(l.id+" >= ?", behind[0])
	}
	if before != 0 {
		l.and(l.id+" < ?", first[1])
	}
	return nil
}

// received narrows a list of what has a moment of its own to a span of time, exactly.
func (t *Tx) received(l *list, table string, after, before int64) error {
	if err := t.span(l, table, "received_at", spare(after, -slack), spare(before, slack)); err != nil {
		return err
	}
	l.between("received_at", after, before)
	return nil
}

// receivedFrom gives, for each moment, the first number of a table whose rows were received then or later.
func (t *Tx) receivedFrom(table string) func(moments []int64) ([]int64, error) {
	return func(moments []int64) ([]int64, error) {
		first, _, err := t.numbersAt(table, "received_at", moments)
		return first, err
	}
}

// chart counts the rows of a list in equal parts of a span of time; bad is the condition of those that want a look. from
// gives the first number of the list's rows for each moment, in the way in which the list is narrowed to a span.
func (t *Tx) chart(l list, bad string, from func(moments []int64) ([]int64, error), after, before int64, parts int) (c pipeline.Chart, err error) {
	moments := make([]int64, parts+1)
	for i := range moments {
		moments[i] = after + (before-after)*int64(i)/int64(parts)
	}
	numbers, err := from(moments)
	if err != nil {
		return c, err
	}
	c.Narrowed = true
	if len(l.rest) > 0 {
		var n int
		within := append(slices.Clone(l.where), l.id+" >= ?", l.id+" < ?")
		err := t.QueryRow(fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM %s%s LIMIT %d) AS counted", l.rows(), conditions(within), l.looks()),
			append(slices.Clone(l.args), numbers[0], numbers[parts])...).Scan(&n)
		if err != nil {
			return c, err
		}
		c.Narrowed = n < l.looks()
	}
	if c.Narrowed {
		l.whole()
	}
	var rows []string
	for i := range parts {
		c.Bars = append(c.Bars, pipeline.Bar{From: moments[i], To: moments[i+1]})
		rows = append(rows, fmt.Sprintf("(%d, %d, %d)", i, numbers[i], numbers[i+1]))
	}
	part := []string{l.id + " >= m.column2", l.id + " < m.column3"}
	count := func(more ...string) string {
		return "(SELECT count(*) FROM " + l.rows() + conditions(slices.Concat(l.where, part, more)) + ")"
	}
	err = t.Each(func(r *sql.Rows) error {
		var i, all, wanting int
		err := r.Scan(&i, &all, &wanting)
		c.Bars[i].All, c.Bars[i].Bad = all, wanting
		return err
	}, "SELECT m.column1, "+count()+", "+count(bad)+" FROM (VALUES "+strings.Join(rows, ", ")+") AS m", slices.Concat(l.args, l.args)...)
	return c, err
}
