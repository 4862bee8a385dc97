package value

import (
	"fmt"
	"math/big"
	"strings"
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// Limits of ParseJSON. A zero field means its default: 1 MiB, a depth of 64.
type Limits struct {
	Bytes int
	Depth int // of lists and objects
}

// The defaults of Limits.
const (
	DefaultBytes = 1 << 20
	DefaultDepth = 64
)

// Codes of a SyntaxError.
const (
	Syntax       = "syntax"        // no JSON
	TooLarge     = "too_large"     // over the limit of bytes
	TooDeep      = "too_deep"      // over the limit of depth
	DuplicateKey = "duplicate_key" // one key twice in an object
	BadText      = "bad_text"      // no UTF-8, half a surrogate pair, U+0000
	TooLong      = "too_long"      // a number of more than 1,000 digits
)

// SyntaxError says why ParseJSON refused its input, for the person who sent it. Line and Column count from 1, Column in
// characters; Offset counts bytes from 0.
type SyntaxError struct {
	Offset   int
	Line     int
	Column   int
	Code     string
	Expected string // what could have stood there, in words; may be empty
	Message  string // what is wrong, in words
	Hint     string // what to do; may be empty
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// Words is what is wrong and what to do, without the place: for those who name the place themselves.
func (e *SyntaxError) Words() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + ". " + e.Hint
}

const byteOrderMark = "\ufeff"

// ParseJSON reads exactly one JSON value, strictly: valid UTF-8, keys of an object all different and as written, no
// half surrogate pairs and no U+0000, every digit of a number counted, nothing after the value. A byte order mark at
// the start is dropped. It copies data, once; all texts of the value share that copy.
func ParseJSON(data []byte, limits Limits) (Value, *SyntaxError) {
	if limits.Bytes == 0 {
		limits.Bytes = DefaultBytes
	}
	if limits.Depth == 0 {
		limits.Depth = DefaultDepth
	}
	if len(data) > limits.Bytes {
		return Value{}, &SyntaxError{Offset: limits.Bytes, Line: 1, Column: 1, Code: TooLarge,
			Message: fmt.Sprintf("the JSON has %d bytes, and %d are allowed", len(data), limits.Bytes),
			Hint:    "Send less at a time."}
	}
	r := reader{text: string(data), limit: limits.Depth, depth: limits.Depth}
	// Each member has a colon: there is room for all in one block, unless somebody sends nothing but colons.
	r.members.all = make([]Member, min(strings.Count(r.text, ":"), biggestGuess))
	r.members.done = len(r.members.all)
	if !utf8.ValidString(r.text) {
		return Value{}, r.notUTF8()
	}
	if strings.HasPrefix(r.text, byteOrderMark) {
		r.at = len(byteOrderMark)
	}
	v, ok := r.value()
	if ok {
		r.space()
		if r.at == len(r.text) {
			return v, nil
		}
		r.trailing()
	}
	return Value{}, r.fail
}

// reader reads one text.
type reader struct {
	text    string
	at      int
	limit   int // of containers in one another
	depth   int // containers that may still be opened
	members block[Member]
	items   block[Value]
	fail    *SyntaxError
}

// block gathers the members or items of containers that are still open from its front, and keeps those of closed ones
// at its back, so that a payload costs one allocation for all of them.
type block[T any] struct {
	all  []T
	open int // how many are gathered
	done int // where the closed ones begin
}

const (
	smallestBlock = 4
	biggestGuess  = 1024
	linearKeys    = 16 // up to here keys are looked for one by one
)

func (b *block[T]) push(v T) {
	if b.open == b.done {
		bigger := make([]T, 2*b.open+smallestBlock)
		copy(bigger, b.all[:b.open])
		b.all, b.done = bigger, len(bigger)
	}
	b.all[b.open] = v
	b.open++
}

// close takes what was gathered since base.
func (b *block[T]) close(base int) []T {
	n := b.open - base
	b.done -= n
	closed := b.all[b.done : b.done+n : b.done+n]
	copy(closed, b.all[base:b.open])
	b.open = base
	return closed
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\n', '\t', '\r':
			r.at++
		default:
			return
		}
	}
}

