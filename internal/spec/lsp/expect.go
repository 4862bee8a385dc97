package lsp

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// expectation says what belongs at a place of a spec. At most one of its parts is set, but for help.
type expectation struct {
	keys        []key        // an object with these
	words       []string     // one of these, as it is
	param       *types.Param // an expression
	instruction bool         // an instruction
	list        bool         // a list of instructions
	name        bool         // a name of one's own
	result      string       // with name: the noun of what it names
	help        string
}

// key of an object.
type key struct {
	name, detail, help string
	required           bool
}

func plainKeys(pairs ...string) []key {
	var keys []key
	for i := 0; i+1 < len(pairs); i += 2 {
		name, required := strings.CutSuffix(pairs[i], "*")
		keys = append(keys, key{name: name, help: pairs[i+1], required: required})
	}
	return keys
}

var (
	specKeys = plainKeys("spec*", "The revision of the language: 1.", "source_model*", "What one delivered item looks like.",
		"var", "The name the item is bound to.", "constants", "Named here, valued on each link.",
		"enrichments", "What is fetched before the first instruction.", "instructions*", "What is done, in order.",
		"tests", "Items, and what must come of them.", "note", "A person's remark.")
	constantKeys    = plainKeys("name*", "What it is called.", "type*", "Its type.", "default", "Its value where a link gives none.", "note", "A person's remark.")
	enrichmentKeys  = plainKeys("name*", "It is read as of.name.", "of*", "The item, or an enrichment above.", "use*", "What the source model calls it.", "note", "A person's remark.")
	instructionKeys = plainKeys("type*", "Which operation or block it is.", "id", "Stays the same across edits; absent, it is given on save.",
		"note", "A person's remark.", "disabled", "true: it is kept, not checked and not run.", "return_as", "The name its result is bound to.")
	caseKeys = plainKeys("equals*", "One expression, or a list of them.", "body*", "Runs for these.")
	testKeys = plainKeys("name*", "What it is called.", "given*", "One item, or a list of items delivered in order.", "expect*", "What must come of it.",
		"constants", "Values of constants.", "zone", "The tenant's zone.", "received_at", "When it was delivered.",
		"before", "The records and identities that are there.", "note", "A person's remark.")
	errorKeys = plainKeys("instruction", "The id of the instruction that fails.", "code", "The code of the error.")
)

// expect goes along a path of a document and says what belongs there.
func (s *Server) expect(given value.Value, path []string, model library.Model) expectation {
	if len(path) == 0 {
		return expectation{keys: specKeys}
	}
	v, inner := given.Get(path[0]), path[1:]
	switch path[0] {
	case "source_model":
		var names []string
		for _, m := range s.library.Models() {
			names = append(names, m.Name)
		}
		return expectation{words: names, help: helpIn(specKeys, path[0])}
	case "constants":
		switch {
		case len(inner) == 1:
			return expectation{keys: constantKeys}
		case len(inner) == 2 && inner[1] == "type":
			return expectation{words: check.ConstantTypes(), help: helpIn(constantKeys, "type")}
		case len(inner) == 2:
			return expectation{help: helpIn(constantKeys, inner[1])}
		}
	case "enrichments":
		switch {
		case len(inner) == 1:
			return expectation{keys: enrichmentKeys}
		case len(inner) == 2 && inner[1] == "use":
			var names []string
			for _, e := range model.Enrichments {
				names = append(names, e.Use)
			}
			return expectation{words: names, help: helpIn(enrichmentKeys, "use")}
		case len(inner) == 2:
			return expectation{help: helpIn(enrichmentKeys, inner[1])}
		}
	case "instructions":
		return s.expectInList(v, inner)
	case "tests":
		return s.expectInTest(inner)
	}
	if len(path) == 1 {
		return expectation{help: helpIn(specKeys, path[0])}
	}
	return expectation{}
}

func helpIn(keys []key, name string) string {
	for _, k := range keys {
		if k.name == name {
			return k.help
		}
	}
	return ""
}

