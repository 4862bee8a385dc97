package specgen

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/text"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Txtar writes the case as one of internal/spec/testdata, with a remark. Pseudonyms in items become plain text: a case
// has no door.
func (c *Case) Txtar(lib *library.Library, remark string) []byte {
	a := &txtar.Archive{Comment: []byte(fmt.Sprintf("Drawn from seed %d. %s\n", c.Seed, strings.ReplaceAll(remark, "\n", " ")))}
	add := func(name, data string) { a.Files = append(a.Files, txtar.File{Name: name, Data: []byte(data)}) }
	add("spec.yaml", string(text.FormatYAML(c.Spec, lib)))
	if c.Model.Type.Kind != types.Any {
		members := []value.Member{{Key: "name", Value: value.Text(c.Model.Name)}, {Key: "var", Value: value.Text(c.Model.Var)}, {Key: "fields", Value: shapeOf(c.Model.Type)}}
		var enrichments []value.Member
		for _, e := range c.Model.Enrichments {
			enrichments = append(enrichments, value.Member{Key: strings.TrimPrefix(e.Of+"/"+e.Use, "/"), Value: shapeOf(e.Type)})
		}
		if enrichments != nil {
			members = append(members, value.Member{Key: "enrichments", Value: value.Object(enrichments)})
		}
		add("model.json", value.Object(members).String()+"\n")
	}
	for n, item := range c.Items {
		name := "item.json"
		if n > 0 {
			name = fmt.Sprintf("item%d.json", n+1)
		}
		add(name, item.Value.String()+"\n")
	}
	var constants, enrichments []value.Member
	for _, f := range c.Env.Constants {
		constants = append(constants, value.Member{Key: f.Name, Value: f.Value})
	}
	for _, f := range c.Env.Enrichments {
		enrichments = append(enrichments, value.Member{Key: f.Name, Value: f.Value})
	}
	add("env.json", value.Object([]value.Member{
		{Key: "zone", Value: value.Text(c.Env.Zone)}, {Key: "country", Value: value.Text(c.Env.Country)},
		{Key: "received_at", Value: value.Text(string(value.AppendMoment(nil, c.Env.ReceivedAt)))},
		{Key: "constants", Value: value.Object(constants)}, {Key: "enrichments", Value: value.Object(enrichments)},
	}).String()+"\n")
	add("outcome", "")
	return txtar.Format(a)
}

// shapeOf is a type as model.json writes it.
func shapeOf(t types.Type) value.Value {
	switch t.Kind {
	case types.Array:
		return value.List([]value.Value{shapeOf(*t.Elem)})
	case types.Object:
		var members []value.Member
		for _, f := range t.Fields {
			key := f.Name
			if f.Type.Optional {
				key += "?"
			}
			members = append(members, value.Member{Key: key, Value: shapeOf(f.Type)})
		}
		return value.Object(members)
	}
	return value.Text(t.Sure().String())
}
