package guide

import (
	"html/template"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// hit is a section that has all the words looked for.
type hit struct {
	Page, Title, Path string
	Text              template.HTML // around the first of them
	rank              int
}

// Limits of a search.
const (
	mostHits  = 40
	mostQuery = 200 // bytes
	around    = 90  // bytes shown before and after
)

// search finds the sections with all words of a query, or the beginning of words; those with them in the heading first.
func (b *book) search(query string) []hit {
	if len(query) > mostQuery {
		query = query[:mostQuery]
	}
	wanted := strings.Fields(folded(query))
	if len(wanted) == 0 {
		return nil
	}
	var hits []hit
	for _, p := range b.pages {
		for _, s := range p.text {
			title, body := folded(s.Title), folded(s.plain)
			rank := 0
			for _, word := range wanted {
				switch {
				case title == word:
					rank += 6
				case strings.Contains(title, word):
					rank += 3
				case strings.Contains(body, word):
					rank++
				default:
					rank = -1 << 20
				}
			}
			if rank <= 0 {
				continue
			}
			if s.Level == 1 {
				rank++
			}
			path := "/docs/" + b.Lang + "/" + p.Slug
			if s.Level > 1 {
				path += "#" + s.ID
			}
			hits = append(hits, hit{Page: p.Title, Title: s.Title, Path: path, Text: snippet(s.plain, wanted[0]), rank: rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.rank - a.rank })
	return hits[:min(len(hits), mostHits)]
}

// folded is text without case and accents, letter by letter, so that places in it are places in no other text.
func folded(s string) string {
	var out strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			out.WriteRune(unicode.ToLower(r))
		}
	}
	return out.String()
}

// snippet is the text around a word, with the word marked.
func snippet(s, word string) template.HTML {
	escape := template.HTMLEscapeString
	at := strings.Index(strings.ToLower(s), word)
	if at < 0 || at+len(word) > len(s) { // in the heading, or with an accent
		return template.HTML(escape(cut(s, 0, 2*around))) //nolint:gosec // escaped
	}
	before, after := cut(s, max(0, at-around), at), cut(s, at+len(word), at+len(word)+around)
	return template.HTML(escape(before) + "<mark>" + escape(s[at:at+len(word)]) + "</mark>" + escape(after)) //nolint:gosec // escaped
}

// cut is the text between two places, moved to whole letters.
func cut(s string, from, to int) string {
	out := s[min(from, len(s)):min(to, len(s))]
	return strings.ToValidUTF8(out, "")
}
