package sqlite

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/ncruces/go-sqlite3"
)

// cellsName is that of the aggregate of storage.Backend.Cells.
const cellsName = "cells"

// addCells makes the aggregate known to a connection. SQLite itself would sort all rows to group them.
func addCells(conn *sqlite3.Conn) error {
	for _, arguments := range []int{3, 4, 5} { // to count, to add up, and to cut into stretches
		err := conn.CreateWindowFunction(cellsName, arguments, sqlite3.DETERMINISTIC|sqlite3.INNOCUOUS, func() sqlite3.AggregateFunction {
			return &cells{sums: map[cell]*sum{}}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type cell struct{ bucket, agent, team int64 }

// sum is exact: units are whole, or ten-thousandths; what fits in neither is in rest.
type sum struct {
	units, fine int64
	rest        *big.Rat
}

type cells struct {
	sums  map[cell]*sum
	last  *sum // rows come by time, so the next one is often of the same cell
	at    cell
	edges []int64
	err   error
}

func (c *cells) sum(at cell) *sum {
	if c.last == nil || at != c.at {
		c.at, c.last = at, c.sums[at]
		if c.last == nil {
			c.last = &sum{}
			c.sums[at] = c.last
		}
	}
	return c.last
}

// Step adds a row.
func (c *cells) Step(_ sqlite3.Context, arg ...sqlite3.Value) {
	if len(arg) == 5 {
		c.cut(arg)
		return
	}
	s := c.sum(cell{arg[0].Int64(), arg[1].Int64(), arg[2].Int64()})
	switch {
	case len(arg) == 3:
		s.units++
	case arg[3].Type() == sqlite3.INTEGER:
		s.addUnits(arg[3].Int64())
	default:
		if err := s.addText(arg[3].RawText()); err != nil && c.err == nil {
			c.err = err
		}
	}
}

// cut adds what of a stretch lies between each two edges.
func (c *cells) cut(arg []sqlite3.Value) {
	if c.edges == nil {
		for text := range strings.FieldsSeq(arg[0].Text()) {
			n, err := strconv.ParseInt(text, 10, 64)
			c.edges, c.err = append(c.edges, n), errors.Join(c.err, err)
		}
	}
	from, to := arg[3].Int64(), arg[4].Int64()
	first, _ := slices.BinarySearch(c.edges, from+1)
	for i := max(first-1, 0); i < len(c.edges)-1 && c.edges[i] < to; i++ {
		if n := min(to, c.edges[i+1]) - max(from, c.edges[i]); n > 0 {
			c.sum(cell{int64(i), arg[1].Int64(), arg[2].Int64()}).addUnits(n)
		}
	}
}

// roomy is how far a sum of whole numbers goes before it is put to the rest: another one always fits.
const roomy = math.MaxInt64 / 2

func (s *sum) addUnits(n int64) {
	if n < -roomy || n > roomy {
		s.addRest(new(big.Rat).SetInt64(n))
		return
	}
	if s.units += n; s.units < -roomy || s.units > roomy {
		s.addRest(new(big.Rat).SetInt64(s.units))
		s.units = 0
	}
}

func (s *sum) addRest(n *big.Rat) {
	if s.rest == nil {
		s.rest = new(big.Rat)
	}
	s.rest.Add(s.rest, n)
}

// fineDecimals are those of ten-thousandths, and fineDigits so many that they fit.
const (
	fineDecimals = 4
	fineDigits   = 14
	fineScale    = 10_000
)

// addText adds a decimal number.
func (s *sum) addText(text []byte) error {
	if n, ok := fineOf(text); ok {
		if s.fine += n; s.fine < -roomy || s.fine > roomy {
			s.addRest(big.NewRat(s.fine, fineScale))
			s.fine = 0
		}
		return nil
	}
	n, ok := new(big.Rat).SetString(string(text))
	if !ok {
		return fmt.Errorf("a record holds the number %q", text)
	}
	s.addRest(n)
	return nil
}

// fineOf reads a decimal number as ten-thousandths; false: it is too long for that, or none.
func fineOf(text []byte) (n int64, ok bool) {
	negative := len(text) > 0 && text[0] == '-'
	if negative {
		text = text[1:]
	}
	digits, decimals, point := 0, 0, false
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9':
			n = n*10 + int64(b-'0')
			if digits++; point {
				decimals++
			}
			if digits > fineDigits || decimals > fineDecimals {
				return 0, false
			}
		case b == '.' && !point && digits > 0:
			point = true
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	for ; decimals < fineDecimals; decimals++ {
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, true
}

// Value gives a line for each cell: its three numbers, and its sum as a fraction.
func (c *cells) Value(ctx sqlite3.Context) {
	if c.err != nil {
		ctx.ResultError(c.err)
		return
	}
	var b strings.Builder
	for at, s := range c.sums {
		whole := new(big.Rat).Add(new(big.Rat).SetInt64(s.units), big.NewRat(s.fine, fineScale))
		if s.rest != nil {
			whole.Add(whole, s.rest)
		}
		fmt.Fprintf(&b, "%d %d %d %s\n", at.bucket, at.agent, at.team, whole.RatString())
	}
	ctx.ResultText(b.String())
}
