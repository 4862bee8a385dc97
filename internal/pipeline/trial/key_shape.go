package trial

import (
	"cmp"
	"regexp"
	"slices"
)

// keyShapes gathers the external ids that steps give their records.
type keyShapes map[keyStep]*keyed

type keyStep struct{ step, noun string }

type keyed struct {
	order int
	ids   []string
}

func (k keyShapes) add(step, noun, id string) {
	at := keyStep{step, noun}
	if k[at] == nil {
		k[at] = &keyed{order: len(k)}
	}
	k[at].ids = append(k[at].ids, id)
}

// fewShapes are so many that words in them still mean something; where there are more, they are data.
const fewShapes = 5

func (k keyShapes) shapes() []KeyShapes {
	var steps []keyStep
	for at := range k {
		steps = append(steps, at)
	}
	slices.SortFunc(steps, func(a, b keyStep) int { return cmp.Compare(k[a].order, k[b].order) })
	var all []KeyShapes
	for _, at := range steps {
		shapes := shapesOf(k[at].ids, outlineNumbers)
		if len(shapes) > fewShapes {
			shapes = shapesOf(k[at].ids, outlineWords)
		}
		all = append(all, KeyShapes{at.step, at.noun, shapes})
	}
	return all
}

func shapesOf(ids []string, outline func(string) string) []KeyShape {
	var shapes []KeyShape
	for _, id := range ids {
		shape := outline(id)
		if i := slices.IndexFunc(shapes, func(s KeyShape) bool { return s.Shape == shape }); i >= 0 {
			shapes[i].Times++
			continue
		}
		shapes = append(shapes, KeyShape{shape, 1, id})
	}
	slices.SortStableFunc(shapes, func(a, b KeyShape) int { return cmp.Compare(b.Times, a.Times) })
	return shapes
}

var (
	uuids      = regexp.MustCompile(`(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	pseudonyms = regexp.MustCompile(`psn[0-9]*_[a-z2-7]{26}`)
	digitRuns  = regexp.MustCompile(`[0-9]+`)
	wordRuns   = regexp.MustCompile(`\{n\}|\{id\}|\{pseudonym\}|\{date\}|\pL+`)
	dates      = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+(?:Z|[+-][0-9:]+)?)?`)
)

// outlineNumbers is an id with what is data in it left out: deal {n}.
func outlineNumbers(id string) string {
	id = uuids.ReplaceAllString(id, "{id}")
	id = pseudonyms.ReplaceAllString(id, "{pseudonym}")
	id = dates.ReplaceAllString(id, "{date}")
	return digitRuns.ReplaceAllString(id, "{n}")
}

// outlineWords leaves out words, too.
func outlineWords(id string) string {
	return wordRuns.ReplaceAllStringFunc(outlineNumbers(id), func(word string) string {
		if word[0] == '{' {
			return word
		}
		return "{text}"
	})
}
