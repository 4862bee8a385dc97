package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var (
	testKeys   = []string{"name", "note", "given", "constants", "zone", "received_at", "before", "expect"}
	expectKeys = []string{"outcome", "error", "failed_items"}
)

// Outcomes are those a test can expect.
var Outcomes = []string{"succeeded", "skipped", "partial", "failed"}

// tests checks the form of the spec tests (section 10).
func (c *checker) tests(at *tree.Place) {
	if n := len(c.spec.Tests); n > tree.MaxTests {
		c.problem(at, tree.TooLarge, fmt.Sprintf("the spec has %d tests, and 500 are allowed", n), "Leave out what others test too.")
	}
	seen := map[string]bool{}
	for n, t := range c.spec.Tests {
		c.test(t, at.Index(n), seen)
	}
}

func (c *checker) bad(at *tree.Place, message, hint string) *tree.Problem {
	return c.problem(at, tree.BadTest, message, hint)
}

// nearKey is the fix that calls a key of a test what was meant, nil where it is not clear or there is one already.
func nearKey(at *tree.Place, within value.Value, key string, known []string) *tree.Fix {
	best := tree.Closest(key, known)
	if best == "" || within.Has(best) {
		return nil
	}
	return tree.Rename("Write "+best, at.Pointer(), best)
}

// parts are what a test must have, with what is there when somebody begins one.
var parts = []value.Member{
	{Key: "name", Value: value.Text("a test")},
	{Key: "given", Value: value.Object(nil)},
	{Key: "expect", Value: value.Object([]value.Member{{Key: "outcome", Value: value.Text("succeeded")}})},
}

func (c *checker) test(t *tree.Test, at *tree.Place, seen map[string]bool) {
	for _, part := range parts {
		if _, ok := t.Get(part.Key); !ok {
			p := c.bad(at, "a test needs "+part.Key, "Add "+part.Key+": to it.")
			if tree.Closest(part.Key, keysOf(t.Members)) == "" && !(part.Key == "name" && seen[part.Value.Text()]) {
				p.Fix = tree.Add("Add "+part.Key, at.Key(part.Key).Pointer(), part.Value)
			}
		}
	}
	for _, m := range t.Members {
		at := at.Key(m.Key)
		v := m.Value
		switch m.Key {
		case "name":
			switch {
			case v.Kind() != value.KindText || v.IsBlank():
				c.bad(at, "the name of a test is text", "As name: a deal that is won.")
			case seen[v.Text()]:
				c.bad(at, "two tests are called "+v.Text(), "Give each a name of its own.")
			}
			seen[v.Text()] = true
		case "note":
			if v.Kind() != value.KindText {
				p := c.bad(at, "a note is text", "Put quotes around it.")
				if v.Kind() == value.KindNumber || v.Kind() == value.KindBool {
					p.Fix = tree.Replace("Put quotes around it", at.Pointer(), value.Text(v.String()))
				}
			}
		case "given":
			if k := v.Kind(); k != value.KindObject && k != value.KindList {
				c.bad(at, "given is one item, or a list of items delivered in order", "As given: {id: 1}.")
			}
		case "constants":
			c.testConstants(v, at)
		case "zone":
			if _, err := time.LoadLocation(v.Text()); err != nil || v.IsBlank() {
				c.bad(at, v.String()+" is no zone", "As Europe/Amsterdam.")
			}
		case "received_at":
			if read, ok := library.ReadMoment(v.Text(), time.UTC); !ok || read.IsNull() {
				c.bad(at, v.String()+" is no datetime", "As 2025-12-10 19:00:00.")
			}
		case "before":
			c.records(v, at, nil, c.recordBefore)
		case "expect":
			c.records(v, at, expectKeys, c.recordExpected)
		default:
			if !strings.HasPrefix(m.Key, "x-") {
				c.bad(at, "a test has no key "+m.Key, near(m.Key, testKeys)).Fix = nearKey(at, value.Object(t.Members), m.Key, testKeys)
			}
		}
	}
	if _, ok := t.Get("received_at"); !ok && c.received {
		c.bad(at, "the spec uses the receive time, so a test needs received_at", "As received_at: 2025-12-10 19:00:00.")
	}
}

