package value_test

import (
	"bytes"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dealwright/dealwright/internal/spec/value"
)

const payload = `{"id":"d-20931","status":"won","closed_at":"2025-12-10 19:00:00","amount":399.95,"user":{"id":7,"first_name":"Cas","last_name":"Bos","email":"cas@example.test","team":{"id":"t-4","name":"Inside sales"}},"project":{"id":"p-9","name":"Retail NL"},"contact":{"key":"c-88812","tags":["new","b2b","energy"],"score":71.5},"lines":[{"sku":"EL-100","qty":1,"price":199.95},{"sku":"GAS-20","qty":2,"price":100}],"meta":{"source":"pipeline","attempt":1,"test":false,"note":"Called twice before it was signed, asked for the paper contract","ref":null}}`

func BenchmarkParseJSON(b *testing.B) {
	data := []byte(payload)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := value.ParseJSON(data, value.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestParseJSONKeepsEveryDigit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, out string }{
		{payload, payload},
		{` [ 1 , 2 ] `, `[1,2]`},
		{"\ufeff{}", `{}`},
		{`-0`, `0`},
		{`-0.000`, `0`},
		{`1.50`, `1.5`},
		{`100`, `100`},
		{`1e3`, `1000`},
		{`1.5E-3`, `0.0015`},
		{`12345678901234567890`, `12345678901234567890`},
		{`123456789012345678`, `123456789012345678`},
		{`0.12345678901234567`, `0.12345678901234567`},
		{`9223372036854775807`, `9223372036854775807`},
		{`-9223372036854775808`, `-9223372036854775808`},
		{`0.000000000000000000005`, `0`},
		{`0.000000000000000000015`, `0.00000000000000000002`},
		{`0.0000000000000000000151`, `0.00000000000000000002`},
		{`99999999999999999999999999999999999999.99999999999999999999`, `99999999999999999999999999999999999999.99999999999999999999`},
		{`1e60`, `1` + strings.Repeat("0", 60)},
		{`"\ud83d\ude00\u00e9\n"`, `"😀é\n"`},
		{`"a\/b"`, `"a/b"`},
		{`{"":1,"a":{"a":[]}}`, `{"":1,"a":{"a":[]}}`},
	} {
		v, err := value.ParseJSON([]byte(c.in), value.Limits{})
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := v.String(); got != c.out {
			t.Errorf("%s is read as %s, want %s", c.in, got, c.out)
		}
	}
}

func TestParseJSONSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, code, want string }{
		{"", "syntax", "1:1 the body is empty"},
		{" \n ", "syntax", "2:2 the body is empty"},
		{"{\n  \"id\": \"a\",  // Required\n}", "syntax", "2:15 JSON has no comments; the first one is on line 2, column 15"},
		{"{ /* x */ }", "syntax", "1:3 JSON has no comments; the first one is on line 1, column 3"},
		{"# a\n{}", "syntax", "1:1 JSON has no comments; the first one is on line 1, column 1"},
		{"{} // done", "syntax", "1:4 JSON has no comments; the first one is on line 1, column 4"},
		{`{"a":1,}`, "syntax", "1:7 there is a comma behind the last one; JSON wants none there"},
		{`[1,]`, "syntax", "1:3 there is a comma behind the last one; JSON wants none there"},
		{`{'a':1}`, "syntax", "1:2 text and keys go in double quotes in JSON, not in single ones"},
		{`{a:1}`, "syntax", "1:2 the key a is not in double quotes"},
		{`{"a":NaN}`, "syntax", "1:6 NaN is no number of JSON"},
		{`{"a":-Infinity}`, "syntax", "1:7 a number begins with a digit"},
		{`{"a":True}`, "syntax", "1:6 True is written in small letters in JSON"},
		{`{"a":undefined}`, "syntax", "1:6 undefined is not JSON"},
		{`{"a":007}`, "syntax", "1:6 a number may not begin with 0"},
		{`{"a":+5}`, "syntax", "1:6 a number begins with a digit or a minus sign"},
		{`{"a":5.}`, "syntax", "1:8 a digit is missing behind the decimal point"},
		{`{"a":1,"a":2}`, "duplicate_key", `1:8 the key "a" stands twice in one object`},
		{`<html>`, "syntax", "1:1 this is HTML or XML, not JSON"},
		{`id=5&status=won`, "syntax", "1:1 this looks like form data, not JSON"},
		{`{"a":"é` + "\xff" + `"}`, "bad_text", "1:8 byte 9 (0xff) is not valid UTF-8"},
		{`"\ud800"`, "bad_text", `1:2 \ud800 is half of a surrogate pair; it is no character`},
		{`"\ude00"`, "bad_text", `1:2 \ude00 is half of a surrogate pair; it is no character`},
		{`"\ud800\ud800"`, "bad_text", `1:2 \ud800 is half of a surrogate pair; it is no character`},
		{`"a\u0000"`, "bad_text", "1:3 the character U+0000 is not taken"},
		{"\"a\x00\"", "bad_text", "1:3 the character U+0000 is not taken"},
		{"\"a\tb\"", "syntax", "1:3 the control character U+0009 stands in a text"},
		{"\"a\nb\"", "syntax", "1:3 a text is not closed at the end of its line"},
		{`"a`, "syntax", "1:1 the text that begins here is not closed"},
		{`{"a":1`, "syntax", "1:7 the JSON ends too early; ',' or '}' is missing"},
		{`{} {}`, "syntax", "1:4 there is more behind the end of the JSON value"},
		{`[1 2]`, "syntax", `1:4 "2" is not expected here; ',' or ']' is`},
		{strings.Repeat("[", 65), "too_deep", "1:65 lists and objects are nested too deeply here; at most 64 levels are taken"},
		{strings.Repeat("1", 1001), "too_long", "1:1 the number has more than 1,000 digits"},
		{`1e1000`, "too_long", "1:1 the number has more than 1,000 digits"},
		{`1e99999999999999999999`, "too_long", "1:1 the number has more than 1,000 digits"},
		{`1e-99999999999999999999`, "too_long", "1:1 the number has more than 1,000 digits"},
	} {
		_, err := value.ParseJSON([]byte(c.in), value.Limits{})
		if err == nil {
			t.Errorf("%q is taken", c.in)
			continue
		}
		got := strings.TrimPrefix(strings.Replace(strings.Replace(err.Error(), "line ", "", 1), ", column ", ":", 1), " ")
		got = strings.Replace(got, ": ", " ", 1)
		if got != c.want || err.Code != c.code {
			t.Errorf("%q:\n got %s (%s)\nwant %s (%s)", c.in, got, err.Code, c.want, c.code)
		}
	}
	if _, err := value.ParseJSON(make([]byte, 11), value.Limits{Bytes: 10}); err == nil || err.Code != value.TooLarge {
		t.Errorf("11 bytes with a limit of 10: %v", err)
	}
}