func (r *reader) value() (Value, bool) {
	r.space()
	if r.at == len(r.text) {
		return r.unexpected("a value")
	}
	switch c := r.text[r.at]; c {
	case '"':
		s, ok := r.string()
		return Text(s), ok
	case '{':
		return r.object()
	case '[':
		return r.list()
	case 't':
		return r.word("true", Bool(true))
	case 'f':
		return r.word("false", Bool(false))
	case 'n':
		return r.word("null", Value{})
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return r.number()
		}
		return r.unexpected("a value")
	}
}

func (r *reader) word(word string, v Value) (Value, bool) {
	if strings.HasPrefix(r.text[r.at:], word) && !isWordByte(r.text, r.at+len(word)) {
		r.at += len(word)
		return v, true
	}
	return r.unexpected("a value")
}

func isWordByte(s string, at int) bool {
	if at >= len(s) {
		return false
	}
	c := s[at]
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
}

func (r *reader) number() (Value, bool) {
	n := scanNumber(r.text[r.at:])
	if n.problem == "" && isWordByte(r.text, r.at+n.end) {
		n.problem = "this is no number; text goes in double quotes"
	}
	if n.problem != "" {
		return r.refuse(r.at+n.end, Syntax, "a number", n.problem, n.hint)
	}
	v, problem := n.value(r.text[r.at:])
	if problem != "" {
		return r.refuse(r.at, TooLong, "a number", problem, "")
	}
	r.at += n.end
	return v, true
}

func (r *reader) list() (Value, bool) {
	if !r.open() {
		return Value{}, false
	}
	base := r.items.open
	r.at++
	r.space()
	if r.at < len(r.text) && r.text[r.at] == ']' {
		r.at++
		r.depth++
		return List(nil), true
	}
	for {
		v, ok := r.value()
		if !ok {
			return Value{}, false
		}
		r.items.push(v)
		r.space()
		if r.at == len(r.text) {
			return r.unexpected("',' or ']'")
		}
		switch r.text[r.at] {
		case ',':
			r.at++
			r.space()
			if r.at < len(r.text) && r.text[r.at] == ']' {
				return r.trailingComma()
			}
		case ']':
			r.at++
			r.depth++
			return List(r.items.close(base)), true
		default:
			return r.unexpected("',' or ']'")
		}
	}
}

func (r *reader) object() (Value, bool) {
	if !r.open() {
		return Value{}, false
	}
	base := r.members.open
	var seen map[string]int // of a wide object
	r.at++
	r.space()
	if r.at < len(r.text) && r.text[r.at] == '}' {
		r.at++
		r.depth++
		return Object(nil), true
	}
	for {
		r.space()
		if r.at == len(r.text) || r.text[r.at] != '"' {
			return r.unexpected("a key in double quotes")
		}
		start := r.at
		key, ok := r.string()
		if !ok {
			return Value{}, false
		}
		if r.isTaken(key, base, &seen) {
			return r.refuse(start, DuplicateKey, "", fmt.Sprintf("the key %q stands twice in one object", clip(key)), "Leave one of them out.")
		}
		r.space()
		if r.at == len(r.text) || r.text[r.at] != ':' {
			return r.unexpected("':'")
		}
		r.at++
		v, ok := r.value()
		if !ok {
			return Value{}, false
		}
		r.members.push(Member{Key: key, Value: v})
		r.space()
		if r.at == len(r.text) {
			return r.unexpected("',' or '}'")
		}
		switch r.text[r.at] {
		case ',':
			r.at++
			r.space()
			if r.at < len(r.text) && r.text[r.at] == '}' {
				return r.trailingComma()
			}
		case '}':
			r.at++
			r.depth++
			return object(r.members.close(base), seen), true
		default:
			return r.unexpected("',' or '}'")
		}
	}
}

func object(members []Member, index map[string]int) Value {
	if index == nil {
		return Object(members)
	}
	return Value{is: word(KindObject) | isWide, n: int64(len(members)), p: unsafe.Pointer(&wideObject{members, index})}
}

// isTaken reports whether the object that began at base has the key; of a wide one the keys are kept in seen.
func (r *reader) isTaken(key string, base int, seen *map[string]int) bool {
	members := r.members.all[base:r.members.open]
	if len(members) < linearKeys {
		for i := range members {
			if members[i].Key == key {
				return true
			}
		}
		return false
	}
	if *seen == nil {
		*seen = make(map[string]int, 4*linearKeys)
		for i := range members {
			(*seen)[members[i].Key] = i
		}
	}
	if _, ok := (*seen)[key]; ok {
		return true
	}
	(*seen)[key] = len(members)
	return false
}

