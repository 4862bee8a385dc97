package ingest

import (
	"bytes"
	"context"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/id"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/execute"
	"github.com/dealwright/dealwright/internal/pipeline/fixed"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
	"github.com/dealwright/dealwright/internal/pseudonym"
	"github.com/dealwright/dealwright/internal/spec/shape"
	"github.com/dealwright/dealwright/internal/spec/value"
	"github.com/dealwright/dealwright/internal/tenant"
)

// upsert takes a call at a fixed webhook.
func (h *Handler) upsert(ctx context.Context, c *call) ([]byte, *fault.Error) {
	result, e := h.submit(ctx, c, func(p *plan.Picture) (*commit.Work, error) {
		in, e := c.enter(p)
		if e != nil {
			return nil, e
		}
		body := fixed.Guard(in.owner.Tenant, c.body.value, c.body.form)
		unit, e := c.fixed.Read(in.owner.Tenant, body)
		if e != nil {
			return nil, e
		}
		work := &commit.Work{Call: c.log(in.owner), Raw: c.sent(body.Value)}
		work.Call.Items = 1
		unit.Delivery = &pipeline.Delivery{
			TenantID:   in.owner.Tenant.ID,
			ProviderID: in.owner.ID,
			Door:       work.Call.Door,
			ReceivedAt: c.now,
			EventID:    c.eventID,
			Body:       c.kept(body.Value),
		}
		work.Items = []commit.Item{{Delivery: unit.Delivery, Units: []execute.Unit{unit}}}
		return work, nil
	})
	if e != nil {
		return nil, e
	}
	if refused := result.Items[0].Refused; refused != nil {
		c.logged = true
		return nil, refused
	}
	if result.Items[0].Repeat {
		return c.repeated(&result.Items[0], result), nil
	}
	return c.upserted(result, result.Items[0].Units[0].(*fixed.Webhook)), nil
}

// kept is the JSON of a guarded body: a form is kept as the object it means.
func (c *call) kept(guarded value.Value) []byte {
	if c.body.form {
		return guarded.AppendJSON(nil)
	}
	return c.sent(guarded)
}

// sent is the body as it came, unless something in it was guarded.
func (c *call) sent(guarded value.Value) []byte {
	if guarded.Same(c.body.value) {
		return c.body.raw
	}
	return guarded.AppendJSON(nil)
}

// refused puts into the log of a tenant what may be kept of a call at a fixed webhook that was refused: the fields that
// the webhook has, or a note in the place of what cannot be read and may have personal data in it.
func (c *call) refused(t *plan.Tenant, entry *pipeline.SourceExecution, e *fault.Error) {
	if c.body.value.IsNull() {
		entry.Body = c.body.raw
		if t.ContactKeys != tenant.AllowKeys && mayHaveContact(t, c.body.raw) {
			at := fault.Detail{}
			if len(e.Details) > 0 {
				at = e.Details[0]
			}
			entry.Body = pseudonym.NotKept(t.PseudonymKey, c.body.raw, "The body cannot be read, and there may be an e-mail address or a phone number in it.", at.Line, at.Column)
			entry.Error = pipeline.WithoutValues(entry.Error) // the sender has been told all of it
		}
		return
	}
	body := fixed.Guard(t, c.body.value, c.body.form)
	entry.Body = c.sent(c.fixed.Refused(t, body.Value))
	entry.Error = commit.ErrorJSON(c.fixed.RefusedError(t, body, e))
}

// mayHaveContact says of a body that could not be read whether there may be a contact in it: whatever is no plain text
// (packed, escaped, or in UTF-16) may have anything in it.
func mayHaveContact(t *plan.Tenant, raw []byte) bool {
	if bytes.Contains(raw, []byte(fixed.ContactKey)) || bytes.Contains(raw, []byte(`\u`)) || bytes.IndexByte(raw, 0) >= 0 || !utf8.Valid(raw) {
		return true
	}
	for word := range bytes.FieldsFuncSeq(raw, func(r rune) bool { return strings.ContainsRune("\"'`,:;=&<>[]{}\r\n\t", r) }) {
		text := string(word)
		if plain, err := url.QueryUnescape(text); err == nil && shape.Contact(t.Country, plain) != "" || shape.Contact(t.Country, text) != "" {
			return true
		}
	}
	return false
}

// upserted is the answer to a call at a fixed webhook:
//
//	{"data": {"source_execution_id", "delivery_id", "record": {"id", "noun", "external_id", "outcome", "locked"?, "stale"?}, "remarks"?}, "meta": …}
func (c *call) upserted(result *commit.Result, unit *fixed.Webhook) []byte {
	written := unit.Written()
	a := make([]byte, 0, 512)
	a = append(a, `{"data":{"source_execution_id":"`...)
	a = append(a, id.Format(id.SourceExecution, result.Call.ID)...)
	a = append(a, `","delivery_id":"`...)
	a = append(a, id.Format(id.Delivery, result.Items[0].Delivery.Number)...)
	a = append(a, `","record":{"id":"`...)
	a = append(a, written.ID...)
	a = append(a, `","noun":"`...)
	a = append(a, written.Noun...)
	a = append(a, `","external_id":`...)
	a = value.AppendQuoted(a, written.ExternalID)
	a = append(a, `,"outcome":"`...)
	a = append(a, written.Outcome...)
	a = append(a, '"')
	a = appendTexts(a, "locked", written.Locked)
	a = appendTexts(a, "stale", written.Stale)
	a = append(a, '}')
	a = appendTexts(a, "remarks", result.Call.Remarks)
	return c.appendMeta(append(a, '}'))
}

// repeated is the answer to a call at a fixed webhook with an event it has had before; see appendDone.
func (c *call) repeated(done *commit.Done, result *commit.Result) []byte {
	a := make([]byte, 0, 256)
	a = append(a, `{"data":{"source_execution_id":"`...)
	a = append(a, id.Format(id.SourceExecution, result.Call.ID)...)
	a = append(a, `",`...)
	a = appendDone(a, done)
	return c.appendMeta(append(a, '}'))
}

// appendTexts adds a list, unless it is empty.
func appendTexts(a []byte, key string, texts []string) []byte {
	if len(texts) == 0 {
		return a
	}
	a = append(a, `,"`...)
	a = append(a, key...)
	a = append(a, `":[`...)
	for i, text := range texts {
		if i > 0 {
			a = append(a, ',')
		}
		a = value.AppendQuoted(a, text)
	}
	return append(a, ']')
}
