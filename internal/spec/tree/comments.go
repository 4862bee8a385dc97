package tree

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// AddComment gives lines to what stands at a place of the spec, a path of keys and indexes; with end to the end of the
// list or object there. They go to the nearest object that keeps comments. What lies within an expression goes to the
// expression, what is nowhere to the object around; what belongs to the first key of a list's item belongs to the item.
func (s *Spec) AddComment(path []string, end bool, lines ...string) {
	comments, at := s.holder(path, end)
	*comments = comments.Add(at, lines...)
}

// settleComments puts comments that came with the objects where they belong, by the same rule.
func (s *Spec) settleComments() {
	settle(&s.Comments, s.holder)
	for _, c := range s.Constants {
		settle(&c.Comments, c.holder)
	}
	for _, e := range s.Enrichments {
		settle(&e.Comments, e.holder)
	}
	for _, t := range s.Tests {
		settle(&t.Comments, t.holder)
	}
	s.Walk(func(_ string, i *Instruction) bool {
		settle(&i.Comments, i.holder)
		for _, f := range i.Fields {
			if cases, ok := f.Content.(Cases); ok {
				for _, c := range cases {
					settle(&c.Comments, c.holder)
				}
			}
		}
		return true
	})
}

func settle(comments *Comments, holder func([]string, bool) (*Comments, string)) {
	given := *comments
	*comments = nil
	for _, c := range given {
		var path []string
		if c.At != "" {
			path = strings.Split(c.At, "/")
		}
		end := len(path) > 0 && path[len(path)-1] == End
		if end {
			path = path[:len(path)-1]
		}
		to, at := holder(path, end)
		*to = to.Add(at, c.Lines...)
	}
}

// within is the path to the end of the list or object at a path, or the path itself.
func within(end bool, path ...string) string {
	if end {
		path = append(slices.Clone(path), End)
	}
	return strings.Join(path, "/")
}

// item gives the member of a list that a path names next.
func item[T any](list []T, path []string) (one T, ok bool) {
	if len(path) == 0 {
		return one, false
	}
	n, err := strconv.Atoi(path[0])
	if err != nil || n < 0 || n >= len(list) || strconv.Itoa(n) != path[0] {
		return one, false
	}
	return list[n], true
}

func (s *Spec) holder(path []string, end bool) (*Comments, string) {
	if len(path) == 0 {
		if end {
			return &s.Comments, End
		}
		return &s.Comments, "spec"
	}
	key, rest := path[0], path[1:]
	length := 0
	switch key {
	case "instructions":
		length = len(s.Instructions)
		if i, ok := item(s.Instructions, rest); ok {
			return i.holder(rest[1:], end)
		}
	case "constants":
		if c, ok := item(s.Constants, rest); ok {
			return c.holder(rest[1:], end)
		}
		length = len(s.Constants)
	case "enrichments":
		if e, ok := item(s.Enrichments, rest); ok {
			return e.holder(rest[1:], end)
		}
		length = len(s.Enrichments)
	case "tests":
		if t, ok := item(s.Tests, rest); ok {
			return t.holder(rest[1:], end)
		}
		length = len(s.Tests)
	case "note":
		return &s.Comments, ifThere(key, s.Note != "", "spec")
	case "var":
		return &s.Comments, ifThere(key, s.Var != "", "spec")
	case "source_model":
		return &s.Comments, ifThere(key, s.SourceModel != "", "spec")
	default:
		return &s.Comments, inMembers(s.Extra, path, end, "spec")
	}
	if length == 0 && key != "instructions" {
		return &s.Comments, "spec" // an empty one is not printed
	}
	return &s.Comments, within(end && length > 0, key)
}

func ifThere(key string, there bool, otherwise string) string {
	if there {
		return key
	}
	return otherwise
}

// inMembers finds the nearest place to a path in raw members, else gives otherwise.
func inMembers(members []value.Member, path []string, end bool, otherwise string) string {
	for _, m := range members {
		if m.Key == path[0] && !strings.Contains(m.Key, "/") {
			return inValue(m.Value, path[:1], path[1:], end, false)
		}
	}
	return otherwise
}

