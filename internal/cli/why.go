package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// asked asks where what a thing holds comes from, or why it is not there.
type asked struct {
	overAPI
	Kind       string `arg:"" help:"Of a record: activity, sale, call, period, anonymous_activity; or of an external identity: agent, team, project, segment, proposition."`
	ExternalID string `arg:"" name:"external-id" help:"As the source system, or the spec, names it; quote it where it has spaces."`
	Field      string `help:"Only this field." placeholder:"NAME"`
	Provider   string `help:"Only of this provider." placeholder:"ID"`
}

// Run asks. It ends with exit code 1 where the thing is not there.
func (c asked) Run(ctx context.Context, env Environment) error {
	query := url.Values{"kind": {strings.ReplaceAll(c.Kind, "-", "_")}, "external_id": {c.ExternalID}}
	if c.Provider != "" {
		query.Set("provider_id", c.Provider)
	}
	var data json.RawMessage
	if err := c.call(ctx, http.MethodGet, "/v1/why?"+query.Encode(), nil, &data); err != nil {
		return err
	}
	var found struct {
		There []struct {
			Path       string
			ProviderID string `json:"provider_id"`
		}
	}
	if err := json.Unmarshal(data, &found); err != nil {
		return err
	}
	told := []json.RawMessage{}
	for _, t := range found.There {
		if c.Provider != "" && t.ProviderID != c.Provider {
			continue
		}
		path := t.Path + "/why"
		if c.Field != "" {
			path += "?" + url.Values{"field": {c.Field}}.Encode()
		}
		var one json.RawMessage
		if err := c.call(ctx, http.MethodGet, path, nil, &one); err != nil {
			return err
		}
		told = append(told, one)
	}
	if c.JSON {
		if err := printJSON(env.Out, map[string]any{"answer": data, "things": told}); err != nil {
			return err
		}
	} else if err := c.tell(env.Out, data, told); err != nil {
		return err
	}
	if len(told) == 0 {
		return errShown
	}
	return nil
}

// tell prints it for people: of what is there its fields, of what is not what became of each delivery.
func (c asked) tell(out io.Writer, data json.RawMessage, told []json.RawMessage) error {
	for _, one := range told {
		v, err := read(one)
		if err != nil {
			return err
		}
		printThing(out, v)
	}
	if len(told) > 0 {
		return nil
	}
	v, err := read(data)
	if err != nil {
		return err
	}
	printAbsent(out, v)
	return nil
}

func printThing(out io.Writer, v value.Value) {
	fmt.Fprintf(out, "%s “%s”: %s of provider %s\n", words(v.Get("noun")), inLine(v.Get("external_id")), inLine(v.Get("id")), inLine(v.Get("provider_id")))
	for _, f := range v.Get("fields").Items() {
		fmt.Fprintf(out, "\n%s: %s\n", inLine(f.Get("field")), f.Get("value"))
		printSetter(out, f.Get("set_by"))
		for _, b := range f.Get("before").Items() {
			fmt.Fprintf(out, "  until %s: %s; changed by %s\n", inLine(b.Get("at")), b.Get("before"), maker(b.Get("made_by")))
		}
		if l := f.Get("lock"); !l.IsNull() {
			fmt.Fprintf(out, "  locked: only runs of delivery %s may change it\n", inLine(l.Get("delivery_id")))
		}
		for _, h := range f.Get("held_back").Items() {
			why := "a newer delivery had set it"
			if h.Get("why").Text() == "locked" {
				why = "it was locked"
			}
			fmt.Fprintf(out, "  held back: %s, of execution %s, step %s: %s\n", h.Get("value"), inLine(h.Get("execution_id")), inLine(h.Get("step")), why)
		}
		if note := f.Get("note").Text(); note != "" {
			fmt.Fprintf(out, "  %s\n", note)
		}
	}
}

