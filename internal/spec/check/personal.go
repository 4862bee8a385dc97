package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// Words of a path that make one think of a customer. A person's own data is in its last key; an agent, whom records are
// counted by, has a name and an address too, but no record is keyed by them.
var (
	addresses = []string{"mail", "email", "e_mail", "mailaddress", "emailaddress", "email_address", "phone", "telephone", "mobile", "msisdn",
		"phonenumber", "phone_number", "telephonenumber", "telephone_number"}
	personNames = []string{"first_name", "firstname", "last_name", "lastname", "full_name", "fullname", "surname", "family_name", "given_name"}
	customers   = []string{"contact", "customer", "client", "lead", "person", "consumer", "prospect"}
)

// personal warns where a key, or the name of an identity, is made of what looks like a customer's own data.
func (s *step) personal(p *types.Param, e *tree.Expr, at *tree.Place) {
	record := s.signature.Result.Kind == types.Ref && !s.signature.Result.IsIdentity()
	if !p.Key && p.Name != "external_name" {
		return
	}
	keyed := record || s.signature.Result.Kind != types.Ref
	path, is := s.carried(e, func(path tree.Path) string {
		if n := s.names[strings.ToLower(path.Root)]; n != nil && n.at == "" && looksPersonal(path, keyed) {
			return " looks like personal data of a customer"
		}
		if keyed && p.Key {
			return s.sampledPersonal(path)
		}
		return ""
	})
	if path == "" {
		return
	}
	s.warn(at, tree.LooksPersonal, path+is+", and "+p.Name+" is kept and shown",
		"Use the id that the sender has, or "+pseudonymOf(s.checker)+"(…).").Fix = s.hidden(e, at)
}

func looksPersonal(p tree.Path, keyed bool) bool {
	key := strings.ToLower(lastKey(p))
	whose := keyed && slices.Contains(addresses, key)
	if n := len(p.Steps); n > 1 {
		whose = whose || slices.Contains(customers, strings.ToLower(p.Steps[n-2].Key))
	}
	return whose && (key == "name" || slices.Contains(addresses, key) || slices.Contains(personNames, key))
}

// pseudonymOf is the expression that takes personal data and gives text.
func pseudonymOf(c *checker) string {
	for _, x := range c.lib.Expressions() {
		if len(x.Params) > 0 && x.Result.Kind == types.String && slices.Contains(x.Params[0].Type.Among, types.Personal) {
			return x.Name
		}
	}
	return ""
}

// personalData tells that customer personal data would go where none may, whichever way it came.
func (c *checker) personalData(p *types.Param, subject string, e *tree.Expr, t types.Type, at *tree.Place) {
	what, path := "this value", t.PersonalPath()
	if e.Type == tree.Var {
		what = e.Path.String()
	}
	is := "is customer personal data"
	takesOne := slices.Contains(p.Type.Among, types.Personal)
	_, itself := t.Marks.Hit()
	switch {
	case t.Kind != types.Personal && !itself:
		is = "has customer personal data in it"
		if path != "" {
			is += " (" + path + ")"
		}
	case path != "" && path != what:
		is += " (" + path + ")"
	}
	hint := c.takersOfPersonal()
	takes := "takes none"
	if takesOne {
		takes, hint = "takes one value", "Give it the personal value itself, by its path."
	}
	c.problem(at, tree.PersonalData, fmt.Sprintf("%s %s, and %s %s", what, is, subject, takes), hint).Fix = c.pseudonymFix(p, e, t, at)
}

// takersOfPersonal says what may be done with personal data: the parameters whose declarations say so.
func (c *checker) takersOfPersonal() string {
	var takers []string
	takes := func(p types.Param) bool { return slices.Contains(p.Type.Among, types.Personal) }
	for _, x := range c.lib.Expressions() {
		if slices.ContainsFunc(x.Params, takes) {
			takers = append(takers, x.Name+"(…)")
		}
	}
	for _, o := range c.lib.Operations() {
		for _, p := range o.Params {
			if takes(p) {
				takers = append(takers, p.Name+" of "+o.Name)
			}
		}
	}
	if len(takers) == 0 {
		return "It may be tested and carried unchanged."
	}
	return "It may be tested, carried unchanged, and given to " + strings.Join(takers, ", ") + "."
}

// unmarked tells about arguments that are only for values without a mark.
func (k *call) unmarked() {
	for i := range k.signature.Params {
		p := &k.signature.Params[i]
		given := k.e.Field(p.Name)
		of, _ := k.e.Field(p.Unmarked).(*tree.Expr)
		if p.Unmarked == "" || given == nil || of == nil || !k.types[of].IsPersonal() {
			continue
		}
		what := "this value"
		if of.Type == tree.Var {
			what = of.Path.String()
		}
		at := k.at.Key(p.Name)
		k.problem(at, tree.PersonalData, fmt.Sprintf("%s is customer personal data and has the %s of its mark", what, p.Name), "Leave "+p.Name+" out.").Fix =
			&tree.Fix{Title: "Take out " + p.Name, Edits: []tree.Edit{{Op: "remove", Pointer: at.Pointer()}}}
		k.sound = false
	}
}
