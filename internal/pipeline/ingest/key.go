package ingest

import (
	"crypto/sha256"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline/fixed"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pseudonym"
)

// sourceDoor is the name of the door of all sources in the call log; fixed webhooks are named after what they take.
const sourceDoor = "in"

// address reads from the path which door is meant. What has no door has none for anybody.
func (c *call) address(r *http.Request) *fault.Error {
	ok := false
	if rest, is := strings.CutPrefix(r.URL.Path, SourcePath); is {
		n, err := id.Parse(id.Source, rest)
		c.sourceID, ok = n, err == nil
	} else if rest, is := strings.CutPrefix(r.URL.Path, WebhookPath); is {
		provider, kind, _ := strings.Cut(rest, "/")
		n, err := id.Parse(id.Provider, provider)
		c.fixed = fixed.DoorOf(kind)
		c.providerID, ok = n, err == nil && c.fixed != nil
	}
	switch {
	case !ok:
		c.reason = fault.New(fault.NotFound, "This provider has no such webhook. Copy the URL from the page of the provider.") // the path may have a key in it
		return fault.New(fault.NotFound, "Nothing is taken at %s. Copy the URL from the page of the provider.", clip(r.URL.Path))
	case r.Method != http.MethodPost:
		c.reason = fault.New(fault.Method, "The call was no POST, and this URL takes nothing else. Have the other system call it with the method POST.")
		return fault.New(fault.Method, "This URL takes POST only.")
	}
	return nil
}

func clip(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

const scheme = "Bearer "

// admit looks whether the key of the call opens the door it stands at, and counts the use or the refusal. Before it
// turns somebody away it makes sure that it knows the present configuration.
func (h *Handler) admit(r *http.Request, c *call) *fault.Error {
	given := r.Header.Values("Authorization")
	if len(given) == 1 && len(given[0]) > len(scheme) && strings.EqualFold(given[0][:len(scheme)], scheme) {
		c.key = sha256.Sum256([]byte(given[0][len(scheme):]))
	}
	picture := h.Plan.Current()
	in, e := c.enter(picture)
	if e != nil {
		var err error
		if picture, err = h.Plan.Fresh(r.Context()); err != nil {
			c.target, c.owner = in.target, in.owner
			return fault.Of(err)
		}
		in, e = c.enter(picture)
	}
	switch {
	case in.key != nil:
		c.owner = in.owner
		h.Tally.KeyUsed(in.key.ID, c.now)
	case in.target != nil:
		c.target, c.reason = in.target, c.wrongKey(picture, in.target, given)
	}
	return e
}

// wrongKey says to those whose door it is what is wrong with the key of a call. Who called is told only that something is.
func (c *call) wrongKey(p *plan.Picture, target *plan.Provider, given []string) *fault.Error {
	owner := p.KeyOwners[c.key]
	switch {
	case len(given) == 0:
		return fault.New(fault.Unauthorized, "The call brought no key: it has no header Authorization. Have the other system send the key of this provider as “Authorization: Bearer …”.")
	case c.key == [sha256.Size]byte{}:
		return fault.New(fault.Unauthorized, "The header Authorization is not “Bearer” with one key after it. Have the other system send the key of this provider as “Authorization: Bearer …”.")
	case owner == target:
		return fault.New(fault.Unauthorized, "The key was replaced by a newer one and opens nothing any more. Give the sender the new key of this provider.")
	case owner != nil && owner.Tenant == target.Tenant:
		return fault.New(fault.Unauthorized, "The key is that of another provider of yours. Give the sender the key of this provider; where nobody has it any more, make a new one on its page.")
	}
	return fault.New(fault.Unauthorized, "The key is none of this provider’s, or an old one that was replaced. Give the sender the key of this provider; where nobody has it any more, make a new one on its page.")
}

// stands says whose door a path means, in a picture; nil: nobody's.
func (c *call) stands(p *plan.Picture) *plan.Provider {
	if source := p.Sources[c.sourceID]; source != nil {
		return source.Provider
	}
	return p.Providers[c.providerID]
}

// entry is what a call finds at its door.
type entry struct {
	target *plan.Provider // whose door it is; nil: nobody's
	owner  *plan.Provider // whose key it is; nil: nobody's, or one that does not fit
	key    *plan.Key
	source *plan.Source
	door   *pseudonym.Door // of the source
}

// enter finds what is behind the door in a picture. A stranger learns nothing: without a key of the right tenant,
// whatever is there looks alike.
func (c *call) enter(p *plan.Picture) (entry, *fault.Error) {
	var in entry
	if c.fixed == nil {
		in.door = p.Doors[c.sourceID]
		in.source = p.Sources[c.sourceID]
	}
	in.target = c.stands(p)
	in.owner, in.key = p.KeyOf(c.key, c.now)
	if in.owner == nil || in.target != nil && in.target != in.owner && in.target.Tenant == in.owner.Tenant {
		in.owner, in.key = nil, nil
		return in, fault.New(fault.Unauthorized, "The key is missing or wrong. Send the API key of the provider as “Authorization: Bearer …”.")
	}
	switch {
	case in.target == in.owner && c.fixed != nil:
		return in, c.fixed.Open(in.owner.Tenant)
	case in.target == in.owner:
		return in, nil
	case c.fixed == nil:
		return in, fault.New(fault.NotFound, "There is no such source. It may have been deleted; copy the URL from the page of the provider.")
	default:
		return in, fault.New(fault.NotFound, "There is no such provider. It may have been deleted; copy the URL from the page of the provider.")
	}
}

// eventHeaders are where senders name their events, in the order in which they are looked at.
var eventHeaders = []string{"Idempotency-Key", "Webhook-Id", "X-Event-Id"}

// maxEventID is how many bytes the name of an event may have.
const maxEventID = 255

// eventID reads the sender's own name of the event, "" where there is none.
func eventID(h http.Header) (string, *fault.Error) {
	for _, name := range eventHeaders {
		values := h.Values(name)
		if len(values) == 0 || values[0] == "" {
			continue
		}
		if v := values[0]; len(values) > 1 || len(v) > maxEventID || !utf8.ValidString(v) {
			return "", fault.New(fault.Invalid, "The header %s is not one name of at most %d characters.", name, maxEventID).
				With(fault.Detail{Field: name, Code: "bad_event_id", Message: "one name of at most 255 characters is wanted", Hint: "Send the id of the event, once."})
		}
		return values[0], nil
	}
	return "", nil
}
