package types_test

import (
	"testing"

	"github.com/dealwright/dealwright/internal/spec/types"
)

var (
	agent  = types.RefTo("agent", types.Field{Name: "id", Type: types.Text})
	team   = types.RefTo("team")
	person = types.ObjectOf(types.Field{Name: "email", Type: types.Private}, types.Field{Name: "age", Type: types.Num})
	point  = types.ObjectOf(types.Field{Name: "x", Type: types.Num}, types.Field{Name: "y", Type: types.Num})
	loose  = types.ObjectOf(types.Field{Name: "x", Type: types.Free})
	sparse = types.ObjectOf(types.Field{Name: "x", Type: types.Num.Maybe()}, types.Field{Name: "z", Type: types.Num})
	line   = types.ObjectOf(types.Field{Name: "x", Type: types.Num})
	null   = types.Type{Kind: types.Null, Optional: true}
)

func TestFits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		given, want types.Type
		fits        bool
	}{
		{types.Text, types.Text, true},
		{types.Text.Maybe(), types.Text, true}, // null is told apart
		{null, types.Moment, true},
		{types.Broken, agent, true},
		{types.Num, types.Text, false},
		{types.Num, types.Free, true},
		{types.Free, types.Num, true},
		{types.Free, types.Moment, false},
		{types.Free, agent, false},
		{types.Moment, types.Free, false},
		{agent, types.Free, false},
		{agent, agent, true},
		{agent, team, false},
		{point, line, true},
		{line, point, false},
		{point, types.Free, true},
		{types.Free, line, true},
		{types.ListOf(types.Num), types.ListOf(types.Free), true},
		{types.ListOf(types.Free), types.ListOf(types.Num), true},
		{types.ListOf(types.Text), types.ListOf(types.Num), false},
		{types.ListOf(agent), types.Free, false},
		{types.ListOf(agent), types.ListOf(types.Var("T")), true},
		{types.Free, types.ListOf(types.Var("T")), true},
		{types.Free, types.TableOf(types.Text), false},
		{types.TableOf(types.Num), types.TableOf(types.Var("V")), true},
		{types.Num, types.ID, true},
		{types.Bool, types.ID, false},
		{types.Free, types.ID, true},
		{types.Moment, types.Var("T", types.Number, types.Datetime), true},
		{types.Private, types.Something, true},
		{types.Private, types.Plain, false},
		{types.Private, types.Text, false},
		{types.Private, types.Free, false},
		{person, types.Plain, false},
		{person, types.Free, false},
		{types.ListOf(person), types.ListOf(types.Var("T")), true},
		{types.ListOf(person), types.ListOf(types.Plain), false},
	} {
		if got := types.Fits(c.given, c.want); got != c.fits {
			t.Errorf("%s fits %s: %v", c.given, c.want, got)
		}
	}
}

func TestUnify(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		list []types.Type
		want string // "" nothing in common
	}{
		{[]types.Type{types.Num, types.Num}, "number"},
		{[]types.Type{types.Num, null}, "number?"},
		{[]types.Type{null, types.Moment}, "datetime?"},
		{[]types.Type{types.Num.Maybe(), types.Num}, "number?"},
		{[]types.Type{types.Num, types.Text}, "any"},
		{[]types.Type{types.Num, types.Text, null}, "any?"},
		{[]types.Type{types.Moment, types.Text}, ""},
		{[]types.Type{agent, team}, ""},
		{[]types.Type{agent, agent}, "agent_external_identity"},
		{[]types.Type{types.ListOf(types.Num), types.ListOf(types.Text)}, "array<any>"},
		{[]types.Type{types.ListOf(types.Num), types.Text}, "any"},
		{[]types.Type{point, line}, "object{x: number}"},
		{[]types.Type{line, loose}, "object{x: any}"}, // not a number because any fits one
		{[]types.Type{line, sparse}, "object{x: number?}"},
		{[]types.Type{types.ListOf(sparse), types.ListOf(line)}, "array<object{x: number?}>"},
		{[]types.Type{types.Private, types.Text}, "personal"},
		{[]types.Type{types.Text, types.Private, null}, "personal?"},
		{[]types.Type{null, null}, "null"},
		{[]types.Type{types.Broken, types.Moment}, "unknown"},
	} {
		got, err := types.Unify(c.list...)
		if err != nil && c.want == "" {
			continue
		}
		if err != nil || got.String() != c.want {
			t.Errorf("%s unify to %s (%v), want %s", c.list, got, err, c.want)
		}
	}
}
