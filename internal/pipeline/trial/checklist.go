package trial

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/processor"
	"github.com/dealwright/dealwright/internal/spec/library"
	"github.com/dealwright/dealwright/internal/spec/run"
	"github.com/dealwright/dealwright/internal/spec/tree"
	"github.com/dealwright/dealwright/internal/spec/types"
)

// Check is one line of the checklist of whoever is about to enable a processor.
type Check struct {
	Key      string // identities, branches, external_ids, personal, records, optional_fields, link
	State    string // ok, todo, warn
	Sentence string
	Places   []CheckPlace
}

// CheckPlace is where to go about it.
type CheckPlace struct {
	Pointer  string // into the spec; "" where it is not there
	Step     string // id of the instruction
	Source   int64
	Delivery int64
	Times    int         // deliveries that come to the same there, Delivery among them; 0: it is about none
	Mark     *types.Mark // that the source could have
	Says     string
	latest   int64 // delivery that was counted
}

// States of a check.
const (
	CheckOK   = "ok"
	CheckTodo = "todo"
	CheckWarn = "warn"
)

// fewRecords are so many different source records that a spec should have been tried with.
const fewRecords = 3

// Checklist says what of a spec was seen at work, and what was not.
func (r *Rehearsal) Checklist(lib *library.Library) []Check {
	return []Check{r.identities(lib), r.branches(), r.externalIDs(), r.personal(), r.records(), r.optional(), r.link()}
}

func (r *Rehearsal) identities(lib *library.Library) Check {
	c := Check{Key: "identities", State: CheckOK}
	makes := map[string]string{} // pointers by id
	r.Spec.Walk(func(pointer string, i *tree.Instruction) bool {
		if signature := lib.Instruction(i.Type); signature != nil && signature.Result.IsIdentity() && !i.Disabled {
			makes[i.ID] = pointer
		}
		return !i.Disabled
	})
	failed := 0
	for i := range r.Runs {
		for _, e := range r.Runs[i].Errors {
			if pointer, is := makes[e.Instruction]; is {
				failed++
				c.place(CheckPlace{Pointer: pointer, Step: e.Instruction, Delivery: r.Runs[i].Delivery, Says: e.Message})
			}
		}
	}
	switch {
	case len(makes) == 0:
		c.Sentence = "The spec makes no external identities."
	case len(r.Runs) == 0:
		c.State, c.Sentence = CheckTodo, "No delivery has been tried yet, so no identity was found or made."
	case failed > 0:
		c.State, c.Sentence = CheckTodo, fmt.Sprintf("External identities could not be made %s.", timesOf(failed))
	default:
		c.Sentence = fmt.Sprintf("External identities are found or made without an error in %s.", deliveriesOf(len(r.Runs)))
	}
	return c
}

func (r *Rehearsal) branches() Check {
	c := Check{Key: "branches", State: CheckOK}
	share := r.Coverage.Branches()
	switch {
	case share.All == 0:
		c.Sentence = "The spec has no branches."
	case len(share.Missed) == 0:
		c.Sentence = fmt.Sprintf("All %d branches were taken.", share.All)
	default:
		c.State, c.Sentence = CheckTodo, fmt.Sprintf("%d of %d branches were taken by no delivery.", len(share.Missed), share.All)
		for _, s := range share.Missed {
			c.place(CheckPlace{Pointer: s.Pointer, Step: s.Instruction, Says: s.Branch + " of " + s.Type})
		}
	}
	return c
}

func (r *Rehearsal) externalIDs() Check {
	c := Check{Key: "external_ids", State: CheckOK}
	if len(r.Keys) == 0 {
		c.State, c.Sentence = CheckTodo, "No record was written, so no external id could be looked at."
		return c
	}
	several := 0
	for _, k := range r.Keys {
		says := make([]string, min(len(k.Shapes), 5))
		for i := range says {
			says[i] = fmt.Sprintf("“%s” as in %s (%s)", k.Shapes[i].Shape, k.Shapes[i].Example, timesOf(k.Shapes[i].Times))
		}
		if len(k.Shapes) > 1 {
			several++
		}
		c.place(CheckPlace{Pointer: r.pointer(k.Step) + "/external_id", Step: k.Step, Says: k.Noun + ": " + strings.Join(says, ", ")})
	}
	c.Sentence = "The external ids of each step have one shape."
	if several > 0 {
		c.State, c.Sentence = CheckWarn, "External ids of one step have more than one shape: look whether they are ids of the same kind of thing."
	}
	return c
}