func keysOf(members []value.Member) []string {
	keys := make([]string, len(members))
	for i, m := range members {
		keys[i] = m.Key
	}
	return keys
}

func near(key string, known []string) string {
	if best := tree.Closest(key, known); best != "" {
		return "Did you mean " + best + "?"
	}
	return "It has " + strings.Join(known, ", ") + "."
}

func (c *checker) testConstants(v value.Value, at *tree.Place) {
	if v.Kind() != value.KindObject {
		c.bad(at, "constants is an object of names and values", "As constants: {country: NL}.")
		return
	}
	for _, m := range v.Members() {
		n := slices.IndexFunc(c.spec.Constants, func(k *tree.Constant) bool { return k.Name == m.Key })
		if n < 0 {
			c.bad(at.Key(m.Key), "the spec has no constant "+m.Key, "Take it out, or declare it under constants of the spec.").Fix =
				tree.Remove("Take it out", at.Key(m.Key).Pointer())
			continue
		}
		for _, bound := range c.bound {
			if bound.name == m.Key && strings.HasPrefix(bound.at, "/constants/") {
				c.used(bound, at.Key(m.Key), tree.Path{Root: m.Key}, Valued)
			}
		}
		t, _ := ConstantType(c.spec.Constants[n].Type)
		if wrong := ConstantFits(t, m.Value); wrong != "" {
			c.bad(at.Key(m.Key), m.Key+": "+wrong, "A test gives constants as a link does.")
		}
	}
}

// records checks lists of records by kind, in before and expect.
func (c *checker) records(v value.Value, at *tree.Place, others []string, record func(value.Value, types.Type, *tree.Place)) {
	if v.Kind() != value.KindObject {
		c.bad(at, "it is an object of kinds of records, as activities", "As activities: [{external_id: 1}].")
		return
	}
	kinds := Kinds(c.lib)
	for _, m := range v.Members() {
		at := at.Key(m.Key)
		switch {
		case slices.Contains(others, m.Key):
			c.expectation(m.Key, m.Value, at)
		case kinds[m.Key].Kind != types.Ref:
			known := slices.Clone(others)
			for kind := range kinds {
				known = append(known, kind)
			}
			slices.Sort(known)
			c.bad(at, "there is no "+m.Key, near(m.Key, known)).Fix = nearKey(at, v, m.Key, known)
		case m.Value.Kind() != value.KindList:
			p := c.bad(at, m.Key+" is a list", "Write [] for none.")
			if m.Value.IsBlank() {
				p.Fix = tree.Replace("Write []", at.Pointer(), value.List(nil))
			}
		default:
			for n, one := range m.Value.Items() {
				at := at.Index(n)
				if one.Kind() != value.KindObject || !one.Has("external_id") {
					c.bad(at, "a record is an object with external_id", "As {external_id: deal-1}.")
					continue
				}
				record(one, kinds[m.Key], at)
			}
		}
	}
}

// Kinds are the records and identities that a library's operations make, by their plural: the keys of before and expect.
func Kinds(lib *library.Library) map[string]types.Type {
	kinds := map[string]types.Type{}
	for _, o := range lib.Operations() {
		if o.Result.Kind == types.Ref {
			kinds[plural(o.Result.Noun)] = o.Result
		}
	}
	return kinds
}

func plural(noun string) string {
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return stem + "ies"
	}
	return noun + "s"
}

