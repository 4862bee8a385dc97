package compile

import (
	"slices"
	"strconv"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

func (c *compiler) expr(e *tree.Expr, pointer string, parent *run.Node) (run.Expr, *run.Node) {
	return c.exprIn(e, pointer, parent, false)
}

// exprIn compiles an expression; key says that it stands directly in a key. Without tracing the node is nil.
func (c *compiler) exprIn(e *tree.Expr, pointer string, parent *run.Node, key bool) (run.Expr, *run.Node) {
	var node *run.Node
	if c.traced {
		node = &run.Node{Type: e.Type, Formula: c.formula(e), Pointer: pointer, Parent: parent}
	}
	var made run.Expr
	switch e.Type {
	case tree.Literal:
		made = literal(e.Value)
	case tree.Var:
		made = c.variable(e.Path)
	default:
		made = c.call(e, pointer, node, key)
	}
	if node == nil || made == nil {
		return made, nil
	}
	return func(f *run.Frame) (value.Value, *run.DataError) {
		f.Enter(node)
		v, err := made(f)
		f.Leave(v, err)
		return v, err
	}, node
}

func literal(v value.Value) run.Expr {
	return func(f *run.Frame) (value.Value, *run.DataError) {
		return v, f.Count()
	}
}

// variable reads a path.
func (c *compiler) variable(path tree.Path) run.Expr {
	slot, steps := c.root(path)
	if len(steps) == 0 {
		return func(f *run.Frame) (value.Value, *run.DataError) {
			return remarked(f, f.Slot(slot)), f.Count()
		}
	}
	return func(f *run.Frame) (value.Value, *run.DataError) {
		err := f.Count()
		v := f.Slot(slot)
		for i := range steps {
			switch {
			case err != nil:
				return value.Null(), err
			case steps[i].IsIndex:
				v = v.At(steps[i].Index)
			default:
				v, err = f.Get(v, steps[i].Key)
			}
		}
		return remarked(f, v), err
	}
}

// root gives the slot where a path begins and the steps from there; an enrichment has a slot of its own.
func (c *compiler) root(path tree.Path) (int, []tree.Step) {
	for n := len(path.Steps); n > 0; n-- {
		if slot, ok := c.enrichments[path.Prefix(n)]; ok {
			return slot, path.Steps[n:]
		}
	}
	return c.slot(path.Root), path.Steps
}

func remarked(f *run.Frame, v value.Value) value.Value {
	if v.Rounded() {
		f.Remark("rounded", "the number came with more than 20 decimals and was rounded at 20")
	}
	return v
}

// call compiles an expression of the library.
func (c *compiler) call(e *tree.Expr, pointer string, node *run.Node, key bool) run.Expr {
	declared := c.lib.FindExpression(e.Type)
	if declared == nil {
		c.fail(pointer, "there is no expression %q", e.Type)
		return nil
	}
	call := &library.Call{Signature: &declared.Signature, Args: make([]library.Arg, len(declared.Params))}
	for i := range declared.Params {
		c.argument(call, i, e.Field(declared.Params[i].Name), pointer, node)
	}
	if c.err != nil {
		return nil
	}
	made := declared.Make(call, key)
	return func(f *run.Frame) (value.Value, *run.DataError) {
		if err := f.Count(); err != nil {
			return value.Null(), err
		}
		v, err := made(f)
		if err != nil && err.Place == "" {
			err.Place = pointer
		}
		return v, err
	}
}

func (c *compiler) argument(call *library.Call, i int, content tree.Content, pointer string, node *run.Node) {
	param := &call.Signature.Params[i]
	pointer += "/" + param.Name
	switch content := content.(type) {
	case nil:
		if param.Required {
			c.fail(pointer, "it is required")
		}
		call.Args[i] = library.Arg{Pointer: pointer, Type: param.Type}
	case *tree.Expr:
		call.Args[i] = c.one(content, param, param.Name, pointer, node)
	case tree.List:
		for n, e := range content {
			index := strconv.Itoa(n)
			call.Rest = append(call.Rest, c.one(e, param, param.Name+"["+index+"]", pointer+"/"+index, node))
		}
	case tree.Name:
		call.Args[i] = library.Arg{Pointer: pointer, Slot: c.slot(string(content))}
	default:
		c.fail(pointer, "it could not be read")
	}
}

func (c *compiler) one(e *tree.Expr, param *types.Param, name, pointer string, node *run.Node) library.Arg {
	arg := library.Arg{Pointer: pointer, Type: param.Type, Name: e.Type, Formula: c.formula(e)}
	var inner *run.Node
	arg.Eval, inner = c.expr(e, pointer, node)
	if node != nil {
		node.Args = append(node.Args, run.NodeArg{Name: name, Node: inner})
	}
	if e.Type == tree.Literal {
		arg.Literal = &e.Value
	} else if signature := c.lib.Expression(e.Type); signature != nil {
		arg.Chosen = slices.ContainsFunc(signature.Params, func(p types.Param) bool { return p.Given != "" })
	}
	return arg
}