func (r *Rehearsal) personal() Check {
	c := Check{Key: "personal", State: CheckOK, Sentence: "Nothing looks like personal data of a customer that is stored without being marked."}
	places := len(r.Unmarked)
	for _, p := range r.Problems {
		if p.Code == tree.PersonalData || p.Code == tree.LooksPersonal {
			places++
			c.place(CheckPlace{Pointer: p.Pointer, Step: p.InstructionID, Says: p.Message})
		}
	}
	for _, u := range r.Unmarked {
		c.place(CheckPlace{Source: u.Source, Mark: &types.Mark{Path: u.Path, Kind: u.Kind}, Says: r.sourceName(u.Source) + ": " + u.Path + " is not marked, and " + u.Why})
	}
	if places > 0 {
		c.State, c.Sentence = CheckWarn, fmt.Sprintf("%d places look like personal data of a customer.", places)
		if places == 1 {
			c.Sentence = "One place looks like personal data of a customer."
		}
	}
	return c
}

func (r *Rehearsal) sourceName(source int64) string {
	for _, l := range r.Links {
		if l.SourceID == source {
			return l.SourceName
		}
	}
	return "A source that is no longer linked"
}

func (r *Rehearsal) records() Check {
	c := Check{Key: "records", State: CheckOK}
	ids := map[string]bool{}
	failing := 0
	for i := range r.Runs {
		one := &r.Runs[i]
		if one.Status == run.Failed || one.Status == run.Partial {
			failing++
			place := CheckPlace{Delivery: one.Delivery, Says: firstError(one.Errors)}
			if len(one.Errors) > 0 {
				place.Step = one.Errors[0].Instruction
				place.Pointer = r.pointer(place.Step)
			}
			c.place(place)
		}
		if one.Record == "" {
			ids[fmt.Sprint("delivery ", one.Delivery)] = true
		} else {
			ids[fmt.Sprint(one.Source, " ", one.Record)] = true
		}
	}
	switch {
	case failing > 0:
		c.State, c.Sentence = CheckWarn, fmt.Sprintf("%d of %s fail or fail in part.", failing, deliveriesOf(len(r.Runs)))
	case len(ids) < fewRecords:
		c.State, c.Sentence = CheckTodo, fmt.Sprintf("It was tried with %d different source records; %d are the least.", len(ids), fewRecords)
	default:
		c.Sentence = fmt.Sprintf("It was tried with %d different source records.", len(ids))
	}
	if r.Cut {
		c.Sentence += " Only the last ones were tried: the time was up."
	}
	if r.NotRun > 0 {
		c.Sentence += fmt.Sprintf(" %s could not be tried here.", deliveriesOf(r.NotRun))
	}
	return c
}

func (r *Rehearsal) optional() Check {
	c := Check{Key: "optional_fields", State: CheckOK, Sentence: "Every field is in every delivery that was tried."}
	if len(r.Runs) < fewRecords {
		c.State, c.Sentence = CheckTodo, "There are too few deliveries to see which fields are not always there."
		return c
	}
	if n := len(r.Fields); n > 0 {
		c.Sentence = fmt.Sprintf("%d fields were tried both present and absent.", n)
		if n == 1 {
			c.Sentence = "One field was tried both present and absent."
		}
		for _, f := range r.Fields {
			c.place(CheckPlace{Says: fmt.Sprintf("%s: in %d, not in %d", f.Path, f.Present, f.Absent)})
		}
	}
	return c
}

func (r *Rehearsal) link() Check {
	c := Check{Key: "link", State: CheckOK, Sentence: "Every linked source gives all constants."}
	if len(r.Links) == 0 {
		c.State, c.Sentence = CheckTodo, "No source is linked to the processor."
		return c
	}
	for _, l := range r.Links {
		for _, wrong := range processor.CheckConstants(r.Spec, l.Constants) {
			c.place(CheckPlace{Source: l.SourceID, Says: l.SourceName + ": " + wrong.Message})
		}
	}
	if len(c.Places) > 0 {
		c.State, c.Sentence = CheckTodo, "Constants lack values on a link, so its deliveries wait."
	}
	return c
}

// mostCheckPlaces of one check are told.
const mostCheckPlaces = 20

// place adds one; what is told already is not told again, but of how many deliveries it is.
func (c *Check) place(p CheckPlace) {
	if p.Delivery != 0 {
		p.Times, p.latest = 1, p.Delivery
	}
	at := slices.IndexFunc(c.Places, func(q CheckPlace) bool {
		return q.Pointer == p.Pointer && q.Step == p.Step && q.Says == p.Says && q.Source == p.Source
	})
	switch {
	case at < 0 && len(c.Places) < mostCheckPlaces:
		c.Places = append(c.Places, p)
	case at >= 0 && c.Places[at].latest != p.Delivery: // all errors of a run come together
		c.Places[at].Times++
		c.Places[at].latest = p.Delivery
	}
}

func (r *Rehearsal) pointer(step string) (found string) {
	r.Spec.Walk(func(pointer string, i *tree.Instruction) bool {
		if i.ID == step {
			found = pointer
		}
		return found == ""
	})
	return found
}

func firstError(errs []*run.DataError) string {
	if len(errs) == 0 {
		return ""
	}
	return errs[0].Message
}

func timesOf(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

func deliveriesOf(n int) string {
	if n == 1 {
		return "one delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}