func (r *reader) open() bool {
	if r.depth == 0 {
		r.refuse(r.at, TooDeep, "", fmt.Sprintf("lists and objects are nested too deeply here; at most %d levels are taken", r.limit), "Send flatter data.")
		return false
	}
	r.depth--
	return true
}

// plain has the bytes of a string that mean themselves.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return t
}()

func (r *reader) string() (string, bool) {
	start := r.at + 1
	i := start
	for i < len(r.text) && plain[r.text[i]] {
		i++
	}
	if i < len(r.text) && r.text[i] == '"' {
		r.at = i + 1
		return r.text[start:i], true
	}
	return r.escaped(start, i)
}

// escaped reads a string that does not end where plain bytes do: r.text[start:i] is plain.
func (r *reader) escaped(start, i int) (string, bool) {
	out := append(make([]byte, 0, i-start+32), r.text[start:i]...)
	for i < len(r.text) {
		c := r.text[i]
		switch {
		case c == '"':
			r.at = i + 1
			return string(out), true
		case c == '\\':
			next, ok := r.escape(&out, i)
			if !ok {
				return "", false
			}
			i = next
		case c == 0:
			r.refuse(i, BadText, "", "the character U+0000 is not taken", "Leave it out: no database and no screen can show it.")
			return "", false
		case c == '\n' || c == '\r':
			r.refuse(i, Syntax, "a closing double quote", "a text is not closed at the end of its line", `Close it with a double quote, or write a line break within it as \n.`)
			return "", false
		case c < ' ':
			r.refuse(i, Syntax, "", fmt.Sprintf("the control character U+%04X stands in a text", c), fmt.Sprintf(`Write it as \u%04x.`, c))
			return "", false
		default:
			out = append(out, c)
			i++
		}
	}
	r.refuse(start-1, Syntax, "a closing double quote", "the text that begins here is not closed", "Close it with a double quote.")
	return "", false
}

// escape reads the escape at i and gives the place behind it.
func (r *reader) escape(out *[]byte, i int) (int, bool) {
	if i+1 == len(r.text) {
		r.refuse(i, Syntax, "an escape", "the text ends in the middle of an escape", "")
		return 0, false
	}
	switch c := r.text[i+1]; c {
	case '"', '\\', '/':
		*out = append(*out, c)
	case 'b':
		*out = append(*out, '\b')
	case 'f':
		*out = append(*out, '\f')
	case 'n':
		*out = append(*out, '\n')
	case 'r':
		*out = append(*out, '\r')
	case 't':
		*out = append(*out, '\t')
	case 'u':
		return r.unicode(out, i)
	default:
		c, _ := utf8.DecodeRuneInString(r.text[i+1:])
		r.refuse(i, Syntax, `one of \" \\ \/ \b \f \n \r \t \u`, fmt.Sprintf(`\%c is no escape of JSON`, c), `A backslash itself is written \\.`)
		return 0, false
	}
	return i + 2, true
}

func (r *reader) unicode(out *[]byte, i int) (int, bool) {
	first, ok := hex4(r.text, i)
	if !ok {
		r.refuse(i, Syntax, "four hexadecimal digits", `\u is followed by four hexadecimal digits`, "")
		return 0, false
	}
	switch {
	case first == 0:
		r.refuse(i, BadText, "", "the character U+0000 is not taken", "Leave it out: no database and no screen can show it.")
		return 0, false
	case first >= 0xd800 && first < 0xdc00:
		second, ok := hex4(r.text, i+6)
		if ok && second >= 0xdc00 && second < 0xe000 {
			*out = utf8.AppendRune(*out, (first-0xd800)<<10+(second-0xdc00)+0x10000)
			return i + 12, true
		}
		fallthrough
	case first >= 0xd800 && first < 0xe000:
		r.refuse(i, BadText, "", fmt.Sprintf(`\u%04x is half of a surrogate pair; it is no character`, first), "The sender cut a text in the middle of a character (an emoji, often).")
		return 0, false
	}
	*out = utf8.AppendRune(*out, first)
	return i + 6, true
}

// hex4 reads \uXXXX at i.
func hex4(s string, i int) (rune, bool) {
	if i+6 > len(s) || s[i] != '\\' || s[i+1] != 'u' {
		return 0, false
	}
	var n rune
	for _, c := range []byte(s[i+2 : i+6]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		n = n<<4 | rune(c)
	}
	return n, true
}

