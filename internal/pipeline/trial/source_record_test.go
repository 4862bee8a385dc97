package trial

import (
	"fmt"
	"testing"

	"github.com/dealwright/dealwright/internal/spec/value"
)

// TestRecognize: which path is taken for what tells the records of a source apart. %d is the number of the item.
func TestRecognize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ item, said, want string }{
		{`{"id": %d, "agent_id": 7}`, "", "id"},
		{`{"ID": "x%d"}`, "", "ID"},
		{`{"event_id": %d, "deal_id": %[1]d}`, "", "deal_id"},
		{`{"eventId": %d, "orderId": %[1]d}`, "", "orderId"},
		{`{"account_id": 5, "deal_id": %d}`, "", "deal_id"},
		{`{"id": "always the same", "order_id": %d}`, "", "order_id"},
		{`{"event": "deal.changed", "data": {"id": %d}}`, "", "data.id"},
		{`{"agent": {"id": %d}}`, "", ""},
		{`{"valid": %d, "paid": true}`, "", ""},
		{`{"id": {"of": %d}}`, "", ""},
		{`[%d]`, "", ""},
		{`{"id": %d, "deal": {"nr": 3}}`, "deal.nr", "deal.nr"},
	} {
		var items []value.Value
		for n := range 20 {
			v, syntax := value.ParseJSON(fmt.Appendf(nil, c.item, n), value.Limits{})
			if syntax != nil {
				t.Fatal(c.item, syntax)
			}
			items = append(items, v)
		}
		said, err := readPath(c.said)
		if err != nil {
			t.Fatal(err)
		}
		if got := recognize(items, said).String(); got != c.want {
			t.Errorf("%s, said %q: %q, want %q", c.item, c.said, got, c.want)
		}
	}
}

func TestShapeOf(t *testing.T) {
	t.Parallel()
	for externalID, want := range map[string]string{
		"": "", "123": "9", "123 | won": "9 | a", "d12": "x", "3fa85f64-5717-4562-b3fc-2c963f66afa6": "uuid", "é-1": "a-9",
		"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v": "something long",
	} {
		if got := shapeOf(externalID); got != want {
			t.Errorf("%q: %q, want %q", externalID, got, want)
		}
	}
}
