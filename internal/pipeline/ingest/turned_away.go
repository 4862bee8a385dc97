package ingest

import (
	"mime"
	"net/http"
	"net/netip"
	"slices"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/peer"
	"github.com/dealwright/dealwright/internal/pipeline"
	"github.com/dealwright/dealwright/internal/pipeline/commit"
	"github.com/dealwright/dealwright/internal/pipeline/plan"
)

// TurnedAway is the line in the call log of a call that did not get past the door. It has nothing that the caller sent, but
// for two headers about that.
type TurnedAway struct {
	Call pipeline.SourceExecution // without a number until it is written
	What pipeline.TurnedAway      // More and Last: since it was last written
}

// How many lines an hour of one node has. What is alike in all but its moment has a few; then the last of them says how many
// more there were. Whoever calls from a thousand places cannot fill the log either: what a provider, or all of them, have too
// much of has one line for each answer.
const (
	linesAlike    = 3
	linesProvider = 100
	linesNode     = 5_000
)

// kindOfCall is what is alike.
type kindOfCall struct {
	providerID, sourceID int64
	door, caller, error  string
	status               int
}

// line is one of the log, while calls like it may come.
type line struct {
	kind  kindOfCall
	have  TurnedAway
	dirty bool // there is something to write
}

// lines are those of the present hour.
type lines struct {
	hour  int64 // moment of its start
	all   int
	by    map[int64]int // provider → how many
	kinds map[kindOfCall]alike
	dirty []*line // to be written, in the order of their moments
}

// alike are the lines of a kind: how many, and the last of them.
type alike struct {
	n    int
	last *line
}

// turnedAway is the line of a call.
func (c *call) turnedAway(r *http.Request, whose *plan.Provider, e *fault.Error, proxies []netip.Prefix) TurnedAway {
	door := ""
	switch {
	case c.fixed != nil:
		door = c.fixed.Path
	case c.sourceID != 0:
		door = sourceDoor
	}
	return TurnedAway{
		Call: pipeline.SourceExecution{
			TenantID: whose.Tenant.ID, ProviderID: whose.ID, SourceID: c.sourceID, Door: door, ReceivedAt: c.now,
			Status: pipeline.CallFailed, HTTPStatus: e.Kind.Status(), Error: commit.ErrorJSON(e),
		},
		What: pipeline.TurnedAway{Caller: peer.Network(peer.Address(r, proxies)), Media: mediaSaid(r.Header), Bytes: r.ContentLength},
	}
}

// mediaSaid is what a body says to be, without its parameters.
func mediaSaid(h http.Header) string {
	const most = 100
	name, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || len(name) > most {
		return ""
	}
	return name
}

// add makes a line of a call, or counts it at one.
func (l *lines) add(t TurnedAway) {
	c := &t.Call
	if start := c.ReceivedAt - c.ReceivedAt%hour; start > l.hour || l.kinds == nil {
		*l = lines{hour: start, by: map[int64]int{}, kinds: map[kindOfCall]alike{}, dirty: l.dirty}
	}
	kind := kindOfCall{c.ProviderID, c.SourceID, c.Door, t.What.Caller, string(c.Error), c.HTTPStatus}
	most := linesAlike
	if l.by[c.ProviderID] >= linesProvider || l.all >= linesNode {
		most = 0
		if l.kinds[kind].last == nil {
			kind, most = kindOfCall{providerID: c.ProviderID, status: c.HTTPStatus}, 1
			t.What.Caller = ""
		}
	}
	k := l.kinds[kind]
	if k.n < most {
		k = alike{k.n + 1, &line{kind: kind, have: t, dirty: true}}
		l.kinds[kind] = k
		l.by[c.ProviderID]++
		l.all++
		l.dirty = append(l.dirty, k.last)
		return
	}
	k.last.have.What.More++
	k.last.have.What.Last = max(k.last.have.What.Last, c.ReceivedAt)
	if !k.last.dirty {
		k.last.dirty = true
		l.dirty = append(l.dirty, k.last)
	}
}

// linesAtOnce are written in one transaction: some milliseconds, in which groups wait. The others are a second later.
const linesAtOnce = 200

// take gives what is to be written now, and of which lines that is.
func (l *lines) take() ([]TurnedAway, []*line) {
	n := min(len(l.dirty), linesAtOnce)
	of := slices.Clone(l.dirty[:n])
	l.dirty = l.dirty[n:]
	have := make([]TurnedAway, len(of))
	for i, x := range of {
		have[i] = x.have
		x.have.What.More, x.dirty = 0, false
	}
	return have, of
}

// written notes the numbers of the lines that were written. One without has come too late; calls like it begin another.
func (l *lines) written(have []TurnedAway, of []*line) {
	for i, x := range of {
		if x.have.Call.ID = have[i].Call.ID; x.have.Call.ID != 0 {
			continue
		}
		if l.kinds[x.kind].last == x {
			delete(l.kinds, x.kind)
		}
		l.dirty = slices.DeleteFunc(l.dirty, func(y *line) bool { return y == x })
	}
}

// unwritten takes back what could not be written, in its order.
func (l *lines) unwritten(have []TurnedAway, of []*line) {
	for i, x := range of {
		x.have.What.More += have[i].What.More
		x.dirty = true
	}
	l.dirty = append(of, slices.DeleteFunc(l.dirty, func(y *line) bool { return slices.Contains(of, y) })...)
}
