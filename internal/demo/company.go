package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/dealwright/dealwright/examples"
)

// Company is what the demo set up over the API, and what it needs to go on.
type Company struct {
	APIKey   string                `json:"api_key"`
	Email    string                `json:"email"`
	Password string                `json:"password"`
	Systems  []string              `json:"systems"` // set up already, by name
	Doors    map[string]DoorToCall `json:"doors"`
	Linked   bool                  `json:"linked"`   // somebody has linked identities once
	Measured bool                  `json:"measured"` // there are metrics and events
	Day      int                   `json:"day"`      // number of the working day
	Date     string                `json:"date"`     // of that day
	Next     int                   `json:"next"`     // event of the day that is sent next
	Count    Count                 `json:"count"`
}

// DoorToCall is the path of a URL, since the server may be at another address the next time, and the key of its provider.
type DoorToCall struct {
	Path string `json:"path"`
	Key  string `json:"key"`
}

func (c *Company) addDoor(name, address, key string) error {
	u, err := url.Parse(address)
	if err == nil && address != "" { // empty: the record kind was switched off
		c.Doors[name] = DoorToCall{Path: u.Path, Key: key}
	}
	return err
}

// system is one of the systems the company works with: a provider, its sources and the processor that is linked to
// them, and the fixed webhooks it calls.
type system struct {
	name      string
	sources   map[string]string // door → name of the source
	processor string            // name; "" none
	spec      string            // folder in examples
	fixed     map[string]string // door → key of webhook_urls
}

var systems = []system{
	{
		name:      "Kitchen showrooms",
		sources:   map[string]string{"offers": "Offers"},
		processor: "Quotes and deals",
		spec:      "quote-to-order",
		fixed:     map[string]string{"visitors": "anonymous_activity"},
	},
	{
		name:      "Promoter platform",
		sources:   map[string]string{"planning": "Planning", "sales": "Sales"},
		processor: "Shifts and sales",
		spec:      "shifts-and-sales",
	},
	{
		name:      "Pipeline CRM",
		sources:   map[string]string{"stages": "Stage changes"},
		processor: "Stage changes",
		spec:      "stage-changes",
	},
	{
		name:  "Phone system",
		fixed: map[string]string{"calls": "call", "appointments": "activity"},
	},
	{
		name:      "Back office",
		sources:   map[string]string{"contracts": "Contracts"},
		processor: "Energy contracts",
		spec:      "energy-contracts",
	},
}

// setUp makes what is not there yet, and says so to save after each system.
func (c *Company) setUp(ctx context.Context, api *client, save func() error) error {
	if c.Doors == nil {
		c.Doors = map[string]DoorToCall{}
	}
	for _, s := range systems[len(c.Systems):] {
		if err := c.connect(ctx, api, s); err != nil {
			return fmt.Errorf("set up %q: %w", s.name, err)
		}
		c.Systems = append(c.Systems, s.name)
		if err := save(); err != nil {
			return err
		}
	}
	if c.Measured {
		return nil
	}
	if err := c.measure(ctx, api); err != nil {
		return err
	}
	c.Measured = true
	return save()
}

func (c *Company) connect(ctx context.Context, api *client, s system) error {
	var provider struct {
		ID          string            `json:"id"`
		APIKey      string            `json:"api_key"`
		WebhookURLs map[string]string `json:"webhook_urls"`
	}
	if err := api.post(ctx, "/v1/providers", object{"type": "webhooks", "name": s.name}, &provider); err != nil {
		return err
	}
	for door, kind := range s.fixed {
		if err := c.addDoor(door, provider.WebhookURLs[kind], provider.APIKey); err != nil {
			return err
		}
	}
	if s.processor == "" {
		return nil
	}
	var processor struct {
		ID string `json:"id"`
	}
	if err := api.post(ctx, "/v1/processors", object{"name": s.processor, "provider_id": provider.ID, "source_model": "webhook.payload"}, &processor); err != nil {
		return err
	}
	spec, err := examples.Specs.ReadFile(s.spec + "/spec.yaml")
	if err != nil {
		return err
	}
	if err := api.do(ctx, http.MethodPut, "/v1/processors/"+processor.ID+"/spec", "application/yaml", spec, nil); err != nil {
		return err
	}
	if err := api.post(ctx, "/v1/processors/"+processor.ID+"/enable", nil, nil); err != nil {
		return err
	}
	for door, name := range s.sources {
		var source struct {
			ID  string `json:"id"`
			URL string `json:"url"`
		}
		if err := api.post(ctx, "/v1/providers/"+provider.ID+"/sources", object{"type": "webhook.payload", "name": name}, &source); err != nil {
			return err
		}
		links := []object{{"processor_id": processor.ID, "constants": object{}}}
		if err := api.do(ctx, http.MethodPut, "/v1/sources/"+source.ID+"/processors", "application/json", links, nil); err != nil {
			return err
		}
		if err := c.addDoor(door, source.URL, provider.APIKey); err != nil {
			return err
		}
	}
	return nil
}

// left are the agents that the office leaves for the visitor to link, by provider and external id. The first three are known
// to the phone system, by the same e-mail address, a similar name and the same external id; the last is new to all.
var left = [][2]string{{"Pipeline CRM", "u_11"}, {"Promoter platform", "p-17"}, {"Promoter platform", "ext-103"}, {"Promoter platform", "p-16"}}

// link does what somebody at the office does in the morning: most agents that turned up are linked to people.
func (c *Company) link(ctx context.Context, api *client) error {
	var identities []struct {
		ID           string `json:"id"`
		ProviderName string `json:"provider_name"`
		ExternalID   string `json:"external_id"`
		ExternalName string `json:"external_name"`
	}
	if err := api.do(ctx, http.MethodGet, "/v1/identities?linked=false&kind=agent&per_page=100", "", nil, &identities); err != nil {
		return err
	}
	agents := map[string]string{} // by name: one person may be known to several systems
	for _, identity := range identities {
		if slices.Contains(left, [2]string{identity.ProviderName, identity.ExternalID}) {
			continue
		}
		name := identity.ExternalName
		if known, ok := sellerNames[name]; ok {
			name = known
		}
		agent, ok := agents[name]
		if !ok {
			var made struct {
				ID string `json:"id"`
			}
			if err := api.post(ctx, "/v1/agents", object{"name": name}, &made); err != nil {
				return err
			}
			agent = made.ID
			agents[name] = agent
		}
		err := api.post(ctx, "/v1/identities/"+identity.ID+"/link", object{"entity_id": agent}, nil)
		if f := (*failure)(nil); err != nil && !(errors.As(err, &f) && f.Status == http.StatusConflict) { // linked meanwhile
			return err
		}
	}
	return nil
}
