package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// settings shows and changes the settings of the tenant whose key is used.
type settings struct {
	Show showSettings `cmd:"" default:"withargs" help:"Show the tenant's settings."`
	Set  setSettings  `cmd:"" help:"Change settings: name=value …"`

	NewPseudonymKey newPseudonymKey `cmd:"" name:"new-pseudonym-key" help:"After a leak: make another key for pseudonyms. New ones match none there are."`
}

type showSettings struct {
	remote
	JSON bool `help:"Print JSON." name:"json"`
}

// Run shows the settings.
func (c showSettings) Run(ctx context.Context, env Environment) error {
	var now json.RawMessage
	if err := c.call(ctx, http.MethodGet, "/v1/settings", nil, &now); err != nil {
		return err
	}
	return printSettings(env.Out, now, c.JSON)
}

type setSettings struct {
	remote
	JSON    bool     `help:"Print JSON." name:"json"`
	Changes []string `arg:"" help:"Such as time_zone=Europe/Amsterdam, projects=off or record_kinds=activity,sale."`
}

// settingForm is how a setting is written on the command line.
type settingForm uint8

const (
	asText settingForm = iota
	asSwitch
	asList
	asNumber
)

// changeable are the settings, in the order in which they are shown.
var changeable = []struct {
	name string
	form settingForm
}{
	{"name", asText}, {"time_zone", asText}, {"country", asText}, {"record_kinds", asList}, {"projects", asSwitch},
	{"provider_types", asList}, {"user_creation", asSwitch}, {"agent_management", asSwitch}, {"contact_keys", asText}, {"raw_days", asNumber},
}

// Run changes settings, all of them or none, and shows what they are then.
func (c setSettings) Run(ctx context.Context, env Environment) error {
	wanted := map[string]any{}
	for _, change := range c.Changes {
		name, text, ok := strings.Cut(change, "=")
		if !ok {
			return usageError{fmt.Errorf("“%s” is no change; write name=value, such as time_zone=Europe/Amsterdam", change)}
		}
		v, err := setting(name, text)
		if err != nil {
			return usageError{err}
		}
		wanted[name] = v
	}
	var now json.RawMessage
	if err := c.call(ctx, http.MethodPatch, "/v1/settings", wanted, &now); err != nil {
		return err
	}
	return printSettings(env.Out, now, c.JSON)
}

func setting(name, text string) (any, error) {
	at := slices.IndexFunc(changeable, func(s struct {
		name string
		form settingForm
	}) bool {
		return s.name == name
	})
	if at < 0 {
		var names []string
		for _, s := range changeable {
			names = append(names, s.name)
		}
		return nil, fmt.Errorf("there is no setting “%s”; choose from %s", name, strings.Join(names, ", "))
	}
	switch changeable[at].form {
	case asSwitch:
		switch text {
		case "on", "true":
			return true, nil
		case "off", "false":
			return false, nil
		}
		return nil, fmt.Errorf("%s is on or off, not “%s”", name, text)
	case asNumber:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%s takes a whole number, not “%s”", name, text)
		}
		return n, nil
	case asList:
		list := []string{}
		for one := range strings.SplitSeq(text, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
		return list, nil
	}
	return text, nil
}

// printSettings prints what the API answered, as it came or line by line in the form that set takes.
func printSettings(out io.Writer, answered json.RawMessage, asJSON bool) error {
	if asJSON {
		return printJSON(out, answered)
	}
	var now map[string]any
	if err := json.Unmarshal(answered, &now); err != nil {
		return err
	}
	for _, s := range changeable {
		if _, err := fmt.Fprintf(out, "%s=%s\n", s.name, shownSetting(now[s.name])); err != nil {
			return err
		}
	}
	for _, of := range []struct{ field, what string }{{"suspended_processors", "suspended"}, {"resumed_processors", "runs again"}} {
		list, _ := now[of.field].([]any)
		for _, p := range list {
			p, _ := p.(map[string]any)
			if _, err := fmt.Fprintf(out, "processor %v (%v): %s\n", strconv.Quote(fmt.Sprint(p["name"])), p["id"], of.what); err != nil {
				return err
			}
		}
	}
	return nil
}

func shownSetting(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "on"
		}
		return "off"
	case []any:
		words := make([]string, len(v))
		for i := range v {
			words[i] = fmt.Sprint(v[i])
		}
		return strings.Join(words, ",")
	}
	return fmt.Sprint(v)
}

type newPseudonymKey struct {
	remote
	Confirm bool `help:"Do it: new pseudonyms will match none there are."`
	JSON    bool `help:"Print JSON." name:"json"`
}

// Run makes another key for the pseudonyms of the tenant.
func (c newPseudonymKey) Run(ctx context.Context, env Environment) error {
	var made struct {
		Prefix string `json:"prefix"`
	}
	if err := c.call(ctx, http.MethodPost, "/v1/settings/pseudonym-key", map[string]bool{"confirm": c.Confirm}, &made); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(env.Out, made)
	}
	_, err := fmt.Fprintf(env.Out, "Pseudonyms begin with %s from now on.\n", made.Prefix)
	return err
}
