package value

import (
	"errors"
	"math/big"
	"math/bits"
	"strconv"
)

// Limits of a number (section 2): the digits before the point, after it, and of a quotient.
const (
	MaxWhole    = 38
	MaxScale    = 20
	quotient    = 12
	maxDigits   = 1000 // of a number as it is read
	maxText     = 64   // 38 + point + 20 + sign, rounded up
	smallDigits = 18   // digits that always fit an int64
)

// ErrOutOfRange is a result with more than 38 digits before the point.
var ErrOutOfRange = errors.New("the result has more than 38 digits before the point")

// ErrDivisionByZero is a division by zero.
var ErrDivisionByZero = errors.New("division by zero")

// Decimal is an exact decimal number. The zero Decimal is 0. It is always in lowest terms: no zero at the end after
// the point, and an int64 wherever the coefficient fits one, so that equal numbers are equal Decimals but for the
// pointer.
type Decimal struct {
	n     int64    // the coefficient, where big is nil
	big   *big.Int // the coefficient otherwise, never changed once it is here
	scale uint8    // digits after the point
}

// Decimal is the number of a number, and 0 of all else.
func (v Value) Decimal() Decimal {
	if v.Kind() != KindNumber {
		return Decimal{}
	}
	return Decimal{n: v.n, big: (*big.Int)(v.p), scale: uint8(v.is >> scaleShift)}
}

var pow10 = func() (t [smallDigits + 1]int64) {
	t[0] = 1
	for i := 1; i < len(t); i++ {
		t[i] = t[i-1] * 10
	}
	return t
}()

