package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// sampled is how many deliveries a shape is learned from.
type sampled struct {
	Deliveries int `help:"How many of the last deliveries to look at, 1 to 1000." default:"200"`
}

func (s sampled) path() string { return fmt.Sprintf("/shape?deliveries=%d", s.Deliveries) }

// printShape prints what deliveries look like, a line for each field, and what could be marked.
func printShape(out io.Writer, data json.RawMessage) error {
	var s struct {
		Deliveries int
		MoreFields bool `json:"more_fields"`
		Fields     []struct {
			Path            string
			Around, Present int
			Kinds           map[string]int
			Looks           []struct {
				Look  string
				Share float64
			}
			Examples []string
		}
		Suggestions []struct{ Path, Kind, Why string }
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	fmt.Fprintf(out, "%d deliveries\n", s.Deliveries)
	rows := [][]string{{"FIELD", "THERE", "KINDS", "LOOKS LIKE", "EXAMPLES"}}
	for _, f := range s.Fields {
		var looks []string
		for _, l := range f.Looks {
			looks = append(looks, fmt.Sprintf("%s %.0f%%", l.Look, 100*l.Share))
		}
		rows = append(rows, []string{
			f.Path, fmt.Sprintf("%d of %d", f.Present, f.Around), strings.Join(slices.Sorted(maps.Keys(f.Kinds)), ", "),
			strings.Join(looks, ", "), strings.Join(f.Examples, ", "),
		})
	}
	if len(s.Fields) > 0 {
		if err := tabulate(out, "", rows); err != nil {
			return err
		}
	}
	if s.MoreFields {
		fmt.Fprintln(out, "There are more fields than are shown.")
	}
	if len(s.Suggestions) > 0 {
		fmt.Fprintln(out, "\nThese could be personal data, and are not marked:")
		rows = nil
		for _, g := range s.Suggestions {
			rows = append(rows, []string{g.Path + "=" + g.Kind, g.Why})
		}
		return tabulate(out, "  ", rows)
	}
	return nil
}
