package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Where a delivery does not say what record of the source it is about, that is read off the deliveries: it is the path
// that looks like an id, is there in nearly all of them, and tells most of them apart. Answers name the path, so that
// whoever reads them can see whether it is the right one, and say another.

// recognizer finds the source record that an item is about by what stands at a path.
type recognizer struct{ path []string }

// String is the path as people write it; "" where there is none.
func (r recognizer) String() string { return strings.Join(r.path, ".") }

// readPath reads the path that somebody names; nil for "".
func readPath(said string) ([]string, error) {
	if said == "" {
		return nil, nil
	}
	path, err := tree.ParsePath(said)
	keys := []string{path.Root}
	for _, step := range path.Steps {
		if step.IsIndex {
			err = fmt.Errorf("[%d] is one item of a list", step.Index)
		}
		keys = append(keys, step.Key)
	}
	if err == nil {
		return keys, nil
	}
	return nil, fault.New(fault.Invalid, "The deliveries cannot be told apart by that.").With(fault.Detail{
		Field: "identified_by", Code: "bad_path", Message: fmt.Sprintf("“%s” is no path: %s.", said, strings.TrimSuffix(err.Error(), ".")),
		Hint: "Write the keys down to an id with points between, as in data.id, without the name that the spec binds the delivery to; or leave it out, and it is found out.",
	})
}

// of gives the id of the source record; "" where the item has none there.
func (r recognizer) of(item value.Value) string {
	if len(r.path) == 0 {
		return ""
	}
	for _, key := range r.path {
		if item.Kind() != value.KindObject {
			return ""
		}
		item = item.Get(key)
	}
	return idText(item)
}

func idText(v value.Value) string {
	switch v.Kind() {
	case value.KindText, value.KindPseudonym:
		return v.Text()
	case value.KindNumber:
		return v.Decimal().String()
	default:
		return ""
	}
}

// envelopes are keys under which senders put the record that a message is about.
var envelopes = []string{"data", "object", "record", "payload", "resource", "entity", "current", "item", "body", "result"}

// recognize chooses the path for items; said is the one that somebody names instead, nil for none.
func recognize(items []value.Value, said []string) recognizer {
	if said != nil {
		return recognizer{said}
	}
	for _, paths := range candidates(items) {
		best, most := recognizer{}, 0
		for _, path := range paths {
			r := recognizer{path}
			if distinct := tellsApart(r, items); distinct > most {
				best, most = r, distinct
			}
		}
		if most > 0 {
			return best
		}
	}
	return recognizer{}
}

// candidates are the paths that look like ids, the best first; within a rank whatever tells most items apart.
func candidates(items []value.Value) [3][][]string {
	var ranks [3][][]string // an own id; the id of something named; the id inside an envelope
	seen := map[string]bool{}
	add := func(rank int, path ...string) {
		if name := strings.Join(path, "\x00"); !seen[name] {
			seen[name] = true
			ranks[rank] = append(ranks[rank], path)
		}
	}
	for _, item := range items {
		for _, m := range item.Members() {
			switch {
			case isOwnID(m.Key):
				add(0, m.Key)
			case isNamedID(m.Key):
				add(1, m.Key)
			case m.Value.Kind() == value.KindObject && slices.Contains(envelopes, strings.ToLower(m.Key)):
				for _, inner := range m.Value.Members() {
					if isOwnID(inner.Key) {
						add(2, m.Key, inner.Key)
					}
				}
			}
		}
	}
	return ranks
}

func isOwnID(key string) bool {
	return slices.Contains([]string{"id", "uuid", "guid", "_id"}, strings.ToLower(key))
}

// messages are what a message is called by itself: their ids tell messages apart, not what they are about.
var messages = []string{"event", "delivery", "message", "request", "webhook", "hook", "trace", "correlation", "session", "notification"}

func isNamedID(key string) bool {
	lower := strings.ToLower(key)
	name, ok := strings.CutSuffix(lower, "_id")
	if !ok && strings.HasSuffix(key, "Id") || strings.HasSuffix(key, "ID") {
		name, ok = strings.TrimSuffix(lower, "id"), true
	}
	return ok && !slices.ContainsFunc(messages, func(m string) bool { return strings.HasPrefix(name, m) })
}

// tellsApart counts the ids that items have at the path; 0 where too many have none, or many all have the same.
func tellsApart(r recognizer, items []value.Value) int {
	ids := map[string]bool{}
	without := 0
	for _, item := range items {
		if id := r.of(item); id != "" {
			ids[id] = true
		} else {
			without++
		}
	}
	if without*20 > len(items) || len(ids) == 1 && len(items) >= sameForAll {
		return 0
	}
	return len(ids)
}

// sameForAll is from how many items on an id that all share names something around them: an account, say.
const sameForAll = 10
