package check

import (
	"fmt"
	"strings"
	"time"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// constantTypes are the types a constant may have.
var constantTypes = []struct {
	name string
	kind types.Type
}{
	{"string", types.Text}, {"number", types.Num}, {"boolean", types.Bool}, {"datetime", types.Moment},
	{"table<string>", types.TableOf(types.Text)}, {"table<number>", types.TableOf(types.Num)}, {"table<boolean>", types.TableOf(types.Bool)},
}

// ConstantTypes are the names of the types a constant may have.
func ConstantTypes() []string {
	names := make([]string, len(constantTypes))
	for i, t := range constantTypes {
		names[i] = t.name
	}
	return names
}

// ConstantType gives the type that a constant declares; ok false: there is none of that name.
func ConstantType(name string) (t types.Type, ok bool) {
	for _, c := range constantTypes {
		if c.name == name {
			return c.kind, true
		}
	}
	return types.Broken, false
}

// ConstantFits says what is wrong with a value for a constant of a type, "" where nothing is. Links ask it too.
func ConstantFits(t types.Type, v value.Value) string {
	switch t.Kind {
	case types.Unknown:
		return ""
	case types.String:
		return wants(v, value.KindText, "text")
	case types.Number:
		if v.Kind() == value.KindNumber && !v.Decimal().InRange() {
			return "the number has more than 38 digits before the point"
		}
		return wants(v, value.KindNumber, "a number")
	case types.Boolean:
		return wants(v, value.KindBool, "true or false")
	case types.Datetime:
		if v.Kind() == value.KindText {
			if at, ok := library.ReadMoment(v.Text(), time.UTC); !ok || at.IsNull() {
				return fmt.Sprintf("%s is no datetime, as 2025-12-10 19:00:00", v)
			}
		}
		return wants(v, value.KindText, "a datetime as text")
	}
	if v.Kind() != value.KindObject {
		return wants(v, value.KindObject, "a table, as {won: accepted, lost: cancelled}")
	}
	if v.Len() > tree.MaxRows {
		return fmt.Sprintf("the table has %d rows, and 5,000 are allowed", v.Len())
	}
	for _, row := range v.Members() {
		if wrong := ConstantFits(*t.Elem, row.Value); wrong != "" {
			return "row " + row.Key + ": " + wrong
		}
	}
	return ""
}

func wants(v value.Value, kind value.Kind, what string) string {
	if v.Kind() == kind {
		return ""
	}
	return fmt.Sprintf("%s is needed, not %s", what, v.Kind())
}

func (c *checker) constants(at *tree.Place) {
	if n := len(c.spec.Constants); n > tree.MaxConstants {
		c.problem(at, tree.TooLarge, fmt.Sprintf("the spec has %d constants, and 100 are allowed", n), "A table holds many values under one name.")
	}
	for n, constant := range c.spec.Constants {
		at := at.Index(n)
		t, ok := ConstantType(constant.Type)
		if !ok && constant.Type != "" {
			c.problem(at.Key("type"), tree.BadConstant, "there is no constant of type "+constant.Type, "One of "+strings.Join(ConstantTypes(), ", ")+".").Fix = c.nearWord(at.Key("type"), constant.Type, ConstantTypes())
		}
		if constant.Default == nil {
			if constant.Name != "" {
				c.warn(at, tree.ConstantWithoutValue, constant.Name+" has no default, so every link must give it a value", "Give it a default where one would do for most.")
			}
		} else if wrong := ConstantFits(t, *constant.Default); wrong != "" {
			p := c.problem(at.Key("default"), tree.BadConstant, "the default does not fit "+constant.Type+": "+wrong, "Write a default of that type, or leave it out: then every link gives a value.")
			if t.Kind == types.String && (constant.Default.Kind() == value.KindNumber || constant.Default.Kind() == value.KindBool) {
				p.Hint = "Put quotes around it."
				p.Fix = tree.Replace("Put quotes around it", p.Pointer, value.Text(constant.Default.String()))
			} else if v, err := value.ParseJSON([]byte(constant.Default.Text()), value.Limits{}); err == nil && ConstantFits(t, v) == "" {
				p.Hint = "Take the quotes off."
				p.Fix = tree.Replace("Take the quotes off", p.Pointer, v)
				if v.Kind() == value.KindNumber && strings.ContainsAny(constant.Default.Text(), "eE") { // without quotes it is a string, too
					p.Hint = "Write the number without an exponent: " + v.String() + "."
					p.Fix = tree.Replace("Write it without an exponent", p.Pointer, v)
				}
			}
		}
		c.bind(at.Key("name"), constant.Name, t)
	}
}

// enrichment is a declared one.
type enrichment struct {
	name  string
	use   string
	kind  types.Type
	place *tree.Place
	used  bool
}

func (c *checker) enrichments(at *tree.Place) {
	root := c.spec.Var
	if root == "" {
		root = c.model.Var
	}
	for n, e := range c.spec.Enrichments {
		at := at.Index(n)
		if source := c.names[strings.ToLower(e.Of.Root)]; source != nil {
			c.used(source, at.Key("of"), e.Of, Parent)
		}
		if e.Name == "" || e.Use == "" || e.Of.IsZero() {
			continue // the reader has told it
		}
		of := e.Of.String()
		parent, parentUse := c.model.Type, ""
		if of != root {
			outer := c.enriched[prefix(e.Of)][lastKey(e.Of)]
			if outer == nil {
				c.problem(at.Key("of"), tree.BadEnrichment, of+" is neither the source model nor an enrichment above", "Write "+root+", or put the enrichment below the one it needs.")
				continue
			}
			outer.used = true
			parent, parentUse = outer.kind, outer.use
		}
		kind, ok := c.model.Fetched(parentUse, e.Use)
		if !ok {
			c.problem(at.Key("use"), tree.BadEnrichment, fmt.Sprintf("%s has no enrichment %s", c.model.Name, e.Use), c.offered(parentUse)).Fix =
				c.nearWord(at.Key("use"), e.Use, c.offers(parentUse))
			continue
		}
		if _, taken := parent.Field(e.Name); taken || c.enriched[of][e.Name] != nil {
			c.problem(at.Key("name"), tree.NameTaken, fmt.Sprintf("%s has a %s already", of, e.Name), "Choose another name.")
			continue
		}
		if c.enriched[of] == nil {
			c.enriched[of] = map[string]*enrichment{}
		}
		c.enriched[of][e.Name] = &enrichment{name: e.Name, use: e.Use, kind: kind.From(of + "." + e.Name), place: at.Key("name")}
	}
}

func prefix(p tree.Path) string { return p.Prefix(max(len(p.Steps)-1, 0)) }

func lastKey(p tree.Path) string {
	if len(p.Steps) == 0 {
		return ""
	}
	return p.Steps[len(p.Steps)-1].Key
}

func (c *checker) offered(of string) string {
	names := c.offers(of)
	if names == nil {
		return "It has none."
	}
	return "It has " + strings.Join(names, ", ") + "."
}

// offers are what the model can fetch for itself (""), or for one of its enrichments.
func (c *checker) offers(of string) []string {
	var names []string
	for _, e := range c.model.Enrichments {
		if e.Of == of {
			names = append(names, e.Use)
		}
	}
	return names
}

func (c *checker) unusedEnrichments() {
	for _, declared := range c.spec.Enrichments {
		if e := c.enriched[declared.Of.String()][declared.Name]; e != nil && !e.used {
			c.warn(e.place, tree.UnusedName, "nothing uses "+declared.Of.String()+"."+e.name, "Take it out: what is fetched and not used costs time.").Fix =
				tree.Remove("Take it out", strings.TrimSuffix(e.place.Pointer(), "/name"))
		}
	}
}
