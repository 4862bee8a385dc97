package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

type backtest struct {
	oneProcessor
	Spec         string `help:"A file with a spec that is not saved; - is standard input." placeholder:"FILE" xor:"spec"`
	Version      int    `help:"Of the spec; left out: the current one." placeholder:"N" xor:"spec"`
	Deliveries   int    `help:"How many of the last deliveries." default:"1000"`
	IdentifiedBy string `help:"Path of what tells the records of the source apart, such as data.id; found out where left out." placeholder:"PATH"`
}

// Run tells on standard error how far it is; interrupting it cancels.
func (c backtest) Run(ctx context.Context, env Environment) error {
	send := map[string]any{"deliveries": c.Deliveries}
	if c.Version != 0 {
		send["version"] = c.Version
	}
	if c.Spec != "" {
		text, err := readFile(env, c.Spec)
		if err != nil {
			return err
		}
		send["spec"] = string(text)
	}
	if c.IdentifiedBy != "" {
		send["identified_by"] = c.IdentifiedBy
	}
	return c.follow(ctx, env, "/backtest", send, printBacktest)
}

// printBacktest prints what would be otherwise: a table for each sort of difference, with an example of each group.
func printBacktest(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
	}
	tried, live := "the draft", "nothing, since no version was saved yet"
	if n := inLine(v.Get("version")); n != "" {
		tried = "version " + n
	}
	if n := inLine(v.Get("live_version")); n != "" {
		live = "version " + n + ", the live one"
	}
	fmt.Fprintf(out, "%s against %s: %s; nothing was written\n", tried, live, counted(v.Get("deliveries"), "delivery", "deliveries"))
	if path := inLine(v.Get("identified_by")); path != "" {
		fmt.Fprintf(out, "The records of the source are told apart by %s.\n", path)
	}
	said := func(g value.Value) string {
		e := g.Get("examples").At(0)
		from := ""
		if d := inLine(e.Get("delivery_id")); d != "" {
			from = " in " + d
		}
		if e.Get("before").IsNull() && e.Get("after").IsNull() {
			return fmt.Sprintf("“%s”%s", inLine(e.Get("external_id")), from)
		}
		return fmt.Sprintf("“%s”%s: %s → %s", inLine(e.Get("external_id")), from, short(plain(e.Get("before"))), short(plain(e.Get("after"))))
	}
	shown := false
	for _, one := range []struct {
		title, key string
		columns    []column
		example    func(value.Value) string
	}{
		{"Deliveries that end otherwise", "statuses", []column{{"LIVE", "live"}, {"NOW", "tried"}, {"STEP", "step"}, {"ERROR", "code"}}, func(g value.Value) string {
			e := g.Get("examples").At(0)
			return strings.TrimSuffix(inLine(e.Get("delivery_id"))+": "+inLine(e.Get("message")), ": ")
		}},
		{"Said otherwise about records than by the live version, delivery by delivery", "differences",
			[]column{{"HELD BACK", "held_back"}, {"WHAT", "noun"}, {"FIELD", "field"}, {"CHANGE", "change"}, {"STEP", "step"}}, said},
		{"What the records would hold in the end otherwise than they do", "records",
			[]column{{"HELD BACK", "held_back"}, {"WHAT", "noun"}, {"FIELD", "field"}, {"CHANGE", "change"}, {"STEP", "step"}, {"CAUSE", "cause"}}, said},
		{"Overwritten: several records of the source write the same one", "overwrites", []column{{"WHAT", "noun"}, {"STEP", "step"}, {"BY", "kind"}}, func(g value.Value) string {
			e := g.Get("examples").At(0)
			return fmt.Sprintf("“%s” by %s over %s", inLine(e.Get("external_id")), inLine(e.Get("by").Get("id")), inLine(e.Get("over").Get("id")))
		}},
		{"Written under another external id: what is there would stay, as a duplicate", "new_external_ids",
			[]column{{"WHAT", "noun"}, {"STEP", "step"}, {"SHAPE BEFORE", "before"}, {"SHAPE NOW", "after"}}, func(g value.Value) string {
				e := g.Get("examples").At(0)
				return fmt.Sprintf("“%s” → “%s”", inLine(e.Get("before")), inLine(e.Get("after")))
			}},
	} {
		groups := v.Get(one.key).Items()
		shown = shown || len(groups) > 0
		if err := grouped(out, one.title, groups, one.columns, one.example); err != nil {
			return err
		}
	}
	if !shown {
		fmt.Fprintln(out, "no differences")
	}
	if n := inLine(v.Get("ungrouped")); n != "0" {
		fmt.Fprintf(out, "\n%s more differences, of rarer kinds, are not shown.\n", n)
	}
	return leftOut(out, "Deliveries that were left out", v.Get("not_run"), v.Get("notes"))
}

