package library

import (
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var failOperation = &Operation{
	Entry: Entry{
		Name: "fail", Group: Utility, Title: "Fail", Summary: "Fail: {message}",
		Help: "Fails the run, or within a loop the item, with your message. What was done in it is undone.",
		Signature: types.Signature{
			Params: []types.Param{must(field("message", types.Text, "Message", "What is wrong, for whoever must mend it."))},
			Ends:   true,
		},
		Examples: []Example{{`- {type: fail, message: no amount}`, `!failed`}},
	},
	Meaning: func(*Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			return f.Broken(in, run.Fail("failed", value.Null(), fields[0].Value.Text(), "The spec says so: mend the delivery, or the spec."))
		}
	},
}