func TestWordsAreSentences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"a": yes}`: `"yes" is not expected here; a value is. Text goes in double quotes.`,
		`[1 2]`:      `"2" is not expected here; ',' or ']' is`,
	} {
		if _, err := value.ParseJSON([]byte(in), value.Limits{}); err == nil || err.Words() != want {
			t.Errorf("%s: %v; want %s", in, err, want)
		}
	}
}

func TestBigObjects(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("{")
	for i := range 200 {
		b.WriteString(`"k` + strings.Repeat("x", i) + `":` + strings.Repeat("1", 1+i%30) + ",")
	}
	whole := b.String() + `"last":null}`
	v, err := value.ParseJSON([]byte(whole), value.Limits{})
	if err != nil || v.String() != whole {
		t.Errorf("200 keys are read as %s, %v", v, err)
	}
	if got := v.Get("kxx").String(); got != "111" || v.Len() != 201 || !v.Get("nothing").IsNull() || !v.Has("last") {
		t.Errorf("kxx of 200 is %s", got)
	}
	if _, err := value.ParseJSON([]byte(b.String()+`"kxxx":1}`), value.Limits{}); err == nil || err.Code != value.DuplicateKey {
		t.Errorf("a key twice among 200: %v", err)
	}
}

// FuzzParseJSON holds the reader against the standard library's: what it takes, that takes too, with the same meaning.
func FuzzParseJSON(f *testing.F) {
	for _, seed := range []string{payload, `{"a":[1,-2.5e3,true,null,"\u00e9\n"]}`, `[[[]]]`, `"\ud83d\ude00"`, `{"a":1,"a":2}`, `1e400`, "// x"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, fail := value.ParseJSON(data, value.Limits{})
		trimmed := bytes.TrimPrefix(data, []byte("\ufeff"))
		if fail != nil {
			if fail.Message == "" || fail.Line < 1 || fail.Column < 1 {
				t.Fatalf("%+v", fail)
			}
			if fail.Code == value.Syntax && json.Valid(trimmed) {
				t.Fatalf("%q is JSON, and was refused: %v", data, fail)
			}
			return
		}
		var want, got any
		if err := unmarshal(trimmed, &want); err != nil {
			t.Fatalf("%q was taken, and is no JSON: %v", data, err)
		}
		canonical := v.AppendJSON(nil)
		if err := unmarshal(canonical, &got); err != nil {
			t.Fatalf("%q was written as %q: %v", data, canonical, err)
		}
		if !same(want, got) {
			t.Fatalf("%q was written as %q", data, canonical)
		}
		again, fail := value.ParseJSON(canonical, value.Limits{Bytes: 1 << 30})
		if fail != nil || !again.Equal(v) || again.String() != string(canonical) {
			t.Fatalf("%q does not come back: %v", canonical, fail)
		}
	})
}

func unmarshal(data []byte, to *any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	return d.Decode(to)
}

func same(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		n, ok := b.(json.Number)
		if !ok {
			return false
		}
		x, ok1 := new(big.Rat).SetString(a.String())
		y, ok2 := new(big.Rat).SetString(n.String())
		if !ok1 || !ok2 {
			return false
		}
		// Rounded at 20 decimals: off by half of the last one at most.
		diff := x.Sub(x, y)
		return diff.Abs(diff).Cmp(big.NewRat(1, 2).Mul(big.NewRat(1, 2), new(big.Rat).SetFrac(big.NewInt(1), new(big.Int).Exp(big.NewInt(10), big.NewInt(19), nil)))) <= 0
	case []any:
		l, ok := b.([]any)
		if !ok || len(l) != len(a) {
			return false
		}
		for i := range a {
			if !same(a[i], l[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		m, ok := b.(map[string]any)
		if !ok || len(m) != len(a) {
			return false
		}
		for k := range a {
			if !same(a[k], m[k]) {
				return false
			}
		}
		return true
	default:
		return a == b
	}
}

func decimal(t interface{ Fatalf(string, ...any) }, text string) value.Decimal {
	d, err := value.ParseDecimal(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

var numbers = rapid.StringMatching(`-?(0|[1-9][0-9]{0,37})(\.[0-9]{1,20})?`)

// Arithmetic is held against exact fractions.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		x, y := numbers.Draw(t, "x"), numbers.Draw(t, "y")
		a, b := decimal(t, x), decimal(t, y)
		ra, _ := new(big.Rat).SetString(x)
		rb, _ := new(big.Rat).SetString(y)
		if got, want := a.Cmp(b), ra.Cmp(rb); got != want {
			t.Fatalf("%s against %s is %d, want %d", x, y, got, want)
		}
		check := func(name string, got value.Decimal, err error, want *big.Rat, decimals int) {
			rounded := roundRat(want, decimals)
			tooBig := new(big.Rat).Abs(rounded).Cmp(new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(38), nil))) >= 0
			if tooBig != (err != nil) {
				t.Fatalf("%s %s %s: error %v, too big %v", x, name, y, err, tooBig)
			}
			if err == nil {
				r, _ := new(big.Rat).SetString(got.String())
				if r.Cmp(rounded) != 0 {
					t.Fatalf("%s %s %s is %s, want %s", x, name, y, got, rounded.FloatString(20))
				}
			}
		}
		sum, err := a.Add(b)
		check("+", sum, err, new(big.Rat).Add(ra, rb), 20)
		diff, err := a.Sub(b)
		check("-", diff, err, new(big.Rat).Sub(ra, rb), 20)
		product, err := a.Mul(b)
		check("*", product, err, new(big.Rat).Mul(ra, rb), 20)
		if rb.Sign() != 0 {
			quotient, err := a.Div(b)
			check("/", quotient, err, new(big.Rat).Quo(ra, rb), 12)
		}
		decimals := rapid.IntRange(-20, 20).Draw(t, "decimals")
		round, err := a.Round(decimals, value.HalfEven)
		check("round", round, err, ra, decimals)
	})
}

func roundRat(r *big.Rat, decimals int) *big.Rat {
	unit := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(decimals, -decimals))), nil))
	if decimals < 0 {
		unit.Inv(unit)
	}
	x := new(big.Rat).Mul(r, unit)
	q, m := new(big.Int).DivMod(x.Num(), x.Denom(), new(big.Int))
	switch m.Lsh(m, 1).Cmp(x.Denom()) {
	case 1:
		q.Add(q, big.NewInt(1))
	case 0:
		if q.Bit(0) == 1 {
			q.Add(q, big.NewInt(1))
		}
	}
	return new(big.Rat).Quo(new(big.Rat).SetInt(q), unit)
}

func TestRounding(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in       string
		decimals int
		how      value.Rounding
		want     string
	}{
		{"2.345", 2, value.HalfUp, "2.35"},
		{"-2.345", 2, value.HalfUp, "-2.35"},
		{"2.345", 2, value.HalfEven, "2.34"},
		{"-2.341", 2, value.Floor, "-2.35"},
		{"-2.349", 2, value.Ceiling, "-2.34"},
		{"2.341", 2, value.Ceiling, "2.35"},
		{"1250", -2, value.HalfEven, "1200"},
		{"1250", -2, value.HalfUp, "1300"},
		{"4", -1, value.HalfUp, "0"},
		{"7", 3, value.HalfUp, "7"},
	} {
		got, err := decimal(t, c.in).Round(c.decimals, c.how)
		if err != nil || got.String() != c.want {
			t.Errorf("%s at %d is %s, %v; want %s", c.in, c.decimals, got, err, c.want)
		}
	}
}

type entity struct{ noun, id string }

func (e entity) Noun() string             { return e.noun }
func (e entity) ExternalID() string       { return e.id }
func (e entity) Field(string) value.Value { return value.Null() }

func TestEqual(t *testing.T) {
	t.Parallel()
	parse := func(s string) value.Value {
		v, err := value.ParseJSON([]byte(s), value.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`null`, `null`, true}, {`null`, `""`, false}, {`5`, `"5"`, true}, {`5`, `"5.0"`, false}, {`5`, `"05"`, false},
		{`"5"`, `5.0`, true}, {`-1.50`, `"-1.5"`, true}, {`true`, `"true"`, false}, {`1`, `true`, false},
		{`[1,"2"]`, `["1",2]`, true}, {`[1]`, `[1,null]`, false}, {`{"a":1}`, `{"b":null,"a":"1"}`, true},
		{`{"a":1}`, `{"a":1,"b":2}`, false}, {`"a"`, `"A"`, false}, {`[]`, `{}`, false},
		{`12345678901234567890123`, `"12345678901234567890123"`, true},
	} {
		if got := parse(c.a).Equal(parse(c.b)); got != c.want {
			t.Errorf("%s equals %s: %v", c.a, c.b, got)
		}
		if got := parse(c.b).Equal(parse(c.a)); got != c.want {
			t.Errorf("%s equals %s: %v", c.b, c.a, got)
		}
	}
	a := value.Ref(entity{"agent", "7"})
	if !a.Equal(value.Ref(entity{"agent", "7"})) || a.Equal(value.Ref(entity{"team", "7"})) || a.Equal(value.Text("7")) {
		t.Error("references are equal by noun and external_id")
	}
	if got, want := a.String(), `{"noun":"agent","external_id":"7"}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if value.Moment(0).Equal(value.Int(0)) || !value.Moment(5).Equal(value.Moment(5)) {
		t.Error("moments are equal by instant")
	}
}

