package reference

import (
	"strings"

	"github.com/dealwright/dealwright/internal/spec/check"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
)

const typesText = `## Types

| type | values |
|---|---|
| string | text; case and spaces count |
| number | an exact decimal: up to 38 digits before the point and 20 after it |
| boolean | true, false |
| datetime | an instant, to the microsecond; it remembers no zone |
| object, ` + "`array<T>`" + ` | as in JSON |
| any | any JSON value, as in items of sources without a schema; its kind is checked when the spec runs |
| agent_external_identity and the like | what the identity upserts return |
| activity, sale, call, period, anonymous_activity | what the data upserts return |
| ` + "`table<T>`" + ` | text → value; constants only |
| personal | a field marked as customer personal data: it can be tested for presence and given to ` + "`pseudonym`" + ` |

` + "`T?`" + ` is a T or null. It fits T with the warning ` + "`may_be_missing`" + `, and plainly under a test that shows it is there.

## Literals, formulas and trees

Where a field takes a value, it is written in one of these ways, in YAML and in JSON alike:

| written | is |
|---|---|
| text that begins with ` + "`=`" + ` | a formula |
| text that begins with ` + "`==`" + ` | that text, without the first ` + "`=`" + ` |
| other text, a number, true, false, null | itself |
| an object with a ` + "`type`" + ` | a tree: what a formula is stored as |

In YAML, what is written without quotes is null (nothing, ` + "`~`, `null`" + `), a boolean (` + "`true`, `false`" + `), a number as JSON writes it without
exponent, and else text, as it stands: ` + "`007`, `+31612345678`, `1e5`, `yes`, `2025-12-10`" + ` are text. A key left out keeps what a record has; null clears it.
`

func typesPage(models []library.Model) string {
	p := &page{}
	p.begin("Types", "What values there are, and how they are written.")
	p.line("%s", typesText)
	p.line("## Constants\n\nThey are of type `%s`, and valued on each link of a processor to a source. A datetime is given as text.\n", strings.Join(check.ConstantTypes(), "`, `"))
	p.line("## Source models\n\n| model | its name in a spec | |\n|---|---|---|")
	for _, m := range models {
		p.line("| `%s` | `%s` | %s |", m.Name, m.Var, m.Type)
	}
	p.line("\n## Limits\n\nThey are counted, never timed, so a delivery fails the same way on every machine.\n")
	p.line("| of a spec | |\n|---|---|")
	p.line("| size | %d MiB |", tree.MaxBytes>>20)
	p.line("| instructions | %d |", tree.MaxInstructions)
	p.line("| depth of instructions, expressions and data | %d |", tree.MaxDepth)
	p.line("| a formula | %d KiB |", tree.MaxFormula>>10)
	p.line("| constants · rows of a table | %d · %d |", tree.MaxConstants, tree.MaxRows)
	p.line("| tests | %d |", tree.MaxTests)
	p.line("| an id · a name | %d · %d characters |", tree.MaxID, tree.MaxName)
	p.line("\n| of a run | |\n|---|---|")
	p.line("| instructions that run · expressions evaluated | %d · %d |", run.MaxSteps, run.MaxEvals)
	p.line("| items in a list that is made or looped over | %d |", run.MaxItems)
	p.line("| one text · all texts made | %d · %d MiB |", run.MaxText>>20, run.MaxAllText>>20)
	p.line("| records written | %d |", run.MaxWrites)
	return p.String()
}