// numeral is a number as it stands in a text: -whole.fraction e exponent.
type numeral struct {
	end           int // behind the number; with a problem, where it is
	whole, point  int // where the whole digits begin, and where they end
	fraction      int // where the fraction's digits end; point when there is none
	exponent      int
	problem, hint string
}

func digitsFrom(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// scanNumber finds the number at the start of s.
func scanNumber(s string) numeral {
	var n numeral
	i := 0
	if i < len(s) && s[i] == '-' {
		i++
	}
	n.whole = i
	i = digitsFrom(s, i)
	n.point, n.fraction, n.end = i, i, i
	if i == n.whole {
		n.problem = "a number begins with a digit"
		return n
	}
	if s[n.whole] == '0' && i-n.whole > 1 {
		n.end = n.whole
		n.problem = "a number may not begin with 0"
		n.hint = "Put it in double quotes to keep the zeros, or leave them out."
		return n
	}
	if i < len(s) && s[i] == '.' {
		n.fraction = digitsFrom(s, i+1)
		n.end = n.fraction
		if n.fraction == i+1 {
			n.problem = "a digit is missing behind the decimal point"
			return n
		}
		i = n.fraction
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		negative := i < len(s) && s[i] == '-'
		if i < len(s) && (s[i] == '-' || s[i] == '+') {
			i++
		}
		start := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			n.exponent = min(n.exponent*10+int(s[i]-'0'), 1<<24) // far over the limit of digits, far from overflow
			i++
		}
		n.end = i
		if i == start {
			n.problem = "a digit is missing in the exponent"
			return n
		}
		if negative {
			n.exponent = -n.exponent
		}
	}
	return n
}

const tooManyDigits = "the number has more than 1,000 digits"

// value computes the numeral that was found at the start of s.
func (n numeral) value(s string) (Value, string) {
	whole := s[n.whole:n.point]
	fraction := ""
	if n.fraction > n.point {
		fraction = s[n.point+1 : n.fraction]
	}
	negative := s[0] == '-'
	if n.exponent == 0 && len(whole)+len(fraction) <= smallDigits {
		var c int64
		for i := range len(whole) {
			c = c*10 + int64(whole[i]-'0')
		}
		for i := range len(fraction) {
			c = c*10 + int64(fraction[i]-'0')
		}
		if negative {
			c = -c
		}
		return Number(small(c, len(fraction))), ""
	}
	// Written out, the number has the digits it has, and the zeros that the exponent adds on either side.
	digits := strings.TrimLeft(whole+fraction, "0")
	scale := len(fraction) - n.exponent
	switch {
	case len(whole)+len(fraction) > maxDigits:
		return Value{}, tooManyDigits
	case digits == "":
		return Int(0), ""
	case scale < 0 && len(digits)-scale > maxDigits, scale > maxDigits:
		return Value{}, tooManyDigits
	}
	c, _ := new(big.Int).SetString(digits, 10)
	if scale < 0 {
		c.Mul(c, bigPow10(-scale))
		scale = 0
	}
	if negative {
		c.Neg(c)
	}
	d := fixed(c, scale, MaxScale)
	v := Number(d)
	if scale > MaxScale && len(strings.TrimRight(digits, "0")) > len(digits)-(scale-MaxScale) {
		v.is |= isRounded
	}
	return v, ""
}

// refuse records what is wrong, once.
func (r *reader) refuse(at int, code, expected, message, hint string) (Value, bool) {
	if r.fail == nil {
		line, column := place(r.text, at)
		r.fail = &SyntaxError{Offset: at, Line: line, Column: column, Code: code, Expected: expected, Message: message, Hint: hint}
	}
	return Value{}, false
}

func place(text string, at int) (line, column int) {
	before := strings.TrimPrefix(text[:at], byteOrderMark)
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

func (r *reader) notUTF8() *SyntaxError {
	at := 0
	for at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[at:])
		if c == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	hint := "Send the body in UTF-8."
	if strings.HasPrefix(r.text, "\xff\xfe") || strings.HasPrefix(r.text, "\xfe\xff") {
		hint = "It looks like UTF-16. Send the body in UTF-8."
	}
	r.refuse(at, BadText, "UTF-8", fmt.Sprintf("byte %d (0x%02x) is not valid UTF-8", at+1, r.text[at]), hint)
	return r.fail
}

