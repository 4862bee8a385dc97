package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

type rekeyProcessor struct {
	oneProcessor
	Preview bool `help:"Only show what would be done."`
	Undo    bool `help:"Take the newest re-key back."`
}

// Run moves, or moves back, part by part; cut off, it is simply asked again.
func (c rekeyProcessor) Run(ctx context.Context, env Environment) error {
	send, verb := map[string]any{"preview": c.Preview}, "/re-key"
	if c.Undo {
		verb = "/re-key/undo"
	}
	var all []json.RawMessage // answers
	moved, left := 0, 0
	for {
		var data json.RawMessage
		if err := c.call(ctx, http.MethodPost, c.path(verb), send, &data); err != nil {
			return err
		}
		all = append(all, data)
		if !c.JSON {
			m, l, err := c.report(env.Out, data)
			if err != nil {
				return err
			}
			moved, left = moved+m, left+l
		}
		v, err := read(data)
		if err != nil {
			return err
		}
		next := v.Get("next")
		if next.IsNull() {
			break
		}
		send["after"] = next.Text()
	}
	if c.JSON {
		return printJSON(env.Out, all)
	}
	_, err := fmt.Fprintf(env.Out, "%d moved, %d left\n", moved, left)
	return err
}

// report prints what was moved, and what stays and why, and counts both.
func (c rekeyProcessor) report(out io.Writer, data json.RawMessage) (moved, left int, err error) {
	v, err := read(data)
	if err != nil {
		return 0, 0, err
	}
	if c.Preview {
		fmt.Fprintln(out, "Nothing was changed. This would be done:")
	}
	for _, m := range v.Get("moved").Items() {
		fmt.Fprintf(out, "%s %s: “%s” → “%s”\n", words(m.Get("noun")), inLine(m.Get("id")), inLine(m.Get("from")), inLine(m.Get("to")))
	}
	for _, l := range v.Get("left").Items() {
		fmt.Fprintf(out, "%s %s stays “%s”: %s\n", words(l.Get("noun")), inLine(l.Get("id")), inLine(l.Get("external_id")), inLine(l.Get("why")))
	}
	return v.Get("moved").Len(), v.Get("left").Len(), nil
}
