package trial

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"time"

	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/pipeline/record"
	"github.com/dealwright/dealwright/internal/spec/value"
)

// Moves are the metrics that would be others if what is tried had been live when the deliveries came. What the live version
// would make other as well, and records of which something else has a say, do not count: they are no doing of what is tried.
type Moves struct {
	From, To int64 // whole days that hold all records that make a difference; 0: there are none
	Metrics  []MetricMove
	More     int // metrics that would move and are not told
}

// MetricMove is a metric that would move.
type MetricMove struct {
	Metric    metric.Metric
	Now, Then *big.Rat // over the days; nil: a ratio to zero
	Elsewhen  int      // records that would count at another moment
	Agents    MovesFor
	Teams     MovesFor // a record counts for its own team, else for that of its agent
}

// MovesFor is for whom a metric would move.
type MovesFor struct {
	Whom []MoveFor // the most first
	More int       // that are not told
}

// MoveFor is what a metric would be for an agent, or for a team.
type MoveFor struct {
	ID        int64 // 0: what is linked to none
	Name      string
	Now, Then *big.Rat
}

const (
	mostMoves    = 50
	mostMovesFor = 200
)

// whom is whom a record counts for: the agent and the team that it is linked to; 0: none.
type whom struct{ agent, team int64 }

func (w whom) of(by metric.By) int64 {
	if by == metric.ByTeam {
		return w.team
	}
	return w.agent
}

// mover gathers what differing records make of metrics. A record that is the same on both sides never comes by.
type mover struct {
	counters []*counter
	by       []metric.By // what metrics are told by: agents, and teams where there are any
	names    map[metric.By]map[int64]string
	teams    map[int64]int64 // agent → team
	from, to int64
	now      int64 // until when what has not ended lasts
}

// counter is one metric, but for ratios, with what would be other.
type counter struct {
	metric.Metric
	kind                                                                      *record.Kind
	moment, typed, field, money, agent, team, proposition, cancelled, contact int // places in kind.Fields, -1: none

	all      *big.Rat
	by       map[whom]*big.Rat
	contacts map[contactOf]int64
	elsewhen int
}

// contactOf is the records of a contact that count for somebody.
type contactOf struct {
	contact string
	whom    whom
}

// counted is what a record adds to a metric.
type counted struct {
	is             bool
	whom           whom
	contact        string
	n              *big.Rat
	moment, before int64 // where it is counted, and a moment that comes after all of it
}

func newMover(all []metric.Metric, teams metric.Teams, now int64) *mover {
	m := &mover{by: []metric.By{metric.ByAgent}, names: map[metric.By]map[int64]string{metric.ByAgent: {}, metric.ByTeam: teams.Names}, teams: teams.OfAgent, now: now}
	if len(teams.Names) > 0 {
		m.by = append(m.by, metric.ByTeam)
	}
	for _, one := range all {
		d := one.Definition
		source, ok := metric.SourceOf(d.Source)
		if d.Aggregate == metric.Ratio || !ok {
			continue
		}
		kind := record.KindOf(source.Noun)
		place := func(column string) int {
			return slices.IndexFunc(kind.Fields, func(f record.Field) bool { return column != "" && f.Column == column })
		}
		m.counters = append(m.counters, &counter{
			Metric: one, kind: kind, moment: place(source.Moment), typed: place(source.Type), field: place(source.Fields[d.Field]), money: place(source.Money), agent: place("agent_identity_id"), team: -1,
			proposition: place("proposition_identity_id"), cancelled: place("cancelled_at"), contact: place("contact_key"),
			all: new(big.Rat), by: map[whom]*big.Rat{}, contacts: map[contactOf]int64{},
		})
		if source.Team {
			m.counters[len(m.counters)-1].team = place("team_identity_id")
		}
	}
	return m
}