func (s *Server) expectInList(v value.Value, path []string) expectation {
	if len(path) == 0 {
		return expectation{list: true}
	}
	n, _ := strconv.Atoi(path[0])
	i := v.At(n)
	operation := s.library.FindOperation(i.Get("type").Text())
	if len(path) == 1 {
		if i.Kind() != value.KindObject {
			return expectation{instruction: true}
		}
		keys := slices.Clone(instructionKeys)
		if operation != nil {
			keys = append(paramKeys(operation.Params), keys...)
			if operation.Result.Kind == types.None {
				keys = slices.DeleteFunc(keys, func(k key) bool { return k.name == "return_as" })
			}
		}
		return expectation{keys: keys}
	}
	switch path[1] {
	case "type":
		return expectation{words: s.library.InstructionNames(), instruction: true, help: helpIn(instructionKeys, "type")}
	case "return_as":
		e := expectation{name: true, help: helpIn(instructionKeys, "return_as")}
		if operation != nil {
			e.result = operation.Result.Noun
		}
		return e
	case "disabled":
		return expectation{words: []string{"true", "false"}, help: helpIn(instructionKeys, "disabled")}
	}
	if operation != nil {
		if p, _ := operation.Param(path[1]); p != nil {
			return s.expectParam(p, i.Get(path[1]), path[2:])
		}
	}
	return expectation{help: helpIn(instructionKeys, path[1])}
}

func paramKeys(params []types.Param) []key {
	keys := make([]key, len(params))
	for i := range params {
		p := &params[i]
		keys[i] = key{p.Name, typeName(p), p.Help, p.Required}
	}
	return keys
}

// typeName is what a parameter takes, in few words.
func typeName(p *types.Param) string {
	switch p.Form {
	case types.Name:
		return "a name"
	case types.Body:
		return "instructions"
	case types.Cases:
		return "cases"
	case types.Group:
		return "fields"
	case types.Expressions:
		return "list of " + p.Type.String()
	}
	return p.Type.String()
}

func (s *Server) expectParam(p *types.Param, v value.Value, path []string) expectation {
	switch p.Form {
	case types.Body:
		return s.expectInList(v, path)
	case types.Name:
		return expectation{name: true, help: p.Help}
	case types.Cases:
		switch {
		case len(path) == 1:
			return expectation{keys: caseKeys}
		case len(path) >= 2 && path[1] == "body":
			n, _ := strconv.Atoi(path[0])
			return s.expectInList(v.At(n).Get("body"), path[2:])
		case len(path) >= 2 && path[1] == "equals":
			return expectation{param: &types.Param{Name: "equals", Type: p.Type}, help: helpIn(caseKeys, "equals")}
		}
		return expectation{help: p.Help}
	case types.Group:
		if len(path) == 0 {
			return expectation{keys: paramKeys(p.Fields), help: p.Help}
		}
		for i := range p.Fields {
			if p.Fields[i].Name == path[0] {
				return s.expectParam(&p.Fields[i], v.Get(path[0]), path[1:])
			}
		}
		return expectation{}
	case types.Expressions:
		if len(path) == 0 {
			return expectation{help: p.Help}
		}
		n, _ := strconv.Atoi(path[0])
		v, path = v.At(n), path[1:]
	}
	if len(path) == 0 && v.Kind() != value.KindObject {
		return expectation{param: p, help: p.Help}
	}
	signature := s.library.Expression(v.Get("type").Text()) // a tree
	switch {
	case len(path) == 0 && signature != nil:
		return expectation{keys: append(plainKeys("type*", "The expression."), paramKeys(signature.Params)...)}
	case len(path) == 0:
		return expectation{keys: plainKeys("type*", "The expression.")}
	case path[0] == "type":
		return expectation{words: append([]string{tree.Literal, tree.Var}, s.library.ExpressionNames()...)}
	case signature != nil:
		if q, _ := signature.Param(path[0]); q != nil {
			return s.expectParam(q, v.Get(path[0]), path[1:])
		}
	}
	return expectation{}
}

func (s *Server) expectInTest(path []string) expectation {
	switch {
	case len(path) == 1:
		return expectation{keys: testKeys}
	case len(path) == 2 && (path[1] == "before" || path[1] == "expect"):
		var keys []key
		if path[1] == "expect" {
			keys = plainKeys("outcome", "How the run ends; succeeded, if left out.", "error", "The error it fails with.", "failed_items", "How many items of loops fail.")
		}
		for _, kind := range slices.Sorted(maps.Keys(check.Kinds(s.library))) {
			keys = append(keys, key{name: kind, help: "A list of them, each with its external_id."})
		}
		return expectation{keys: keys}
	case len(path) == 2:
		return expectation{help: helpIn(testKeys, path[1])}
	case len(path) == 3 && path[2] == "outcome":
		return expectation{words: check.Outcomes}
	case len(path) == 3 && path[2] == "error":
		return expectation{keys: errorKeys}
	case len(path) == 4 && (path[1] == "before" || path[1] == "expect"):
		if kind, ok := check.Kinds(s.library)[path[2]]; ok {
			var keys []key
			for _, f := range kind.Fields {
				if f.Name != "id" || path[1] == "expect" {
					keys = append(keys, key{name: f.Name, detail: f.Type.String()})
				}
			}
			return expectation{keys: keys}
		}
	}
	return expectation{}
}
