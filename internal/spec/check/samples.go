package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// Seen is Check by someone who has seen samples of the data: it warns of what they show, too.
func Seen(spec *tree.Spec, lib *library.Library, model library.Model, seen *shape.Shape) []tree.Problem {
	return settle(spec, lib, model, seen, "").problems
}

// SeenAt is Seen that also gives what was found out, and what can be used at a place of the spec.
func SeenAt(spec *tree.Spec, lib *library.Library, model library.Model, seen *shape.Shape, pointer string) (Checked, At, []tree.Problem) {
	c := settle(spec, lib, model, seen, pointer)
	checked := Checked{spec: spec, lib: lib, model: model, done: c}
	return checked, At{Names: c.found, Known: c.certain, Enrichments: c.fetchedNames()}, c.problems
}

// What samples have to show before they are a reason to warn.
const (
	someValues = 5   // of a field, for what they look like
	manyValues = 20  // for how few of them are different
	halfOfThem = 0.5 // look so
	fewOfThem  = 10  // one of so many is another one
)

// place is where in a delivery a path leads, as shapes write it; false where it is not known, or not in the delivery.
func (c *checker) place(p tree.Path) (string, bool) {
	n := c.names[strings.ToLower(p.Root)]
	if n == nil || n.at != "" && n.data == "" {
		return "", false
	}
	place := n.data
	for _, s := range p.Steps {
		if s.IsIndex {
			place += "[]"
		} else {
			place = shape.Below(place, s.Key)
		}
	}
	return place, true
}

// sampled is what samples show of a path; nil where they show nothing.
func (c *checker) sampled(p tree.Path) *shape.Field {
	place, ok := c.place(p)
	if !ok {
		return nil
	}
	return c.seen.Field(place)
}

// carried gives the first path whose value an expression carries on for which test gives words, and those. What is only
// made a pseudonym, or only tested, is not carried on.
func (c *checker) carried(e *tree.Expr, test func(tree.Path) string) (path, words string) {
	switch {
	case e.Type == tree.Var:
		if words = test(e.Path); words != "" {
			return e.Path.String(), words
		}
		return "", ""
	case e.Type == pseudonymOf(c) || c.types[e].Kind == types.Boolean:
		return "", ""
	}
	for _, arg := range arguments(e) {
		if path, words = c.carried(arg, test); words != "" {
			return path, words
		}
	}
	return "", ""
}

// changingKey warns where an agent is known by what people change.
func (s *step) changingKey(p *types.Param, e *tree.Expr, at *tree.Place) {
	if !p.Key || !p.Required || !s.signature.Result.IsIdentity() || s.signature.Result.Noun != "agent" {
		return
	}
	path, is := s.carried(e, func(p tree.Path) string {
		if _, delivered := s.place(p); !delivered {
			return ""
		}
		if what := changing(lastKey(p)); what != "" {
			return "is " + what
		}
		f := s.sampled(p)
		if f == nil || f.Values() < someValues {
			return ""
		}
		for _, l := range []struct {
			look shape.Look
			what string
		}{{shape.Email, "an e-mail address"}, {shape.Phone, "a phone number"}, {shape.PersonName, "a name"}} {
			if f.Share(l.look) >= halfOfThem {
				return "was " + l.what + " in recent deliveries"
			}
		}
		return ""
	})
	if path != "" {
		s.warn(at, tree.ChangingKey, fmt.Sprintf("%s %s: when it changes, the same person becomes another agent", path, is),
			"Use the id that the sender has for its user. The name goes into external_name, the address into email.")
	}
}

// changing says what a key stands for, where people change that.
func changing(key string) string {
	key = strings.ToLower(key)
	switch {
	case slices.Contains(addresses, key), strings.HasSuffix(key, "_email"), strings.HasSuffix(key, "_mail"):
		return "an address"
	case key == "name", slices.Contains(personNames, key), strings.HasSuffix(key, "_name") && key != "user_name":
		return "a name"
	}
	return ""
}

// sampledPersonal says what samples show of a path that a customer's data seems to be in.
func (c *checker) sampledPersonal(p tree.Path) string {
	f := c.sampled(p)
	if f == nil || f.Personal == nil || f.Values() < someValues || f.Personal.Share < halfOfThem {
		return ""
	}
	return ": in recent deliveries " + f.Personal.Why
}

// unidentified warns where nothing in the key of a record tells one source record from another.
func (s *step) unidentified(p *types.Param, e *tree.Expr, at *tree.Place) {
	if !p.Key || !p.Required || s.signature.Result.Kind != types.Ref || s.signature.Result.IsIdentity() || !s.varies(e) {
		return
	}
	var few []string // that samples show
	if s.identifies(e, &few) {
		return
	}
	message := p.Name + " has nothing in it that tells one source record from another"
	if len(few) > 0 {
		message += ": " + strings.Join(few, ", ")
	}
	s.warn(at, tree.UnidentifiedKey, message+"; where it is the same, one overwrites the other", "Put the id of the thing in it, as in concat(event.id, \" | won\").")
}

// identifies says whether something in an expression can tell one source record from another. What samples say against
// it is added to few.
func (s *step) identifies(e *tree.Expr, few *[]string) bool {
	switch kind := s.types[e].Kind; {
	case e.Broken():
		return true
	case e.Type == tree.Literal, kind == types.Datetime, kind == types.Boolean:
		return false
	case e.Type == tree.Var:
		n := s.names[strings.ToLower(e.Path.Root)]
		if n == nil || strings.HasPrefix(n.at, "/constants/") {
			return n == nil
		}
		if _, delivered := s.place(e.Path); !delivered {
			return !strings.HasSuffix(n.at, "/index_var")
		}
		return s.tells(e.Path, few)
	}
	identifies := false
	for _, arg := range arguments(e) { // all of them: each may have its reason
		identifies = s.identifies(arg, few) || identifies
	}
	return identifies
}

// tells says whether the field at a path tells source records apart: by its values where there are enough of them, else
// by its name.
func (s *step) tells(p tree.Path, few *[]string) bool {
	if f := s.sampled(p); f != nil {
		switch values := f.Values(); {
		case f.More || values >= manyValues && f.Distinct*fewOfThem >= values && f.Distinct > 1:
			return true
		case values >= manyValues, values >= someValues && f.Distinct == 1:
			*few = append(*few, fmt.Sprintf("%s had %s among %d in recent deliveries", p, counted(f.Distinct), values))
			return false
		}
	}
	key := strings.ToLower(lastKey(p))
	return !labels[key] && !slices.ContainsFunc(labelEnds, func(end string) bool { return strings.HasSuffix(key, end) })
}

func counted(n int) string {
	if n == 1 {
		return "one value"
	}
	return fmt.Sprintf("%d values", n)
}

// labels are keys of what many source records have in common.
var labels = map[string]bool{
	"type": true, "kind": true, "status": true, "state": true, "stage": true, "phase": true, "category": true, "label": true, "outcome": true,
	"result": true, "action": true, "topic": true, "trigger": true, "event": true, "channel": true, "pipeline": true, "currency": true,
	"amount": true, "price": true, "value": true, "quantity": true, "date": true, "datetime": true, "time": true, "timestamp": true,
	"moment": true, "day": true, "week": true, "month": true, "year": true,
}

// labelEnds are how keys of the same end.
var labelEnds = []string{"_type", "_status", "_state", "_stage", "_at", "_on", "_date", "_time", "_datetime"}
