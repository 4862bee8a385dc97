package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
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
	return c.follow(ctx, env, "/backtest", send)
}

type findOrphans struct{ oneProcessor }

// Run tells on standard error how far it is; interrupting it cancels.
func (c findOrphans) Run(ctx context.Context, env Environment) error {
	return c.follow(ctx, env, "/orphans", nil)
}

// follow makes a call that answers in lines, and prints the last.
func (c oneProcessor) follow(ctx context.Context, env Environment, verb string, send any) error {
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
	return c.show(env, data, outline)
}