func bigPow10(n int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// FromInt makes a whole Decimal.
func FromInt(n int64) Decimal { return Decimal{n: n} }

// FromScaled makes coefficient × 10^-scale, scale from 0 to 20.
func FromScaled(coefficient int64, scale int) Decimal { return small(coefficient, scale) }

func small(n int64, scale int) Decimal {
	for scale > 0 && n%10 == 0 {
		n /= 10
		scale--
	}
	return Decimal{n: n, scale: uint8(scale)}
}

// fixed makes c × 10^-scale, rounded half-even at limit decimals. It may change c.
func fixed(c *big.Int, scale, limit int) Decimal {
	if scale > limit {
		c = roundBig(c, scale-limit, HalfEven)
		scale = limit
	}
	if c.IsInt64() {
		return small(c.Int64(), scale)
	}
	var rest big.Int
	ten := big.NewInt(10)
	for scale > 0 {
		q, r := new(big.Int).QuoRem(c, ten, &rest)
		if r.Sign() != 0 {
			break
		}
		c = q
		scale--
		if c.IsInt64() {
			return small(c.Int64(), scale)
		}
	}
	return Decimal{big: c, scale: uint8(scale)}
}

// Rounding is a way to round.
type Rounding uint8

// The ways to round. HalfUp is away from zero.
const (
	HalfEven Rounding = iota
	HalfUp
	Floor
	Ceiling
)

// roundBig gives c / 10^drop rounded to a whole number.
func roundBig(c *big.Int, drop int, how Rounding) *big.Int {
	unit := bigPow10(drop)
	q, r := new(big.Int).QuoRem(c, unit, new(big.Int))
	if r.Sign() == 0 {
		return q
	}
	half := new(big.Int).Abs(r)
	half.Lsh(half, 1)
	if away(how, half.Cmp(unit), q.Bit(0) == 1, c.Sign() < 0) {
		q.Add(q, big.NewInt(int64(c.Sign())))
	}
	return q
}

// away says whether a cut-off rest moves the quotient away from zero; half compares the rest with a half.
func away(how Rounding, half int, odd, negative bool) bool {
	switch how {
	case HalfUp:
		return half >= 0
	case Floor:
		return negative
	case Ceiling:
		return !negative
	default:
		return half > 0 || half == 0 && odd
	}
}

func (d Decimal) coefficient() *big.Int {
	if d.big != nil {
		return d.big
	}
	return big.NewInt(d.n)
}

// at gives the coefficient for a scale that is not below d's.
func (d Decimal) at(scale int) *big.Int {
	if scale == int(d.scale) {
		return d.coefficient()
	}
	return new(big.Int).Mul(d.coefficient(), bigPow10(scale-int(d.scale)))
}

// InRange reports whether d has at most 38 digits before the point. Only a number that was read can have more; the
// results of arithmetic never do.
func (d Decimal) InRange() bool {
	return d.big == nil || d.big.CmpAbs(bigPow10(MaxWhole+int(d.scale))) < 0
}

func ranged(d Decimal) (Decimal, error) {
	if !d.InRange() {
		return Decimal{}, ErrOutOfRange
	}
	return d, nil
}

// Sign is -1, 0 or 1.
func (d Decimal) Sign() int {
	if d.big != nil {
		return d.big.Sign()
	}
	switch {
	case d.n < 0:
		return -1
	case d.n > 0:
		return 1
	}
	return 0
}

// IsWhole reports whether d has no digits after the point.
func (d Decimal) IsWhole() bool { return d.scale == 0 }

// Int64 gives a whole d as an integer, where it fits one.
func (d Decimal) Int64() (int64, bool) { return d.n, d.big == nil && d.scale == 0 }

// Cmp is -1, 0 or 1 as d is below, equal to or above e.
func (d Decimal) Cmp(e Decimal) int {
	if d.big == nil && e.big == nil && d.scale == e.scale {
		switch {
		case d.n < e.n:
			return -1
		case d.n > e.n:
			return 1
		}
		return 0
	}
	scale := max(int(d.scale), int(e.scale))
	return d.at(scale).Cmp(e.at(scale))
}

// Neg is -d.
func (d Decimal) Neg() Decimal {
	if d.big == nil && d.n != -1<<63 {
		return Decimal{n: -d.n, scale: d.scale}
	}
	return fixed(new(big.Int).Neg(d.coefficient()), int(d.scale), MaxScale)
}

// Add is d + e, exact (no sum needs more than 20 decimals).
func (d Decimal) Add(e Decimal) (Decimal, error) {
	if d.big == nil && e.big == nil {
		a, b, scale := d.n, e.n, d.scale
		ok := true
		switch {
		case d.scale < e.scale:
			a, ok = grow(a, e.scale-d.scale)
			scale = e.scale
		case d.scale > e.scale:
			b, ok = grow(b, d.scale-e.scale)
		}
		if sum := a + b; ok && (sum > a) == (b > 0) {
			return small(sum, int(scale)), nil
		}
	}
	scale := max(int(d.scale), int(e.scale))
	return ranged(fixed(new(big.Int).Add(d.at(scale), e.at(scale)), scale, MaxScale))
}

// grow gives n × 10^by, if that fits.
func grow(n int64, by uint8) (int64, bool) {
	if int(by) >= len(pow10) {
		return 0, false
	}
	return times(n, pow10[by])
}

func times(a, b int64) (int64, bool) {
	neg := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(magnitude(a), magnitude(b))
	if hi != 0 || lo > 1<<63-1 {
		return 0, false
	}
	if neg {
		return -int64(lo), true
	}
	return int64(lo), true
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Sub is d − e, exact.
func (d Decimal) Sub(e Decimal) (Decimal, error) { return d.Add(e.Neg()) }

// Mul is d × e, rounded half-even at 20 decimals.
func (d Decimal) Mul(e Decimal) (Decimal, error) {
	scale := int(d.scale) + int(e.scale)
	if d.big == nil && e.big == nil && scale <= MaxScale {
		if n, ok := times(d.n, e.n); ok {
			return small(n, scale), nil
		}
	}
	return ranged(fixed(new(big.Int).Mul(d.coefficient(), e.coefficient()), scale, MaxScale))
}

// Div is d / e, rounded half-even at 12 decimals.
func (d Decimal) Div(e Decimal) (Decimal, error) {
	if e.Sign() == 0 {
		return Decimal{}, ErrDivisionByZero
	}
	// One rounding only: the quotient is taken exactly, as a fraction, and rounded at 12 decimals.
	num := new(big.Int).Mul(d.coefficient(), bigPow10(quotient+int(e.scale)))
	den := new(big.Int).Mul(e.coefficient(), bigPow10(int(d.scale)))
	q, r := new(big.Int).QuoRem(num, den, new(big.Int))
	if r.Sign() != 0 {
		negative := (num.Sign() < 0) != (den.Sign() < 0)
		twice := new(big.Int).Abs(r)
		twice.Lsh(twice, 1)
		if away(HalfEven, twice.CmpAbs(den), q.Bit(0) == 1, negative) {
			if negative {
				q.Sub(q, big.NewInt(1))
			} else {
				q.Add(q, big.NewInt(1))
			}
		}
	}
	return ranged(fixed(q, quotient, quotient))
}

// Round rounds at decimals, −20 to 20; below 0 it rounds to tens, hundreds and so on.
func (d Decimal) Round(decimals int, how Rounding) (Decimal, error) {
	drop := int(d.scale) - decimals
	if drop <= 0 {
		return d, nil
	}
	c := roundBig(d.coefficient(), drop, how)
	if decimals < 0 {
		c.Mul(c, bigPow10(-decimals))
		decimals = 0
	}
	return ranged(fixed(c, decimals, MaxScale))
}

// Append adds the canonical text: no exponent, no plus, no zeros at the end, "0" for zero.
func (d Decimal) Append(b []byte) []byte {
	if d.scale == 0 {
		if d.big != nil {
			return d.big.Append(b, 10)
		}
		return strconv.AppendInt(b, d.n, 10)
	}
	if d.Sign() < 0 {
		b = append(b, '-')
	}
	var buf [maxText]byte
	var digits []byte
	if d.big != nil {
		digits = new(big.Int).Abs(d.big).Append(buf[:0], 10)
	} else {
		digits = strconv.AppendUint(buf[:0], magnitude(d.n), 10)
	}
	point := len(digits) - int(d.scale)
	if point <= 0 {
		b = append(b, "0."...)
		for ; point < 0; point++ {
			b = append(b, '0')
		}
		return append(b, digits...)
	}
	b = append(b, digits[:point]...)
	b = append(b, '.')
	return append(b, digits[point:]...)
}

// String is the canonical text.
func (d Decimal) String() string {
	var buf [maxText]byte
	return string(d.Append(buf[:0]))
}

// Fixed is the text with exactly decimals digits after the point (0 to 20), rounded half up.
func (d Decimal) Fixed(decimals int) (string, error) {
	r, err := d.Round(decimals, HalfUp)
	if err != nil {
		return "", err
	}
	var buf [maxText]byte
	b := r.Append(buf[:0])
	if decimals > 0 && r.scale == 0 {
		b = append(b, '.')
	}
	for i := int(r.scale); i < decimals; i++ {
		b = append(b, '0')
	}
	return string(b), nil
}

// ParseDecimal reads a number as JSON writes it ("-12.50", "1e3"), of at most 1,000 digits when written out, rounded
// half-even at 20 decimals. A number with more than 38 digits before the point is read (see InRange).
func ParseDecimal(text string) (Decimal, error) {
	n := scanNumber(text)
	if n.end != len(text) || n.problem != "" {
		return Decimal{}, errors.New("this is no number as JSON writes it")
	}
	v, problem := n.value(text)
	if problem != "" {
		return Decimal{}, errors.New(problem)
	}
	return v.Decimal(), nil
}