// recordExpected: any field can be expected that can be read or given.
func (c *checker) recordExpected(v value.Value, kind types.Type, at *tree.Place) {
	var known []string
	for _, f := range kind.Fields {
		known = append(known, f.Name)
	}
	if kind.IsIdentity() { // what an upsert takes beside what can be read
		for _, p := range c.upsertOf(kind) {
			known = append(known, p.Name)
		}
	}
	c.fieldsOf(v, kind, known, at)
}

// recordBefore: what is there before was upserted once, so it has what an upsert needs and no other fields.
func (c *checker) recordBefore(v value.Value, kind types.Type, at *tree.Place) {
	known := []string{"locked"}
	if kind.IsIdentity() {
		known = []string{"linked"}
		if linked := v.Get("linked"); !linked.IsNull() && linked.Kind() != value.KindBool {
			c.bad(at.Key("linked"), "linked is true or false", "Leave it out for true.")
		}
	}
	var fields, missing []string
	for _, p := range c.upsertOf(kind) {
		fields = append(fields, p.Name)
		for _, inner := range p.Fields {
			fields = append(fields, p.Name+"."+inner.Name)
		}
		known = append(known, p.Name)
		if given := v.Get(p.Name); p.Required && (given.IsNull() || given.IsBlank()) {
			missing = append(missing, p.Name)
		}
	}
	if missing != nil {
		c.bad(at, fmt.Sprintf("no %s is there without %s", kind.Noun, strings.Join(missing, ", ")), "Give it what every one has.")
	}
	c.fieldsOf(v, kind, known, at)
	for n, one := range v.Get("locked").Items() {
		if !slices.Contains(fields[1:], one.Text()) { // the first is external_id, which nothing changes
			c.bad(at.Key("locked").Index(n), fmt.Sprintf("%s has no field %s that can be locked", kind.Noun, one), near(one.Text(), fields[1:]))
		}
	}
	if locked := v.Get("locked"); !locked.IsNull() && locked.Kind() != value.KindList {
		c.bad(at.Key("locked"), "locked is a list of names of fields", "Write [ ] around it.").Fix =
			tree.Replace("Write [ ] around it", at.Key("locked").Pointer(), value.List([]value.Value{locked}))
	}
}

// upsertOf gives the fields of the operation that makes records or identities of a kind.
func (c *checker) upsertOf(kind types.Type) []types.Param {
	if signature := c.lib.Instruction("upsert_" + kind.String()); signature != nil {
		return signature.Params
	}
	return nil
}

func (c *checker) fieldsOf(v value.Value, kind types.Type, known []string, at *tree.Place) {
	for _, m := range v.Members() {
		if !slices.Contains(known, m.Key) {
			c.bad(at.Key(m.Key), fmt.Sprintf("%s has no field %s", kind.Noun, m.Key), near(m.Key, known)).Fix =
				nearKey(at.Key(m.Key), v, m.Key, known)
		}
	}
}

func (c *checker) expectation(key string, v value.Value, at *tree.Place) {
	switch key {
	case "outcome":
		if !slices.Contains(Outcomes, v.Text()) {
			c.bad(at, "outcome is one of "+strings.Join(Outcomes, ", "), "A run that does all it should is succeeded.").Fix = c.nearWord(at, v.Text(), Outcomes)
		}
	case "failed_items":
		if v.Kind() != value.KindNumber || !v.Decimal().IsWhole() || v.Decimal().Sign() < 0 {
			c.bad(at, "failed_items is a whole number", "As failed_items: 0.")
		}
	case "error":
		if v.Kind() != value.KindObject {
			c.bad(at, "error is {instruction, code}", "As error: {instruction: s1, code: missing_value}.")
			return
		}
		for _, m := range v.Members() {
			if m.Key != "instruction" && m.Key != "code" {
				c.bad(at.Key(m.Key), "error has no key "+m.Key, "It has instruction and code.")
			}
			if m.Key == "instruction" && !c.ids[m.Value.Text()] {
				c.bad(at.Key(m.Key), "the spec has no instruction "+m.Value.String(), "Instructions are named by their id.")
			}
		}
	}
}
