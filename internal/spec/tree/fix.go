package tree

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// Fix is a change that mends a problem, to be made as a whole.
type Fix struct {
	Title string `json:"title" said:"ours"`
	// Edits change the tree, one after the other. There are none where the text is no tree yet.
	Edits []Edit `json:"edits"`
	// Source is the same change of the text that was read; made beside each other, on the text as it was. It is there
	// where the change can be made in that text.
	Source []TextEdit `json:"source,omitempty"`
}

// Edit changes one place of the tree, as a JSON Patch does. What it puts there may be a formula as text, from its "=" on.
type Edit struct {
	Op      string       `json:"op"`             // "replace", "add", "remove" or "move"
	From    string       `json:"from,omitempty"` // with "move": the old place, in the same object
	Pointer string       `json:"path"`
	Value   *value.Value `json:"value,omitempty"` // with "replace" and "add"
}

// TextEdit puts other text in the place of a piece of a file. Lines and columns count as those of a Problem; the piece
// ends before the second place.
type TextEdit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Text      string `json:"text"`
}

// Replace is the fix that puts v in the place of what is at a pointer.
func Replace(title, pointer string, v value.Value) *Fix {
	return &Fix{Title: title, Edits: []Edit{{Op: "replace", Pointer: pointer, Value: &v}}}
}

// Add is the fix that adds a key, or an item before the one at a pointer.
func Add(title, pointer string, v value.Value) *Fix {
	return &Fix{Title: title, Edits: []Edit{{Op: "add", Pointer: pointer, Value: &v}}}
}

// Remove is the fix that takes out what is at pointers. Of one list the last comes first.
func Remove(title string, pointers ...string) *Fix {
	fix := &Fix{Title: title}
	for _, p := range pointers {
		fix.Edits = append(fix.Edits, Edit{Op: "remove", Pointer: p})
	}
	return fix
}

// Rename is the fix that gives the key at a pointer another name.
func Rename(title, pointer, key string) *Fix {
	return &Fix{Title: title, Edits: []Edit{{Op: "move", From: pointer, Pointer: pointer[:strings.LastIndexByte(pointer, '/')+1] + escape(key)}}}
}

// Apply makes the edits of the fix in a tree, and gives what became of it.
func (f *Fix) Apply(v value.Value) (value.Value, error) {
	for _, e := range f.Edits {
		var err error
		if v, err = e.apply(v, SplitPointer(e.Pointer)); err != nil {
			return v, fmt.Errorf("%s %s: %w", e.Op, e.Pointer, err)
		}
	}
	return v, nil
}

func (e *Edit) apply(v value.Value, path []string) (value.Value, error) {
	if len(path) == 0 {
		if e.Op != "replace" {
			return v, fmt.Errorf("the whole can only be replaced")
		}
		return *e.Value, nil
	}
	key := path[0]
	switch v.Kind() {
	case value.KindList:
		items := slices.Clone(v.Items())
		n, err := strconv.Atoi(key)
		if err != nil || n < 0 || n > len(items) || n == len(items) && (len(path) > 1 || e.Op != "add") {
			return v, fmt.Errorf("there is no item %s", key)
		}
		if len(path) > 1 {
			items[n], err = e.apply(items[n], path[1:])
			return value.List(items), err
		}
		switch e.Op {
		case "add":
			items = slices.Insert(items, n, *e.Value)
		case "remove":
			items = slices.Delete(items, n, n+1)
		case "replace":
			items[n] = *e.Value
		default:
			return v, fmt.Errorf("an item has no name to change")
		}
		return value.List(items), nil
	case value.KindObject:
		return e.applyKey(v, path)
	}
	return v, fmt.Errorf("there is nothing within %s", v.Kind())
}

func (e *Edit) applyKey(v value.Value, path []string) (value.Value, error) {
	members, key := slices.Clone(v.Members()), path[0]
	if from := SplitPointer(e.From); len(path) == 1 && e.Op == "move" {
		key = from[len(from)-1]
	}
	n := slices.IndexFunc(members, func(m value.Member) bool { return m.Key == key })
	if n < 0 {
		if len(path) > 1 || e.Op != "add" {
			return v, fmt.Errorf("there is no key %s", key)
		}
		return value.Object(append(members, value.Member{Key: key, Value: *e.Value})), nil
	}
	if len(path) > 1 {
		inner, err := e.apply(members[n].Value, path[1:])
		members[n].Value = inner
		return value.Object(members), err
	}
	switch e.Op {
	case "remove":
		members = slices.Delete(members, n, n+1)
	case "move":
		if v.Has(path[0]) {
			return v, fmt.Errorf("there is a key %s already", path[0])
		}
		members[n].Key = path[0]
	default:
		members[n].Value = *e.Value
	}
	return value.Object(members), nil
}

var pointerUnescape = strings.NewReplacer("~1", "/", "~0", "~")

// SplitPointer gives the keys and indexes of a JSON Pointer.
func SplitPointer(pointer string) []string {
	if pointer == "" {
		return nil
	}
	keys := strings.Split(pointer[1:], "/")
	for i, key := range keys {
		keys[i] = pointerUnescape.Replace(key)
	}
	return keys
}

// JoinPointer makes a JSON Pointer of keys and indexes.
func JoinPointer(path []string) string {
	var b strings.Builder
	for _, key := range path {
		b.WriteByte('/')
		b.WriteString(escape(key))
	}
	return b.String()
}
