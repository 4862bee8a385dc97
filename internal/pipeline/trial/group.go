package trial

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Group is all differences of one kind.
type Group struct {
	Noun     string // of its key: "sale", "agent_identity"
	Field    string // "": the thing itself
	Change   string // in words, the same for all: "null → text"
	Step     string // of the version that is tried, of the live one where that has it no more; "" in the end
	Cause    Cause  // in the end
	Count    int    // deliveries, in the end things
	HeldBack int    // of them, where nothing comes of it: the field is locked, or something newer has set it
	Examples []Example
}

// Kind is what becomes of the things: "new", "gone" or "changed".
func (g Group) Kind() string {
	switch {
	case g.Field != "":
		return "changed"
	case g.Change == newly:
		return "new"
	case g.Change == noLonger:
		return "gone"
	}
	return "changed"
}

// Example of a group.
type Example struct {
	Delivery      int64 // 0 in the end, where no delivery did it alone
	ExternalID    string
	Before, After value.Value
	Why           string // more about its cause, "" where there is nothing to say
}

const (
	mostExamples = 5
	mostGroups   = 500
)

// groups gathers differences by kind.
type groups struct {
	all   map[groupKey]*Group
	over  int // differences of kinds beyond mostGroups
	order []*Group
}

type groupKey struct {
	noun, field, change, step string
	cause                     Cause
}

// add counts one difference, once per delivery in a group where the example has one.
func (g *groups) add(k groupKey, heldBack bool, e Example) {
	one := g.all[k]
	if one == nil {
		if len(g.order) == mostGroups {
			g.over++
			return
		}
		if g.all == nil {
			g.all = map[groupKey]*Group{}
		}
		one = &Group{Noun: k.noun, Field: k.field, Change: k.change, Step: k.step, Cause: k.cause}
		g.all[k] = one
		g.order = append(g.order, one)
	}
	one.Count++
	if heldBack {
		one.HeldBack++
	}
	if len(one.Examples) < mostExamples {
		one.Examples = append(one.Examples, e)
	}
}

// list gives the groups, the biggest first.
func (g *groups) list() []Group {
	all := make([]Group, len(g.order))
	for i, one := range g.order {
		all[i] = *one
	}
	slices.SortStableFunc(all, func(a, b Group) int { return cmp.Compare(b.Count, a.Count) })
	return all
}

// changeOf says in words what kind of change it is from one value to another.
func changeOf(before, after value.Value) string {
	a, b := kindOf(before), kindOf(after)
	switch {
	case a != b:
		return a + " → " + b
	case before.Kind() == value.KindText && strings.EqualFold(strings.TrimSpace(before.Text()), strings.TrimSpace(after.Text())):
		return "upper and lower case or spaces changed"
	case before.Kind() == value.KindBool:
		return before.String() + " → " + after.String()
	}
	return a + " changed"
}

func kindOf(v value.Value) string {
	switch v.Kind() {
	case value.KindNull:
		return "null"
	case value.KindRef:
		return v.Entity().Noun() + " identity"
	case value.KindMoment:
		return "datetime"
	case value.KindBool:
		return "boolean"
	case value.KindNumber:
		return "number"
	case value.KindText, value.KindPseudonym:
		return "text"
	default:
		return v.Kind().String()
	}
}

// shapeOf says what an external id looks like: "123 | won" is "9 | a". Letters and digits mixed, as in a UUID, are "x".
func shapeOf(externalID string) string {
	var b strings.Builder
	kind, mixed := rune(0), false // of the run of letters and digits under way
	end := func() {
		switch {
		case mixed:
			b.WriteByte('x')
		case kind != 0:
			b.WriteRune(kind)
		}
		kind, mixed = 0, false
	}
	for _, r := range externalID {
		is := rune(0)
		switch {
		case unicode.IsDigit(r):
			is = '9'
		case unicode.IsLetter(r):
			is = 'a'
		default:
			end()
			b.WriteRune(r)
			continue
		}
		mixed = mixed || kind != 0 && kind != is
		kind = is
	}
	end()
	shape := b.String()
	if isUUID(externalID) {
		return "uuid"
	}
	if len(shape) > 40 {
		return "something long"
	}
	return shape
}

// isUUID reports whether it is 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
func isUUID(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) != 5 {
		return false
	}
	for i, n := range []int{8, 4, 4, 4, 12} {
		if len(parts[i]) != n || strings.Trim(strings.ToLower(parts[i]), "0123456789abcdef") != "" {
			return false
		}
	}
	return true
}
