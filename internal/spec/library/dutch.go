package library

import (
	"github.com/dealwright/dealwright/internal/language"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// Dutch gives the Dutch of a text of the library, and any other text as it is.
func Dutch(english string) string {
	return language.Dutch(english)
}

// InDutch is the library with its texts in Dutch, for people to read: groups, titles, helps and summaries. Names, types and
// meanings are the same.
func (l *Library) InDutch() *Library {
	var params func(all []types.Param) []types.Param
	params = func(all []types.Param) []types.Param {
		told := make([]types.Param, len(all))
		for i, p := range all {
			p.Title, p.Help, p.Fields = Dutch(p.Title), Dutch(p.Help), params(p.Fields)
			told[i] = p
		}
		return told
	}
	entry := func(e *Entry) {
		e.Group, e.Title, e.Help, e.Summary = Group(Dutch(string(e.Group))), Dutch(e.Title), Dutch(e.Help), Dutch(e.Summary)
		e.Params = params(e.Params)
	}
	var expressions []*Expression
	for _, e := range l.expressions {
		told := *e
		entry(&told.Entry)
		expressions = append(expressions, &told)
	}
	var operations []*Operation
	for _, o := range l.operations {
		told := *o
		entry(&told.Entry)
		operations = append(operations, &told)
	}
	return New(expressions, operations).WithModels(l.models...)
}
