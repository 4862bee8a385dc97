package text

import (
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// readJSON reads a file of JSON.
func readJSON(data []byte) (value.Value, []tree.Problem) {
	v, err := value.ParseJSON(data, tree.ParseLimits)
	if err == nil {
		return v, nil
	}
	code := tree.Syntax
	if err.Code == value.TooLarge || err.Code == value.TooDeep {
		code = tree.TooLarge
	}
	hint := err.Hint
	switch {
	case hint != "":
	case code == tree.TooLarge:
		hint = "Split the spec."
	default:
		hint = "Look at this place and before it: a comma or quote that is missing, a bracket that is not closed."
	}
	return v, []tree.Problem{{Code: code, Severity: tree.Error, Message: err.Message, Hint: hint, Line: err.Line, Column: err.Column}}
}

// jsonFile is a JSON text that has been read without error, with the places of all keys and values.
func jsonFile(source string) *sourceFile {
	s := jsonScanner{sourceFile: newFile(plainLines(source))}
	s.json = true
	s.space()
	s.member(nil)
	return s.sourceFile
}

type jsonScanner struct {
	*sourceFile
	at int
}

func (s *jsonScanner) space() { s.at = tree.SkipSpace(s.source, s.at) }

// value notes a value and all within it. The key, if it has one, is at an offset.
func (s *jsonScanner) value(path []string, key int) {
	s.space()
	n := len(s.entries)
	s.byPath[pointerOf(path)] = n
	s.entries = append(s.entries, entry{path: path, key: s.spotAt(key), value: s.spotAt(s.at), at: s.at, flow: true})
	s.member(path)
	switch s.source[s.entries[n].at] {
	case '{', '[':
	case '"':
		s.entries[n].style = double
	default:
		s.entries[n].style, s.entries[n].plain = plain, s.source[s.entries[n].at:s.at]
	}
}

func (s *jsonScanner) member(path []string) {
	switch s.source[s.at] {
	case '{':
		for s.step('}') {
			key := s.at
			name := s.text()
			s.space()
			s.at++ // :
			s.value(child(path, name), key)
		}
	case '[':
		for n := 0; s.step(']'); n++ {
			s.value(child(path, itoa(n)), s.at)
		}
	case '"':
		s.text()
	default:
		for s.at < len(s.source) && !strings.ContainsRune(",]} \t\r\n", rune(s.source[s.at])) {
			s.at++
		}
	}
}

// step goes over the opening bracket or a comma to the next member, and over the closing bracket when there is none.
func (s *jsonScanner) step(closing byte) bool {
	s.space()
	if s.source[s.at] != closing {
		s.at++ // the opening bracket or a comma
		s.space()
	}
	if s.source[s.at] == closing {
		s.at++
		return false
	}
	return true
}

func (s *jsonScanner) text() string {
	text, end, err := tree.ScanText(s.source, s.at)
	if err != nil {
		s.at = len(s.source)
		return ""
	}
	s.at = end
	return text
}

// jsonTextOffset is the byte of the file that holds byte k of the text whose quote is at an offset.
func jsonTextOffset(source string, at, k int) int {
	if source[at] != '"' {
		return at
	}
	i := at + 1
	for k > 0 && i < len(source) && source[i] != '"' {
		if source[i] != '\\' {
			i++
			k--
			continue
		}
		size := 2
		if source[i+1] == 'u' {
			size = 6
			if strings.HasPrefix(source[i:], `\ud`) || strings.HasPrefix(source[i:], `\uD`) {
				size = 12
			}
		}
		text, _, err := tree.ScanText(`"`+source[i:min(i+size, len(source))]+`"`, 0)
		if err != nil {
			size, text = 6, "?"
		}
		if !utf8.ValidString(text) || text == "" {
			text = "?"
		}
		i += size
		k -= len(text)
	}
	return i
}