func (r *reader) trailing() {
	if r.comment() {
		return
	}
	r.refuse(r.at, Syntax, "nothing", "there is more behind the end of the JSON value", "Send one value at a time; several go in one array: [ … , … ].")
}

func (r *reader) trailingComma() (Value, bool) {
	comma := strings.LastIndexByte(r.text[:r.at], ',')
	return r.refuse(comma, Syntax, "another member", "there is a comma behind the last one; JSON wants none there", "Take the comma out.")
}

// comment refuses a comment, if one stands here.
func (r *reader) comment() bool {
	rest := r.text[r.at:]
	if !strings.HasPrefix(rest, "//") && !strings.HasPrefix(rest, "/*") && !strings.HasPrefix(rest, "#") {
		return false
	}
	line, column := place(r.text, r.at)
	r.refuse(r.at, Syntax, "", fmt.Sprintf("JSON has no comments; the first one is on line %d, column %d", line, column),
		"Take the comments out (in the documentation's samples they say what is required).")
	return true
}

// unexpected refuses what stands here and names the habit it comes from, where it knows it.
func (r *reader) unexpected(expected string) (Value, bool) {
	rest := r.text[r.at:]
	refuse := func(message, hint string) (Value, bool) {
		return r.refuse(r.at, Syntax, expected, message, hint)
	}
	start := strings.TrimSpace(strings.TrimPrefix(r.text[:r.at], byteOrderMark)) == ""
	switch {
	case rest == "" && start:
		return refuse("the body is empty", "Send one JSON value.")
	case rest == "":
		return refuse("the JSON ends too early; "+expected+" is missing", "Check that the whole body was sent.")
	case r.comment():
		return Value{}, false
	case rest[0] == '<' && start:
		return refuse("this is HTML or XML, not JSON", "Send JSON, with Content-Type: application/json.")
	case rest[0] == '\'':
		return refuse("text and keys go in double quotes in JSON, not in single ones", `Write "…" for '…'.`)
	case strings.HasPrefix(rest, "\u201c") || strings.HasPrefix(rest, "\u201d"):
		return refuse("text and keys go in straight double quotes in JSON, not in curly ones", `Write " for the curly quotes; a word processor made them.`)
	case rest[0] == '+' || rest[0] == '.':
		return refuse("a number begins with a digit or a minus sign", "Write 5 for +5, and 0.5 for .5.")
	case rest[0] == 0:
		return r.refuse(r.at, BadText, expected, "the character U+0000 is not taken", "Leave it out.")
	}
	if word := firstWord(rest); word != "" {
		return r.bareWord(word, expected, start)
	}
	c, _ := utf8.DecodeRuneInString(rest)
	return refuse(fmt.Sprintf("%q is not expected here; %s is", c, expected), "")
}

// bareWord refuses a bare word, by what the sender may have meant.
func (r *reader) bareWord(word, expected string, start bool) (Value, bool) {
	refuse := func(message, hint string) (Value, bool) {
		return r.refuse(r.at, Syntax, expected, message, hint)
	}
	rest := r.text[r.at+len(word):]
	switch strings.ToLower(word) {
	case "nan", "infinity", "inf":
		return refuse(word+" is no number of JSON", "Send null, or leave the key out.")
	case "true", "false", "null":
		return refuse(fmt.Sprintf("%s is written in small letters in JSON", word), "Write "+strings.ToLower(word)+".")
	case "none", "nil", "undefined":
		return refuse(word+" is not JSON", "Write null, or leave the key out.")
	}
	switch {
	case start && strings.HasPrefix(rest, "="):
		return refuse("this looks like form data, not JSON", "Send JSON, or say Content-Type: application/x-www-form-urlencoded.")
	case strings.HasPrefix(strings.TrimLeft(rest, " \t"), ":"):
		return refuse(fmt.Sprintf("the key %s is not in double quotes", clip(word)), fmt.Sprintf("Write %q.", clip(word)))
	}
	hint := ""
	if first, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(first) {
		hint = "Text goes in double quotes."
	}
	return refuse(fmt.Sprintf("%q is not expected here; %s is", clip(word), expected), hint)
}

func firstWord(s string) string {
	end := strings.IndexFunc(s, func(c rune) bool { return c != '_' && c != '-' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if end < 0 {
		return s
	}
	return s[:end]
}

// clip keeps a message readable.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}

func isBlank(s string) bool { return strings.TrimSpace(s) == "" }
