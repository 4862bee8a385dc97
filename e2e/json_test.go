package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// at gives the value of a JSON document at a path such as data[0].agent.external_id or data.#, the length of a list.
// Numbers are json.Number, so every digit that came is there.
func at(document []byte, path string) (any, error) {
	d := json.NewDecoder(bytes.NewReader(document))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("no JSON: %w: %s", err, document)
	}
	for _, key := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		next, err := step(v, key)
		if err != nil {
			return nil, fmt.Errorf("no %s (%w) in %s", path, err, document)
		}
		v = next
	}
	return v, nil
}

func step(v any, key string) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		if child, ok := v[key]; ok {
			return child, nil
		}
	case []any:
		if key == "#" {
			return json.Number(strconv.Itoa(len(v))), nil
		}
		if i, err := strconv.Atoi(key); err == nil && i >= 0 && i < len(v) {
			return v[i], nil
		}
	}
	return nil, fmt.Errorf("nothing at %q", key)
}

// text is a value as scripts write it: strings without quotes, everything else as JSON.
func text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
