package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/dealwright/dealwright/internal/spec/types"
)

// sources are the commands about sources.
type sources struct {
	List     listSources   `cmd:"" help:"List sources."`
	Get      getSource     `cmd:"" help:"Show a source, and where its deliveries go."`
	Personal personalMarks `cmd:"" help:"Show or say where customer personal data is in what a source delivers."`
	Shape    sourceShape   `cmd:"" help:"Show what the last deliveries look like, and what in them could be personal data that is not marked."`
}

type listSources struct {
	overAPI
	limited
	Provider  string `help:"Only of this provider." placeholder:"ID"`
	Processor string `help:"Only those linked to this processor." placeholder:"ID"`
}

// Run lists sources.
func (c listSources) Run(ctx context.Context, env Environment) error {
	return c.print(ctx, env, c.limited, "/v1/sources", map[string]string{"provider_id": c.Provider, "processor_id": c.Processor}, []column{
		{"ID", "id"}, {"NAME", "name"}, {"PROVIDER", "provider_name"}, {"TYPE", "type"}, {"PROCESSORS", "processors"}, {"URL", "url"},
	})
}

// oneSource is the source a command is about.
type oneSource struct {
	overAPI
	ID string `arg:"" help:"Of the source (src_…)."`
}

// do makes one call about the source and prints the answer.
func (c oneSource) do(ctx context.Context, env Environment, method, verb string, send any, human func(io.Writer, json.RawMessage) error) error {
	var data json.RawMessage
	if err := c.call(ctx, method, "/v1/sources/"+url.PathEscape(c.ID)+verb, send, &data); err != nil {
		return err
	}
	return c.show(env, data, human)
}

type getSource struct{ oneSource }

// Run shows it.
func (c getSource) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodGet, "", nil, outline)
}

type sourceShape struct {
	oneSource
	sampled
}

// Run shows it.
func (c sourceShape) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodGet, c.path(), nil, printShape)
}

// personalMarks are the commands about the marks of a source.
type personalMarks struct {
	Get getMarks `cmd:"" help:"Show the marks, as put takes them."`
	Put putMarks `cmd:"" help:"Replace all marks. Pseudonyms take the place of what is marked before anything is stored or run."`
}

type getMarks struct{ oneSource }

// Run shows them.
func (c getMarks) Run(ctx context.Context, env Environment) error {
	return c.do(ctx, env, http.MethodGet, "/personal", nil, printMarks)
}

type putMarks struct {
	oneSource
	Marks []string `arg:"" optional:"" help:"All of them, as path=kind: contact.email=email, lines[].name=name, answers.*.text=text, **.phone=phone. Keys are matched with their case: contact.email does not mark Contact.email. A kind is one of email, phone, name, address, postcode, date, text."`
	File  string   `help:"Read them from a file instead: one path=kind in each line, or JSON as get --json prints it; - is standard input." placeholder:"FILE"`
	None  bool     `help:"Take all marks away."`
}

// Run replaces them. What may be a mistake in them is told on standard error.
func (c putMarks) Run(ctx context.Context, env Environment) error {
	marks, err := c.read(env)
	if err != nil {
		return err
	}
	var data json.RawMessage
	if err := c.call(ctx, http.MethodPut, "/v1/sources/"+url.PathEscape(c.ID)+"/personal", map[string]any{"marks": marks}, &data); err != nil {
		return err
	}
	if err := c.show(env, data, printMarks); err != nil || c.JSON {
		return err
	}
	var now struct {
		Warnings []struct{ Message, Hint string }
	}
	if err := json.Unmarshal(data, &now); err != nil {
		return err
	}
	for _, w := range now.Warnings {
		advise(env.Err, "", "warning: "+w.Message, w.Hint)
	}
	return nil
}

func (c putMarks) read(env Environment) ([]types.Mark, error) {
	ways := 0
	for _, given := range []bool{len(c.Marks) > 0, c.File != "", c.None} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return nil, usageError{errors.New("say which marks there are to be: as path=kind, such as contact.email=email, or with --file, or --none to take all away; what is not said is no longer marked")}
	}
	lines := c.Marks
	if c.File != "" {
		text, err := readFile(env, c.File)
		if err != nil {
			return nil, err
		}
		if text = bytes.TrimSpace(text); bytes.HasPrefix(text, []byte("{")) {
			if _, err := parseJSON(c.File, text); err != nil {
				return nil, usageError{err}
			}
			var file struct{ Marks []types.Mark }
			if err := json.Unmarshal(text, &file); err != nil {
				return nil, usageError{fmt.Errorf(`%s: %w; write {"marks": [{"path": "contact.email", "kind": "email"}]}`, c.File, err)}
			}
			if file.Marks == nil {
				return nil, usageError{fmt.Errorf(`%s: there are no marks in it; write {"marks": [{"path": "contact.email", "kind": "email"}]}`, c.File)}
			}
			return file.Marks, nil
		}
		lines = strings.Split(string(text), "\n")
	}
	marks := []types.Mark{}
	for _, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		at := strings.LastIndex(line, "=") // a key in brackets may have one, a kind has none
		if at < 0 {
			return nil, usageError{fmt.Errorf("“%s” is no mark; write path=kind, such as contact.email=email", line)}
		}
		marks = append(marks, types.Mark{Path: strings.TrimSpace(line[:at]), Kind: strings.TrimSpace(line[at+1:])})
	}
	return marks, nil
}

// printMarks prints marks as put takes them, one in a line.
func printMarks(out io.Writer, data json.RawMessage) error {
	var now struct {
		Marks, Model []types.Mark
	}
	if err := json.Unmarshal(data, &now); err != nil {
		return err
	}
	for _, m := range now.Marks {
		fmt.Fprintf(out, "%s=%s\n", m.Path, m.Kind)
	}
	for _, m := range now.Model {
		fmt.Fprintf(out, "%s=%s (of the source model)\n", m.Path, m.Kind)
	}
	if len(now.Marks)+len(now.Model) == 0 {
		fmt.Fprintln(out, "nothing is marked")
	}
	return nil
}
