package check

import (
	"fmt"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// recordField checks a literal that names a field of the record which another parameter takes.
func (s *step) recordField(p *types.Param, e *tree.Expr, at *tree.Place) {
	of := s.i.Expr(p.FieldOf)
	if of == nil || e.Type != tree.Literal || e.Value.Kind() != value.KindText || e.Value.IsBlank() {
		return // told elsewhere
	}
	t := s.types[of]
	switch {
	case t.Kind != types.Ref:
		return
	case t.IsIdentity():
		s.problem(s.at.Key(p.FieldOf), tree.WrongType, fmt.Sprintf("%s is an identity (%s), and a record is needed here", p.FieldOf, t.Sure()),
			"Give the result of upsert_activity, upsert_sale and the like.")
		s.sound = false
		return
	}
	names := RecordFields(t)
	for _, name := range names {
		if name == e.Value.Text() {
			return
		}
	}
	s.problem(at, tree.BadLiteral, fmt.Sprintf("a record of kind %s has no field %s to name here", t.Noun, e.Value), near(e.Value.Text(), names)).Fix = s.nearWord(at, e.Value.Text(), names)
	s.sound = false
}

// RecordFields are the fields of a record that can hold something else tomorrow, those of groups after their group.
func RecordFields(record types.Type) []string {
	var names []string
	for _, f := range record.Fields {
		if f.Name == "id" || f.Name == "external_id" {
			continue
		}
		names = append(names, f.Name)
		if f.Type.Kind == types.Object {
			for _, g := range f.Type.Fields {
				names = append(names, f.Name+"."+g.Name)
			}
		}
	}
	return names
}

// perRun warns where a value that differs in each run makes a record each time.
func (s *step) perRun(p *types.Param, e *tree.Expr, at *tree.Place) {
	if !s.onlyReceiveTime(e) {
		return
	}
	if flag := s.i.Expr(p.PerRun); flag != nil && (flag.Type != tree.Literal || flag.Value.Bool()) {
		return
	}
	s.warn(at, tree.PeriodPerRun, p.Name+" is the time of the delivery, so each delivery makes another record", "Set "+p.PerRun+" to true, or give the moment that the sender names.").Fix =
		tree.Add("Set "+p.PerRun, s.at.Key(p.PerRun).Pointer(), value.Bool(true))
}

// onlyReceiveTime says whether an expression is the receive time and nothing else.
func (s *step) onlyReceiveTime(e *tree.Expr) bool {
	signature := s.lib.Expression(e.Type)
	return signature != nil && len(signature.Params) == 0 && signature.Result.Kind == types.Datetime
}
