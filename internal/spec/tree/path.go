package tree

import (
	"errors"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Path is a variable and the steps from it: event.lines[0]["odd key"].
type Path struct {
	Root  string
	Steps []Step
}

// Step goes to a key of an object or an item of a list.
type Step struct {
	Key     string
	Index   int // from 0, where IsIndex
	IsIndex bool
}

// IsZero: there is no path.
func (p Path) IsZero() bool { return p.Root == "" }

// String is the one way a path is written.
func (p Path) String() string { return p.Prefix(len(p.Steps)) }

// Prefix is the path with only its first n steps.
func (p Path) Prefix(n int) string {
	if n == 0 {
		return p.Root
	}
	b := append(make([]byte, 0, 48), p.Root...)
	for _, s := range p.Steps[:n] {
		switch {
		case s.IsIndex:
			b = append(b, '[')
			b = strconv.AppendInt(b, int64(s.Index), 10)
			b = append(b, ']')
		case IsName(s.Key):
			b = append(b, '.')
			b = append(b, s.Key...)
		default:
			b = append(b, '[')
			b = value.AppendQuoted(b, s.Key)
			b = append(b, ']')
		}
	}
	return string(b)
}

// IsName says whether s is a name by the grammar of 1.3.
func IsName(s string) bool {
	if s == "" || len(s) > MaxName || s == "true" || s == "false" || s == "null" {
		return false
	}
	return nameEnd(s, 0) == len(s)
}

// nameEnd is where the name that begins at i ends; i where there is none.
func nameEnd(s string, i int) int {
	start := i
	for ; i < len(s); i++ {
		c := s[i]
		if c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > start && c >= '0' && c <= '9' {
			continue
		}
		break
	}
	return i
}

// PathError says why a path is none, with the byte offset of the place.
type PathError struct {
	Offset  int
	Message string
}

func (e *PathError) Error() string { return e.Message }

// ScanPath reads the path that begins at byte `at` of s and gives where it ends.
func ScanPath(s string, at int) (Path, int, error) {
	end := nameEnd(s, at)
	if root := s[at:end]; !IsName(root) {
		return Path{}, at, notName(root, at)
	}
	p := Path{Root: s[at:end]}
	for end < len(s) {
		switch s[end] {
		case '.':
			start := end + 1
			end = nameEnd(s, start)
			key := s[start:end]
			if !IsName(key) {
				return p, start, afterPoint(s, key, start)
			}
			p.Steps = append(p.Steps, Step{Key: key})
		case '[':
			step, next, err := scanBracket(s, end+1)
			if err != nil {
				return p, next, err
			}
			p.Steps = append(p.Steps, step)
			end = next
		default:
			return p, end, nil
		}
	}
	return p, end, nil
}

func notName(name string, at int) error {
	switch {
	case name == "":
		return &PathError{at, "a name belongs here"}
	case len(name) > MaxName:
		return &PathError{at, "a name has at most 64 characters"}
	}
	return &PathError{at, name + " is a value, not a name"}
}

func afterPoint(s, key string, at int) error {
	if key != "" {
		return &PathError{at, `write ["` + key + `"] for this key`}
	}
	if at < len(s) && s[at] >= '0' && s[at] <= '9' {
		return &PathError{at, "write an index in brackets: [0]"}
	}
	return &PathError{at, `a name belongs after the point; other keys go in brackets: ["odd key"]`}
}

func scanBracket(s string, at int) (Step, int, error) {
	at = SkipSpace(s, at)
	var step Step
	switch {
	case at < len(s) && s[at] == '"':
		text, end, err := ScanText(s, at)
		if err != nil {
			return step, end, err
		}
		step, at = Step{Key: text}, end
	case at < len(s) && s[at] >= '0' && s[at] <= '9':
		end := at
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		n, err := strconv.Atoi(s[at:end])
		if err != nil || n > 1<<31-1 || end > at+1 && s[at] == '0' {
			return step, at, &PathError{at, s[at:end] + " is no index; indexes are whole numbers from 0"}
		}
		step, at = Step{Index: n, IsIndex: true}, end
	case at < len(s) && s[at] == '-':
		return step, at, &PathError{at, "indexes are whole numbers from 0; last(…) gives the last item"}
	default:
		return step, at, &PathError{at, `an index or a key in double quotes belongs here; for a computed one use get(…)`}
	}
	at = SkipSpace(s, at)
	if at >= len(s) || s[at] != ']' {
		return step, at, &PathError{at, "] is missing"}
	}
	return step, at + 1, nil
}

// SkipSpace gives the first place from `at` that is no white space.
func SkipSpace(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '\r' || s[at] == '\n') {
		at++
	}
	return at
}

// ScanText reads the JSON string whose opening quote is at byte `at` and gives where it ends.
func ScanText(s string, at int) (string, int, error) {
	end := at + 1
	for end < len(s) && s[end] != '"' {
		if s[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(s) {
		return "", at, &PathError{at, "the closing double quote of this text is missing"}
	}
	end++
	v, err := value.ParseJSON([]byte(s[at:end]), value.Limits{})
	if err != nil {
		return "", at, &PathError{at + err.Offset, err.Message}
	}
	return v.Text(), end, nil
}

// PathHint is what helps whoever writes a path that is none.
const PathHint = `A path is a name, then .key, ["odd key"] or [0] for each step, as event.lines[0].price.`

// ParsePath reads a path and nothing else.
func ParsePath(s string) (Path, error) {
	p, end, err := ScanPath(s, 0)
	if err != nil {
		return Path{}, err
	}
	if end != len(s) {
		return Path{}, &PathError{end, "the path ends before " + strconv.Quote(s[end:])}
	}
	return p, nil
}

// PathOffset is the place a path error names, 0 for another error.
func PathOffset(err error) int {
	var e *PathError
	if errors.As(err, &e) {
		return e.Offset
	}
	return 0
}

func itoa(n int) string { return strconv.Itoa(n) }

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// escape makes a key fit for a JSON Pointer.
func escape(key string) string {
	if strings.ContainsAny(key, "~/") {
		return pointerEscape.Replace(key)
	}
	return key
}
