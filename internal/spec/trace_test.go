package spec_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/trace"
	"github.com/dealwright/dealwright/internal/spec/types"
	"github.com/dealwright/dealwright/internal/spec/value"
)

var nullList = regexp.MustCompile(`"(steps|fields|fields_after|before|locked|stale)":null`)

// mustHaveLists: a list of a trace that has nothing in it is an empty list for who reads it, never null.
func mustHaveLists(t *testing.T, tr *trace.Tree) {
	t.Helper()
	written, err := json.Marshal(tr)
	if err != nil {
		t.Fatal(err)
	}
	if null := nullList.Find(written); null != nil {
		t.Errorf("the trace has %s", null)
	}
}

// showTrace writes a trace as text: one line per step, then its fields with the formula and every expression in it.
func showTrace(t *trace.Tree) string {
	var b strings.Builder
	showSteps(&b, "", t.Steps)
	return b.String()
}

func showSteps(b *strings.Builder, indent string, steps []*trace.Step) {
	for _, s := range steps {
		fmt.Fprintf(b, "%s%s %s: %s", indent, s.ID, s.Type, s.State)
		if s.Outcome != "" {
			fmt.Fprintf(b, ", %s", s.Outcome)
		}
		if s.Undone {
			b.WriteString(", undone")
		}
		if s.Count != nil {
			fmt.Fprintf(b, ", %d items", *s.Count)
		}
		if s.Error != nil {
			fmt.Fprintf(b, ", %s", s.Error.Code)
		}
		b.WriteByte('\n')
		for _, f := range s.Fields {
			showField(b, indent+"  ", f)
		}
		if s.Record != nil && s.Record.Matched > 0 {
			fmt.Fprintf(b, "%s  matched %d\n", indent, s.Record.Matched)
		}
		if s.Record != nil {
			for _, o := range s.Record.Others {
				fmt.Fprintf(b, "%s  %s %s", indent, o.Outcome, o.ExternalID)
				for _, f := range o.Before {
					fmt.Fprintf(b, "; before %s %s", f.Name, show(f.Value.Value))
				}
				fmt.Fprintf(b, "%s%s\n", listed("; locked ", o.Locked), listed("; stale ", o.Stale))
			}
		}
		for _, branch := range s.Branches {
			taken := "not taken"
			if branch.Taken {
				taken = "taken"
			}
			fmt.Fprintf(b, "%s  %s: %s\n", indent, branch.Name, taken)
			showSteps(b, indent+"    ", branch.Steps)
		}
		for _, item := range s.Items {
			fmt.Fprintf(b, "%s  %d: %s %s\n", indent, item.Index, item.Value, item.Status)
			showSteps(b, indent+"    ", item.Steps)
		}
		showSteps(b, indent+"    ", s.Body)
		if s.Returns != nil {
			fmt.Fprintf(b, "%s  returns %s %s\n", indent, s.Returns.Name, show(s.Returns.Value.Value))
		}
	}
}

func showField(b *strings.Builder, indent string, f *trace.Field) {
	fmt.Fprintf(b, "%s%s", indent, f.Name)
	if f.Value != nil {
		fmt.Fprintf(b, " %s", show(f.Value.Value))
	}
	if f.Error != nil {
		fmt.Fprintf(b, " !%s", f.Error.Code)
	}
	b.WriteByte('\n')
	if f.Tree != nil && f.Tree.Type != "literal" {
		showExpr(b, indent+"  ", "", f.Tree)
	}
}

func showExpr(b *strings.Builder, indent, name string, e *trace.Expr) {
	fmt.Fprintf(b, "%s%s%s", indent, name, e.Formula)
	switch {
	case e.Error != nil:
		fmt.Fprintf(b, " !%s", e.Error.Code)
	case !e.Evaluated:
		b.WriteString(" not evaluated")
	case e.Value != nil:
		fmt.Fprintf(b, " → %s", show(e.Value.Value))
	}
	for _, r := range e.Remarks {
		fmt.Fprintf(b, " (%s)", r.Code)
	}
	b.WriteByte('\n')
	for _, a := range e.Arguments {
		if a.Expr.Type != "literal" {
			showExpr(b, indent+"  ", a.Name+": ", a.Expr)
		}
	}
	for _, item := range e.Items {
		if item.Expr != nil {
			showExpr(b, indent+"  ", show(item.Value.Value)+": ", item.Expr)
		}
	}
}

// withAsk is the language with one operation more, whose answer may come later. No operation of the language needs that
// yet; the cases in testdata/answers prove that a run can stop at one and go on.
var withAsk = library.New(library.Expressions(), append(library.Operations(), ask))

var ask = &library.Operation{
	Entry: library.Entry{
		Name: "ask", Title: "Ask", Help: "Asks somebody, who may answer later.", Group: library.Utility, Summary: "Ask {question}",
		Signature: types.Signature{
			Params: []types.Param{{Name: "question", Title: "Question", Type: types.Text, Required: true, Help: "What is asked."}},
			Result: types.Free,
		},
	},
	Meaning: func(*library.Step) run.Do {
		return func(f *run.Frame, in *run.Instruction, fields []run.Field) (value.Value, run.Flow) {
			return f.Apply(in, run.Effect{Kind: run.Ask, Noun: "ask", Fields: fields})
		}
	},
}

func listed(what string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return what + strings.Join(names, ", ")
}