// take takes in a record that would become other; nil: it is not there.
func (m *mover) take(kind *record.Kind, before, after []value.Value) {
	for _, c := range m.counters {
		if c.kind != kind {
			continue
		}
		x, y := m.count(c, before), m.count(c, after)
		if x.is == y.is && (!x.is || x.whom == y.whom && x.contact == y.contact && x.moment == y.moment && x.n.Cmp(y.n) == 0) {
			continue
		}
		if x.is && y.is && x.moment != y.moment {
			c.elsewhen++
		}
		m.add(c, x, -1)
		m.add(c, y, 1)
	}
}

func (m *mover) add(c *counter, x counted, sign int64) {
	if !x.is {
		return
	}
	if m.to == 0 || x.moment < m.from {
		m.from = x.moment
	}
	m.to = max(m.to, x.before)
	if c.Definition.Aggregate == metric.Contacts {
		if x.contact != "" {
			c.contacts[contactOf{x.contact, x.whom}] += sign
		}
		return
	}
	n := new(big.Rat).Mul(x.n, big.NewRat(sign, 1))
	c.all.Add(c.all, n)
	if c.by[x.whom] == nil {
		c.by[x.whom] = new(big.Rat)
	}
	c.by[x.whom].Add(c.by[x.whom], n)
}

// count says what a record adds to a metric, by the rules of metric.Store.
func (m *mover) count(c *counter, values []value.Value) (x counted) {
	d := c.Definition
	switch {
	case values == nil,
		len(d.Types) > 0 && !slices.Contains(d.Types, values[c.typed].Text()),
		len(d.Propositions) > 0 && !slices.Contains(d.Propositions, linkedTo(values[c.proposition]).EntityID),
		d.Sales == metric.Net && !values[c.cancelled].IsNull(),
		d.Sales == metric.Cancelled && values[c.cancelled].IsNull(),
		d.Money == metric.OnlyMoney && !values[c.money].Bool(),
		d.Money == metric.WithoutMoney && values[c.money].Bool():
		return x
	}
	x.n, x.moment = big.NewRat(1, 1), values[c.moment].Micros()
	x.before = x.moment
	switch d.Aggregate {
	case metric.Sum:
		if values[c.field].IsNull() {
			return x
		}
		x.n = exact(values[c.field])
	case metric.Time:
		x.before = max(x.moment, m.now)
		if ends := values[c.kind.Place("ends_at")]; !ends.IsNull() {
			x.before = ends.Micros()
		}
		x.n = big.NewRat(x.before-x.moment, int64(time.Second/time.Microsecond))
	}
	x.is, x.contact = true, values[c.contact].Text()
	if c.agent >= 0 {
		agent := linkedTo(values[c.agent])
		if x.whom.agent = agent.EntityID; agent.EntityID != 0 {
			m.names[metric.ByAgent][agent.EntityID] = agent.EntityName
		}
		x.whom.team = m.teams[agent.EntityID]
	}
	if c.team >= 0 {
		x.whom.team = cmp.Or(linkedTo(values[c.team]).EntityID, x.whom.team)
	}
	return x
}

func linkedTo(v value.Value) record.Identity {
	if i, ok := v.Entity().(*record.Identity); ok {
		return *i
	}
	return record.Identity{}
}

func exact(v value.Value) *big.Rat {
	if n, ok := new(big.Rat).SetString(v.Decimal().String()); ok {
		return n
	}
	return new(big.Rat)
}

// moved says whether anything of the metric would be other.
func (c *counter) moved() bool { return len(c.by) > 0 || c.all.Sign() != 0 || len(c.contacts) > 0 }

// turn is a number as it is and as it would be; nil: a ratio to zero.
type turn struct{ now, then *big.Rat }

func (p turn) same() bool {
	if p.now == nil || p.then == nil {
		return p.now == p.then
	}
	return p.now.Cmp(p.then) == 0
}

// far is how far apart they are; what comes or goes altogether is farthest.
func (p turn) far() *big.Rat {
	if p.now == nil || p.then == nil {
		return big.NewRat(1<<62, 1)
	}
	d := new(big.Rat).Sub(p.then, p.now)
	return d.Abs(d)
}

