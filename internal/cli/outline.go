package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// column of a table: its head, and the path of what stands in it ("counts.created").
type column struct{ head, path string }

// table prints a list of answers, one line each.
func table(out io.Writer, items []json.RawMessage, columns []column) error {
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.head
	}
	rows := [][]string{heads}
	for _, raw := range items {
		v, err := read(raw)
		if err != nil {
			return err
		}
		cells := make([]string, len(columns))
		for i, c := range columns {
			cells[i] = inLine(at(v, c.path))
		}
		rows = append(rows, cells)
	}
	return tabulate(out, "", rows)
}

// tabulate prints rows with their cells below each other.
func tabulate(out io.Writer, indent string, rows [][]string) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, cells := range rows {
		fmt.Fprintln(w, indent+strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	return w.Flush()
}

func read(raw json.RawMessage) (value.Value, error) {
	v, syntax := value.ParseJSON(raw, value.Limits{Bytes: len(raw) + 1})
	if syntax != nil {
		return v, syntax
	}
	return v, nil
}

func at(v value.Value, path string) value.Value {
	for key := range strings.SplitSeq(path, ".") {
		v = v.Get(key)
	}
	return v
}

// inLine is a value as it stands in a line: a text without quotes, nothing for null.
func inLine(v value.Value) string {
	switch {
	case v.IsNull():
		return ""
	case v.Kind() == value.KindText:
		return strings.ReplaceAll(v.Text(), "\n", " ")
	}
	return v.String()
}

// outline prints an answer with what is in it, indented; what is empty is left out.
func outline(out io.Writer, raw json.RawMessage) error {
	v, err := read(raw)
	if err == nil {
		err = outlined(out, "", v)
	}
	return err
}

func outlined(out io.Writer, indent string, v value.Value) error {
	for _, m := range v.Members() {
		if isNothing(m.Value) {
			continue
		}
		if err := entry(out, indent, m.Key+":", m.Value); err != nil {
			return err
		}
	}
	for _, one := range v.Items() {
		if err := entry(out, indent, "-", one); err != nil {
			return err
		}
	}
	return nil
}

func entry(out io.Writer, indent, head string, v value.Value) error {
	if k := v.Kind(); k != value.KindObject && k != value.KindList {
		_, err := fmt.Fprintf(out, "%s%s %s\n", indent, head, inLine(v))
		return err
	}
	if _, err := fmt.Fprintf(out, "%s%s\n", indent, head); err != nil {
		return err
	}
	return outlined(out, indent+"  ", v)
}

func isNothing(v value.Value) bool {
	k := v.Kind()
	return v.IsNull() || k == value.KindText && v.Text() == "" || (k == value.KindObject || k == value.KindList) && v.Len() == 0
}

// plain is a value as a trace shows it, without the marks of what JSON has no form for.
func plain(v value.Value) string {
	if v.Kind() == value.KindObject && v.Len() == 1 {
		m := v.Members()[0]
		switch m.Key {
		case "$datetime":
			return m.Value.Text()
		case "$ref":
			return fmt.Sprintf("%s “%s”", m.Value.Get("noun").Text(), inLine(m.Value.Get("external_id")))
		case "$personal":
			return "(personal)"
		}
	}
	return v.String()
}