// maker names who made a change.
func maker(m value.Value) string {
	if undo := m.Get("undo_id").Text(); undo != "" {
		return "undo " + undo
	}
	if m.Get("rekey_id").Text() != "" {
		return "a re-key"
	}
	if e := m.Get("execution_id").Text(); e != "" {
		return "execution " + e
	}
	if d := m.Get("delivery_id").Text(); d != "" {
		return "delivery " + d
	}
	return inLine(m.Get("origin")) + " " + inLine(m.Get("origin_id"))
}

func printSetter(out io.Writer, w value.Value) {
	if w.IsNull() {
		return
	}
	fmt.Fprintf(out, "  set by delivery %s, received at %s", inLine(w.Get("delivery_id")), inLine(w.Get("received_at")))
	e := w.Get("execution")
	if e.IsNull() {
		fmt.Fprintf(out, " at the %s webhook\n", inLine(w.Get("door")))
	} else {
		fmt.Fprintf(out, " from %s\n  in execution %s of version %s of %s\n", inLine(e.Get("source_name")), inLine(e.Get("id")), inLine(e.Get("version")), inLine(e.Get("processor_name")))
	}
	if note := w.Get("note").Text(); note != "" {
		fmt.Fprintf(out, "  %s\n", note)
	}
	if s := w.Get("step"); !s.IsNull() {
		fmt.Fprintf(out, "  by step %s (%s)", inLine(s.Get("id")), inLine(s.Get("summary")))
		if items := s.Get("items"); items.Len() > 0 {
			fmt.Fprintf(out, ", item %s", strings.Trim(items.String(), "[]"))
		}
		if formula := s.Get("field").Get("formula").Text(); formula != "" {
			fmt.Fprintf(out, ": %s", formula)
		}
		fmt.Fprintln(out)
		for _, c := range s.Get("conditions").Items() {
			fmt.Fprintf(out, "    since %s is %s\n", strings.TrimPrefix(inLine(c.Get("formula")), "="), plain(c.Get("value")))
		}
	}
	printSources(out, "    ", w.Get("sources"))
}

func printSources(out io.Writer, indent string, sources value.Value) {
	for _, s := range sources.Items() {
		fmt.Fprintf(out, "%s%s = %s", indent, inLine(s.Get("path")), plain(s.Get("value")))
		if kind := s.Get("kind").Text(); kind != "delivery" {
			fmt.Fprintf(out, " (%s)", kind)
		}
		fmt.Fprintln(out)
	}
}

func printAbsent(out io.Writer, v value.Value) {
	fmt.Fprintln(out, inLine(v.Get("verdict")))
	for _, d := range v.Get("deliveries").Items() {
		from := inLine(d.Get("source_name"))
		if from == "" {
			from = "the " + inLine(d.Get("door")) + " webhook"
		}
		fmt.Fprintf(out, "\ndelivery %s, received at %s from %s\n", inLine(d.Get("delivery_id")), inLine(d.Get("received_at")), from)
		if d.Get("elsewhere").Bool() {
			fmt.Fprintln(out, "  a weaker match: no external id of the kind is made of what stands there")
		}
		printSources(out, "  ", d.Get("places"))
		for _, o := range d.Get("outcomes").Items() {
			indent := "  "
			if name := inLine(o.Get("processor_name")); name != "" {
				indent = "    "
				fmt.Fprintf(out, "  processor %s (%s)", name, inLine(o.Get("processor_id")))
				if e := o.Get("execution"); !e.IsNull() {
					fmt.Fprintf(out, ", execution %s: %s", inLine(e.Get("id")), inLine(e.Get("status")))
				}
				fmt.Fprintln(out)
			}
			for _, r := range o.Get("reasons").Items() {
				fmt.Fprintf(out, "%s%s\n", indent, inLine(r.Get("message")))
			}
		}
	}
	for _, r := range v.Get("refused").Items() {
		fmt.Fprintf(out, "\ncall %s, received at %s, answered with %s\n  %s\n", inLine(r.Get("source_execution_id")), inLine(r.Get("received_at")), inLine(r.Get("http_status")), inLine(r.Get("reason")))
	}
}