// inValue finds the nearest place within a raw value; inList says that the value is an item of a list.
func inValue(v value.Value, done, rest []string, end, inList bool) string {
	if v.Kind() != value.KindList && v.Kind() != value.KindObject || v.Len() == 0 {
		return strings.Join(done, "/") // it is printed on one line
	}
	if len(rest) == 0 {
		return within(end, done...)
	}
	if v.Kind() == value.KindList {
		if one, ok := item(v.Items(), rest); ok {
			return inValue(one, append(slices.Clone(done), rest[0]), rest[1:], end, true)
		}
		return strings.Join(done, "/")
	}
	for n, m := range v.Members() {
		if m.Key != rest[0] || strings.Contains(m.Key, "/") {
			continue
		}
		at := inValue(m.Value, append(slices.Clone(done), rest[0]), rest[1:], end, false)
		if item := strings.Join(done, "/"); n == 0 && inList && at == item+"/"+m.Key {
			return item // the first key of a list's item
		}
		return at
	}
	return strings.Join(done, "/")
}

// own settles a key of an object that is an item of a list: the first key's comments are the object's.
func own(path []string, end bool, first string, there func(key string) bool, extra []value.Member) string {
	switch {
	case len(path) == 0:
		return within(end)
	case path[0] == first:
		return ""
	case there(path[0]):
		return path[0]
	}
	return inMembers(extra, path, end, "")
}

func (c *Constant) holder(path []string, end bool) (*Comments, string) {
	if len(path) > 0 && path[0] == "default" && c.Default != nil {
		return &c.Comments, inValue(*c.Default, path[:1], path[1:], end, false)
	}
	return &c.Comments, own(path, end, "name", func(key string) bool {
		return key == "type" && c.Type != "" || key == "note" && c.Note != ""
	}, c.Extra)
}

func (e *Enrichment) holder(path []string, end bool) (*Comments, string) {
	return &e.Comments, own(path, end, "name", func(key string) bool {
		return key == "of" && !e.Of.IsZero() || key == "use" && e.Use != "" || key == "note" && e.Note != ""
	}, e.Extra)
}

func (t *Test) holder(path []string, end bool) (*Comments, string) {
	if len(path) == 0 {
		return &t.Comments, within(end)
	}
	at := inMembers(t.Members, path, end, "")
	if len(t.Members) > 0 && at == t.Members[0].Key {
		at = ""
	}
	return &t.Comments, at
}

func (i *Instruction) holder(path []string, end bool) (*Comments, string) {
	if len(path) > 0 {
		if content := i.Field(path[0]); content != nil {
			return inContent(&i.Comments, content, path, end)
		}
	}
	return &i.Comments, own(path, end, "type", func(key string) bool {
		return key == "id" && i.ID != "" || key == "note" && i.Note != "" ||
			key == "disabled" && i.Disabled || key == "return_as" && i.ReturnAs != ""
	}, i.Extra)
}

func inContent(c *Comments, content Content, path []string, end bool) (*Comments, string) {
	name, rest := path[0], path[1:]
	switch content := content.(type) {
	case List:
		if _, ok := item(content, rest); ok {
			return c, name + "/" + rest[0]
		}
		return c, within(end && len(content) > 0, name)
	case Group:
		if len(rest) > 0 {
			if inner := find(content, rest[0]); inner != nil {
				_, at := inContent(c, inner, rest, end)
				return c, name + "/" + at
			}
			return c, name
		}
		return c, within(end && len(content) > 0, name)
	case Body:
		if i, ok := item(content, rest); ok {
			return i.holder(rest[1:], end)
		}
		return c, within(end && len(rest) == 0 && len(content) > 0, name)
	case Cases:
		if one, ok := item(content, rest); ok {
			return one.holder(rest[1:], end)
		}
		return c, within(end && len(rest) == 0 && len(content) > 0, name)
	case Raw:
		return c, inValue(content.Value, path[:1], rest, end, false)
	}
	return c, name
}

func (c *Case) holder(path []string, end bool) (*Comments, string) {
	if len(path) == 0 {
		return &c.Comments, within(end)
	}
	switch path[0] {
	case "equals":
		if _, ok := item(c.Equals, path[1:]); ok && len(c.Equals) > 1 {
			return &c.Comments, "equals/" + path[1]
		}
		if end && len(path) == 1 && len(c.Equals) > 1 {
			return &c.Comments, "equals/" + End
		}
		return &c.Comments, ""
	case "body":
		return inContent(&c.Comments, Body(c.Body), path, end)
	}
	return &c.Comments, own(path, end, "equals", func(string) bool { return false }, c.Extra)
}