// short is a text that leaves room for others in a line.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// grouped prints groups with how many there are in each and an example; without any, nothing. Columns with nothing in
// them are left out.
func grouped(out io.Writer, title string, groups []value.Value, columns []column, example func(value.Value) string) error {
	if len(groups) == 0 {
		return nil
	}
	columns = slices.DeleteFunc(slices.Clone(columns), func(c column) bool {
		return !slices.ContainsFunc(groups, func(g value.Value) bool { s := inLine(at(g, c.path)); return s != "" && s != "0" })
	})
	head := []string{"COUNT"}
	for _, c := range columns {
		head = append(head, c.head)
	}
	rows := [][]string{append(head, "EXAMPLE")}
	for _, g := range groups {
		cells := []string{inLine(g.Get("count"))}
		for _, c := range columns {
			cells = append(cells, strings.ReplaceAll(inLine(at(g, c.path)), "_", " "))
		}
		rows = append(rows, append(cells, example(g)))
	}
	fmt.Fprintf(out, "\n%s\n", title)
	return tabulate(out, "  ", rows)
}

// leftOut prints the deliveries that were not looked at and why, and what else is to be known.
func leftOut(out io.Writer, title string, groups, notes value.Value) error {
	err := grouped(out, title, groups.Items(), []column{{"WHY", "why"}}, func(g value.Value) string { return inLine(g.Get("examples").At(0)) })
	for i, n := range notes.Items() {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintln(out, inLine(n))
	}
	return err
}

// counted is a number with what it counts: 1 delivery, 2 deliveries.
func counted(n value.Value, one, more string) string {
	if inLine(n) == "1" {
		return "1 " + one
	}
	return inLine(n) + " " + more
}

type findOrphans struct{ oneProcessor }

// Run tells on standard error how far it is; interrupting it cancels.
func (c findOrphans) Run(ctx context.Context, env Environment) error {
	return c.follow(ctx, env, "/orphans", nil, printOrphans)
}

// printOrphans prints what no present spec would make, a line each.
func printOrphans(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s of version %s: %s of the processor would not be made by any present spec\n",
		counted(v.Get("deliveries"), "delivery", "deliveries"), inLine(v.Get("version")), inLine(v.Get("count"))+" of "+counted(v.Get("things"), "thing", "things"))
	orphans := v.Get("orphans").Items()
	if len(orphans) > 0 {
		rows := [][]string{{"WHAT", "EXTERNAL ID", "ID", "VERSION", "STEP", "DELIVERY", "EXECUTION", "WHY"}}
		for _, o := range orphans {
			rows = append(rows, []string{words(o.Get("noun")), inLine(o.Get("external_id")), inLine(o.Get("id")), inLine(o.Get("version")),
				inLine(o.Get("step")), inLine(o.Get("delivery_id")), inLine(o.Get("execution_id")), inLine(o.Get("why"))})
		}
		fmt.Fprintln(out)
		if err := tabulate(out, "  ", rows); err != nil {
			return err
		}
		if count := inLine(v.Get("count")); count != fmt.Sprint(len(orphans)) {
			fmt.Fprintf(out, "  %d of %s shown; take these back, with dealwright execution undo, and ask again.\n", len(orphans), count)
		}
	}
	return leftOut(out, "Deliveries that could not be run: what was made from them is not judged", v.Get("not_judged"), v.Get("notes"))
}

// follow makes a call that answers in lines, and prints the last.
func (c oneProcessor) follow(ctx context.Context, env Environment, verb string, send any, human func(io.Writer, json.RawMessage) error) error {
	data, err := c.lines(ctx, http.MethodPost, c.path(verb), send, func(progress json.RawMessage) {
		var p struct{ Done, Total int }
		if json.Unmarshal(progress, &p) != nil || !env.Terminal {
			return
		}
		of := ""
		if p.Total != 0 {
			of = fmt.Sprint(" of ", p.Total)
		}
		fmt.Fprintf(env.Err, "\r%d%s deliveries", p.Done, of)
	})
	if env.Terminal {
		fmt.Fprint(env.Err, "\r"+strings.Repeat(" ", 40)+"\r")
	}
	if err != nil {
		return err
	}
	return c.show(env, data, human)
}