// totals of a metric over the days in question: in all, and by agent and by team.
type totals struct {
	all turn
	by  map[metric.By]map[int64]turn
}

// of gives what it is for one; what it is not told for is nothing.
func (t totals) of(by metric.By, id int64) turn {
	if one, ok := t.by[by][id]; ok {
		return one
	}
	return turn{new(big.Rat), new(big.Rat)}
}

// moves works out what the metrics are over the days in question, and what they would be.
type moves struct {
	*backtest
	all    []metric.Metric
	window metric.Window
	moved  map[int64]*counter
	known  map[int64]totals
}

func (b *backtest) moves(ctx context.Context, all []metric.Metric) (out Moves, err error) {
	m := moves{backtest: b, all: all, moved: map[int64]*counter{}, known: map[int64]totals{}}
	for _, c := range b.mover.counters {
		if c.moved() {
			m.moved[c.ID] = c
		}
	}
	if len(m.moved) == 0 {
		return out, nil
	}
	zone, err := time.LoadLocation(b.tried.settings.TimeZone)
	if err != nil {
		return out, fmt.Errorf("the zone of tenant %d: %w", b.tried.processor.TenantID, err)
	}
	m.window = metric.Whole(b.mover.from, b.mover.to, zone)
	out.From, out.To = m.window.Start(), m.window.End()
	for _, one := range all {
		if !m.concerns(one) {
			continue
		}
		if len(out.Metrics) == mostMoves {
			out.More++
			continue
		}
		t, err := m.totals(ctx, one)
		if err != nil {
			return out, err
		}
		move := MetricMove{
			Metric: one, Now: t.all.now, Then: t.all.then,
			Agents: t.moves(metric.ByAgent, b.mover.names), Teams: t.moves(metric.ByTeam, b.mover.names),
		}
		if c := m.moved[one.ID]; c != nil {
			move.Elsewhen = c.elsewhen
		}
		if len(move.Agents.Whom) > 0 || len(move.Teams.Whom) > 0 || move.Elsewhen > 0 || !t.all.same() {
			out.Metrics = append(out.Metrics, move)
		}
	}
	return out, nil
}

// concerns reports whether the metric, or one that it is a ratio of, would move.
func (m *moves) concerns(one metric.Metric) bool {
	d := one.Definition
	return m.moved[one.ID] != nil || d.Aggregate == metric.Ratio && (m.moved[d.Over] != nil || m.moved[d.Under] != nil)
}

func (m *moves) totals(ctx context.Context, one metric.Metric) (t totals, err error) {
	t, known := m.known[one.ID]
	if known {
		return t, nil
	}
	if d := one.Definition; d.Aggregate != metric.Ratio {
		t, err = m.aggregate(ctx, one)
	} else {
		t, err = m.ratio(ctx, d)
	}
	m.known[one.ID] = t
	return t, err
}

func (m *moves) ratio(ctx context.Context, d metric.Definition) (totals, error) {
	var parts [2]totals
	for i, id := range []int64{d.Over, d.Under} {
		at := slices.IndexFunc(m.all, func(one metric.Metric) bool { return one.ID == id })
		if at < 0 {
			return totals{}, fmt.Errorf("a ratio is of metric %d, which is not there", id)
		}
		var err error
		if parts[i], err = m.totals(ctx, m.all[at]); err != nil {
			return totals{}, err
		}
	}
	divided := func(over, under turn) turn {
		return turn{d.Divided(over.now, under.now), d.Divided(over.then, under.then)}
	}
	t := totals{all: divided(parts[0].all, parts[1].all), by: map[metric.By]map[int64]turn{}}
	for _, by := range m.mover.by {
		t.by[by] = map[int64]turn{}
		for i := range parts {
			for id := range parts[i].by[by] {
				t.by[by][id] = divided(parts[0].of(by, id), parts[1].of(by, id))
			}
		}
	}
	return t, nil
}

