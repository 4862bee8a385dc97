package record

import (
	"cmp"
	"slices"
)

// markOf finds the mark of one field in the short form that Row explains.
func markOf(marks []FieldMark, mark Mark, field int, empty bool) Mark {
	for _, m := range marks {
		if m.Field == field {
			return m.Mark
		}
	}
	if empty {
		return Mark{}
	}
	return mark
}

// packMarks brings the marks of all fields into the short form; empty says which fields hold nothing.
func packMarks(all []Mark, empty func(field int) bool) (Mark, []FieldMark) {
	var newest Mark
	for i, m := range all {
		if newest.Before(m) && !empty(i) {
			newest = m
		}
	}
	var marks []FieldMark
	for i, m := range all {
		usual := newest
		if empty(i) {
			usual = Mark{}
		}
		if m != usual {
			marks = append(marks, FieldMark{Field: i, Mark: m})
		}
	}
	return newest, marks
}

func sortMarks(marks []FieldMark) {
	slices.SortFunc(marks, func(a, b FieldMark) int { return cmp.Compare(a.Field, b.Field) })
}
