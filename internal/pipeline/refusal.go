package pipeline

import "github.com/dealwright/dealwright/internal/spec/value"

// WithoutValues gives the error of a refused call, as the call log keeps it, without what it quotes from a body that
// could not be read: the place of the mistake says enough. All other errors stay as they are.
func WithoutValues(stored []byte) []byte {
	e, syntax := value.ParseJSON(stored, value.Limits{Bytes: len(stored) + 1})
	if syntax != nil {
		return stored
	}
	for _, d := range e.Get("details").Items() {
		line, column := d.Get("line"), d.Get("column")
		if line.IsNull() {
			continue
		}
		where := "line " + line.String() + ", column " + column.String() + " of the body"
		return value.Object([]value.Member{
			{Key: "code", Value: e.Get("code")},
			{Key: "message", Value: value.Text("The body cannot be read: " + where + ".")},
			{Key: "details", Value: value.List([]value.Value{value.Object([]value.Member{
				{Key: "code", Value: d.Get("code")}, {Key: "message", Value: value.Text(where)}, {Key: "line", Value: line}, {Key: "column", Value: column},
			})})},
		}).AppendJSON(nil)
	}
	return stored
}