func TestMoments(t *testing.T) {
	t.Parallel()
	for micros, want := range map[int64]string{
		0: `"1970-01-01T00:00:00Z"`, 1_500_000: `"1970-01-01T00:00:01.5Z"`, -1: `"1969-12-31T23:59:59.999999Z"`,
		value.MinMoment: `"0001-01-01T00:00:00Z"`, value.MaxMoment: `"9999-12-31T23:59:59.999999Z"`,
		1765393200_000100: `"2025-12-10T19:00:00.0001Z"`,
	} {
		if got := value.Moment(micros).String(); got != want {
			t.Errorf("%d is %s, want %s", micros, got, want)
		}
	}
}

func TestDateOf(t *testing.T) {
	t.Parallel()
	for days := int64(-719162); days < 2932897; days += 13 { // years 1 to 9999
		year, month, day := value.DateOf(days)
		want := time.Unix(days*86400, 0).UTC()
		if year != want.Year() || month != int(want.Month()) || day != want.Day() {
			t.Fatalf("day %d is %d-%d-%d, want %s", days, year, month, day, want)
		}
	}
}

// Deep objects are compared in time that grows with their size: comparing each level twice would never end here.
func TestEqualOfDeepObjects(t *testing.T) {
	t.Parallel()
	deep := func(leaf value.Value) value.Value {
		for range 200 {
			leaf = value.Object([]value.Member{{Key: "a", Value: leaf}, {Key: "b"}})
		}
		return leaf
	}
	if one, other := deep(value.Int(1)), deep(value.Int(2)); !one.Equal(deep(value.Int(1))) || one.Equal(other) || other.Equal(one) {
		t.Error("deep objects are not compared by what they hold")
	}
}
