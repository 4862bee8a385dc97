package why

import (
	"regexp"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// An id is found in many places: that of a deal may be that of a user, too. A delivery is about the thing where the text
// stands in what the external id is made of; one that has it elsewhere comes after.

// feeds are the places in a delivery that the external ids of a kind are made of, without the numbers of items: a set for
// each step that writes the kind.
type feeds [][]string

// match says how well a delivery fits what is looked for.
type match int

// From the worst to the best.
const (
	elsewhere match = iota // the text stands where no external id of the kind comes from
	unknown                // nothing that could run on the delivery writes the kind
	inKey
)

// feedsOf reads a spec: which places feed the external ids of a noun, as a spec names it.
func feedsOf(spec *tree.Spec, lib *library.Library, noun string) feeds {
	f := &feeding{library: lib, noun: noun, names: map[string]bound{}}
	name := spec.Var
	if model, ok := lib.Model(spec.SourceModel); ok && name == "" {
		name = model.Var
	}
	f.names[name] = bound{paths: []string{""}}
	spec.Walk(func(_ string, i *tree.Instruction) bool {
		if !i.Disabled {
			f.instruction(i)
		}
		return !i.Disabled
	})
	return f.all
}

type feeding struct {
	library *library.Library
	noun    string
	names   map[string]bound
	all     feeds
}

// bound is what a name stands for: places, or what a step returned, known by a key that is made of them.
type bound struct {
	paths []string
	thing bool
}

func (f *feeding) instruction(i *tree.Instruction) {
	if item, ok := i.Field("item_var").(tree.Name); ok {
		f.names[string(item)] = bound{paths: f.expr(i.Expr("list"))}
	}
	key := f.expr(i.Expr(keyField))
	if writes(f.noun, i.Type) && len(key) > 0 {
		f.all = append(f.all, key)
	}
	switch {
	case i.ReturnAs == "":
	case i.Type == "define_variable": // it may be assigned to in several places
		f.names[i.ReturnAs] = bound{paths: append(f.names[i.ReturnAs].paths, f.expr(i.Expr("value"))...)}
	default:
		f.names[i.ReturnAs] = bound{paths: key, thing: true}
	}
}

// expr are the places that the value of an expression is made of. What it is only tested by is none.
func (f *feeding) expr(e *tree.Expr) (all []string) {
	if e == nil {
		return nil
	}
	if e.Type == tree.Var {
		b := f.names[e.Path.Root]
		if b.thing {
			return b.paths
		}
		for _, path := range b.paths {
			for _, s := range e.Path.Steps {
				if !s.IsIndex {
					path = strings.TrimPrefix(path+"."+s.Key, ".")
				}
			}
			all = append(all, path)
		}
		return all
	}
	signature := f.library.Expression(e.Type)
	for _, field := range e.Fields {
		if signature != nil && slices.ContainsFunc(signature.Params, func(p types.Param) bool { return p.Name == field.Name && p.Type.Kind == types.Boolean }) {
			continue
		}
		switch c := field.Content.(type) {
		case *tree.Expr:
			all = append(all, f.expr(c)...)
			if item, ok := e.Field("item_var").(tree.Name); ok && field.Name == "list" {
				f.names[string(item)] = bound{paths: f.expr(c)}
			}
		case tree.List:
			for _, one := range c {
				all = append(all, f.expr(one)...)
			}
		}
	}
	return all
}

// writes says whether instructions of a type write a kind.
func writes(noun, instruction string) bool {
	if record.KindOf(noun) == nil {
		return instruction == "upsert_"+noun+"_external_identity"
	}
	return instruction == "upsert_"+noun || noun == "period" && instruction == "insert_contact_period_change"
}

var itemNumber = regexp.MustCompile(`\[\d+\]`)

// hold says whether every text stands where one external id comes from.
func (f feeds) hold(places []Source, texts []string) bool {
	return slices.ContainsFunc(f, func(paths []string) bool {
		return !slices.ContainsFunc(texts, func(text string) bool {
			return !slices.ContainsFunc(places, func(s Source) bool {
				at := itemNumber.ReplaceAllString(s.Path, "")
				return holds(s.Value, text) && slices.ContainsFunc(paths, func(p string) bool {
					return p == "" || at == p || strings.HasPrefix(at, p+".")
				})
			})
		})
	})
}

// match says how well a delivery that has the texts fits.
func (s *seeking) match(d *pipeline.Delivery, places []Source, texts []string) (match, error) {
	all, err := s.feedsFor(d)
	switch {
	case err != nil || len(all) == 0:
		return unknown, err
	case all.hold(places, texts):
		return inKey, nil
	default:
		return elsewhere, nil
	}
}

// feedsFor are those of whatever takes what comes in by the door of a delivery.
func (s *seeking) feedsFor(d *pipeline.Delivery) (feeds, error) {
	if d.SourceID == 0 {
		webhook := &reading{held: &held{thing: record.Thing{Noun: s.Noun}}}
		if path := webhook.sentAs(d.Door, keyField); path != nil {
			return feeds{{strings.Join(path, ".")}}, nil
		}
		return nil, nil
	}
	if all, known := s.feeds[d.SourceID]; known {
		return all, nil
	}
	links, err := s.Store.Links(s.ctx, s.TenantID, d.SourceID)
	if err != nil && !fault.Is(err, fault.NotFound) { // the source was deleted: nothing is linked to it
		return nil, err
	}
	var all feeds
	for _, l := range links {
		one, err := s.feedsIn(l.ProcessorID)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	s.feeds[d.SourceID] = all
	return all, nil
}

// feedsIn are those in the current spec of a processor.
func (s *seeking) feedsIn(processorID int64) (feeds, error) {
	v, err := s.Store.SpecVersion(s.ctx, s.TenantID, processorID, 0)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	spec, err := v.Spec(s.Library)
	if err != nil {
		return nil, err
	}
	return feedsOf(spec, s.Library, s.noun()), nil
}