func (m *moves) aggregate(ctx context.Context, one metric.Metric) (totals, error) {
	t := totals{by: map[metric.By]map[int64]turn{}}
	source, _ := metric.SourceOf(one.Definition.Source)
	for _, by := range m.mover.by {
		v, err := m.desk.Store.MetricValues(ctx, one.TenantID, one.Definition, m.window, by)
		if err != nil {
			return t, err
		}
		all, whose, err := m.change(ctx, one, by)
		if err != nil {
			return t, err
		}
		t.all = turn{v.All.Total, new(big.Rat).Add(v.All.Total, all)}
		if by == metric.ByAgent && !source.Agent {
			continue
		}
		t.by[by] = map[int64]turn{}
		for _, s := range v.By {
			t.by[by][s.ID] = turn{s.Total, s.Total}
			if s.ID != 0 {
				m.mover.names[by][s.ID] = s.Name
			}
		}
		for id, n := range whose {
			now := t.of(by, id).now
			t.by[by][id] = turn{now, new(big.Rat).Add(now, n)}
		}
	}
	return t, nil
}

// change is by how much a metric would be other, in all and for each that it is told by.
func (m *moves) change(ctx context.Context, one metric.Metric, by metric.By) (all *big.Rat, whose map[int64]*big.Rat, err error) {
	c := m.moved[one.ID]
	if c == nil {
		return new(big.Rat), nil, nil
	}
	if one.Definition.Aggregate == metric.Contacts {
		return m.contacts(ctx, c, by)
	}
	whose = map[int64]*big.Rat{}
	for w, n := range c.by {
		plus(whose, w.of(by), n)
	}
	return c.all, whose, nil
}

func plus(to map[int64]*big.Rat, id int64, n *big.Rat) {
	if to[id] == nil {
		to[id] = new(big.Rat)
	}
	to[id].Add(to[id], n)
}

// contacts says how many contacts more or fewer there would be, from how many records each of them has now.
func (m *moves) contacts(ctx context.Context, c *counter, by metric.By) (all *big.Rat, whose map[int64]*big.Rat, err error) {
	changeOf, changes := map[string]int64{}, map[metric.OfContact]int64{}
	for of, n := range c.contacts {
		changeOf[of.contact] += n
		changes[metric.OfContact{Contact: of.contact, Whose: of.whom.of(by)}] += n
	}
	now, err := m.desk.Store.MetricContacts(ctx, c.TenantID, c.Definition, m.window, slices.Sorted(maps.Keys(changeOf)), by)
	if err != nil {
		return nil, nil, err
	}
	crossed := func(now, change int64) *big.Rat {
		n := int64(0)
		if now <= 0 && now+change > 0 {
			n = 1
		} else if now > 0 && now+change <= 0 {
			n = -1
		}
		return big.NewRat(n, 1)
	}
	nowOf := map[string]int64{}
	for of, n := range now {
		nowOf[of.Contact] += n
	}
	all, whose = new(big.Rat), map[int64]*big.Rat{}
	for of, n := range changes {
		plus(whose, of.Whose, crossed(now[of], n))
	}
	for contact, n := range changeOf {
		all.Add(all, crossed(nowOf[contact], n))
	}
	return all, whose, nil
}

// moves tells for whom a metric would move.
func (t totals) moves(by metric.By, names map[metric.By]map[int64]string) (m MovesFor) {
	for id, p := range t.by[by] {
		if !p.same() {
			m.Whom = append(m.Whom, MoveFor{ID: id, Name: names[by][id], Now: p.now, Then: p.then})
		}
	}
	slices.SortFunc(m.Whom, func(a, b MoveFor) int {
		return cmp.Or(turn{b.Now, b.Then}.far().Cmp(turn{a.Now, a.Then}.far()), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	if m.More = max(len(m.Whom)-mostMovesFor, 0); m.More > 0 {
		m.Whom = m.Whom[:mostMovesFor]
	}
	return m
}
