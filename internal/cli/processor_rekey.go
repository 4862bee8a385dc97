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

// Run moves part by part; cut off, it is simply asked again.
func (c rekeyProcessor) Run(ctx context.Context, env Environment) error {
	send := map[string]any{"preview": c.Preview}
	if c.Undo {
		return c.do(ctx, env, http.MethodPost, "/re-key/undo", send, c.report)
	}
	var all []json.RawMessage // answers
	for {
		var data json.RawMessage
		if err := c.call(ctx, http.MethodPost, c.path("/re-key"), send, &data); err != nil {
			return err
		}
		all = append(all, data)
		if !c.JSON {
			if err := c.report(env.Out, data); err != nil {
				return err
			}
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
	return nil
}

// report prints what was moved, and what stays and why.
func (c rekeyProcessor) report(out io.Writer, data json.RawMessage) error {
	v, err := read(data)
	if err != nil {
		return err
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
	_, err = fmt.Fprintf(out, "%d moved, %d left\n", v.Get("moved").Len(), v.Get("left").Len())
	return err
}
