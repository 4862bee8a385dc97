package shape

import (
	_ "embed" // words.txt
	"strings"
)

//go:embed words.txt
var wordsText string

// words are the lists of words.txt by their names.
var words = readWords(wordsText)

// The lists. Keys are compared as plainKey writes them.
var (
	particles     = words["particles"]
	organisations = words["organisations"]
	givenNames    = words["given names"]
	agents        = words["agents"]
	customers     = words["customers"]
	things        = words["things"]
	emailKeys     = words["email keys"]
	phoneKeys     = words["phone keys"]
	nameKeys      = words["name keys"]
	plainNameKeys = words["plain name keys"]
	addressKeys   = words["address keys"]
	postcodeKeys  = words["postcode keys"]
	birthKeys     = words["birth keys"]
	otherKeys     = words["other personal keys"]
)

func readWords(text string) map[string]map[string]bool {
	lists := map[string]map[string]bool{}
	var list map[string]bool
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			list = map[string]bool{}
			lists[strings.Trim(line, "[]")] = list
		default:
			for w := range strings.FieldsSeq(line) {
				list[w] = true
			}
		}
	}
	return lists
}
