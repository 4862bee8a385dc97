package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/metric"
	"github.com/dealwright/dealwright/internal/page"
)

const metricColumns = "id, tenant_id, name, definition, created_at, updated_at"

func scanMetric(scan row) (m metric.Metric, err error) {
	var definition string
	if err = scan(&m.ID, &m.TenantID, &m.Name, &definition, &m.CreatedAt, &m.UpdatedAt); err != nil {
		return m, err
	}
	if err = json.Unmarshal([]byte(definition), &m.Definition); err != nil {
		err = fmt.Errorf("read the definition of metric %d: %w", m.ID, err)
	}
	return m, err
}

func (t *Tx) metric(tenantID, id int64) (metric.Metric, error) {
	m, err := scanMetric(t.QueryRow("SELECT "+metricColumns+" FROM metrics WHERE id = ? AND tenant_id = ?", id, tenantID).Scan)
	return m, found(err, "metric")
}

// Metric is that of metric.Store.
func (db *DB) Metric(ctx context.Context, tenantID, id int64) (m metric.Metric, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		m, err = tx.metric(tenantID, id)
		return err
	})
	return m, err
}

// ListMetrics is that of metric.Store.
func (db *DB) ListMetrics(ctx context.Context, tenantID int64, search string, r page.Request) (p page.Page[metric.Metric], err error) {
	l := list{columns: metricColumns, from: "metrics", id: "id", order: "id", sorts: []sortable{{"id", "id", ofNumber}, {"name", "name", ofText}, {"updated_at", "updated_at", ofNumber}}}
	l.and("tenant_id = ?", tenantID)
	l.search(search, "name")
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, l, r, scanMetric)
		return err
	})
	return p, err
}

// Metrics gives all metrics of a tenant, which has few, by name.
func (db *DB) Metrics(ctx context.Context, tenantID int64) (all []metric.Metric, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		all = nil
		return tx.Each(func(rows *sql.Rows) error {
			m, err := scanMetric(rows.Scan)
			all = append(all, m)
			return err
		}, "SELECT "+metricColumns+" FROM metrics WHERE tenant_id = ? ORDER BY name, id", tenantID)
	})
	return all, err
}

// contactsAtOnce are looked up by one statement.
const contactsAtOnce = 500

// Teams gives the teams of a tenant, and which of them its agents are in.
func (db *DB) Teams(ctx context.Context, tenantID int64) (teams metric.Teams, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		p, err := tx.people(tenantID, metric.ByTeam)
		teams = metric.Teams{Names: p.names, OfAgent: p.teamOf}
		return err
	})
	return teams, err
}

// MetricContacts gives how many of the records that a metric is of these contacts have within a window, by agent or by team.
func (db *DB) MetricContacts(ctx context.Context, tenantID int64, d metric.Definition, w metric.Window, contacts []string, by metric.By) (map[metric.OfContact]int64, error) {
	all := map[metric.OfContact]int64{}
	for part := range slices.Chunk(contacts, contactsAtOnce) {
		c, err := db.b.countingOf(tenantID, d)
		if err != nil {
			return nil, err
		}
		c.within(d, w.Start(), w.End())
		c.and("r.contact_key IN "+marks(len(part)), anys(part)...)
		from, whose, team := c.linked()
		if by == metric.ByTeam {
			whose = team
		}
		err = db.Read(ctx, func(tx *Tx) error {
			return tx.Each(func(rows *sql.Rows) error {
				var of metric.OfContact
				var n int64
				err := rows.Scan(&of.Contact, &of.Whose, &n)
				all[of] = n
				return err
			}, "SELECT r.contact_key, "+whose+", count(*)"+from+c.condition()+" GROUP BY 1, 2", c.args...)
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func anys(texts []string) []any {
	all := make([]any, len(texts))
	for i, one := range texts {
		all[i] = one
	}
	return all
}

// AddMetric is that of metric.Store.
func (db *DB) AddMetric(ctx context.Context, m metric.Metric) (metric.Metric, error) {
	err := db.Write(ctx, func(tx *Tx) (err error) {
		if m, err = m.Checked(func(id int64) (metric.Metric, error) { return tx.metric(m.TenantID, id) }); err != nil {
			return err
		}
		if err = tx.metricNameFree(m); err != nil {
			return err
		}
		if m.ID, err = tx.NextNumber(); err != nil {
			return err
		}
		m.CreatedAt, m.UpdatedAt = tx.Now, tx.Now
		definition, err := json.Marshal(m.Definition)
		if err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO metrics ("+metricColumns+") VALUES (?, ?, ?, ?, ?, ?)", m.ID, m.TenantID, m.Name, string(definition), m.CreatedAt, m.UpdatedAt)
		return err
	})
	return m, err
}

// ChangeMetric is that of metric.Store.
func (db *DB) ChangeMetric(ctx context.Context, tenantID, id int64, fn func(metric.Metric, func(int64) (metric.Metric, error)) (metric.Metric, error)) (m metric.Metric, err error) {
	err = db.Write(ctx, func(tx *Tx) error {
		was, err := tx.metric(tenantID, id)
		if err != nil {
			return err
		}
		if m, err = fn(was, func(id int64) (metric.Metric, error) { return tx.metric(tenantID, id) }); err != nil {
			return err
		}
		if m.Name != was.Name {
			if err := tx.metricNameFree(m); err != nil {
				return err
			}
		}
		if m.Definition.Aggregate == metric.Ratio && was.Definition.Aggregate != metric.Ratio {
			if err := tx.inNoRatio(was); err != nil {
				return err
			}
		}
		m.UpdatedAt = tx.after(was.UpdatedAt)
		definition, err := json.Marshal(m.Definition)
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE metrics SET name = ?, definition = ?, updated_at = ? WHERE id = ?", m.Name, string(definition), m.UpdatedAt, id)
		return err
	})
	return m, err
}

// DropMetric is that of metric.Store.
func (db *DB) DropMetric(ctx context.Context, tenantID, id int64) error {
	return db.Write(ctx, func(tx *Tx) error {
		m, err := tx.metric(tenantID, id)
		if err != nil {
			return err
		}
		if err := tx.inNoRatio(m); err != nil {
			return err
		}
		_, err = tx.Exec("DELETE FROM metrics WHERE id = ?", id)
		return err
	})
}

// metricNameFree is the fault where another metric of the tenant has this name, in capitals or not: two of one name cannot be told
// apart where a ratio is made of them, or a number is looked at.
func (t *Tx) metricNameFree(m metric.Metric) error {
	taken := metric.Metric{}
	err := t.Each(func(rows *sql.Rows) error {
		other, err := scanMetric(rows.Scan)
		if err == nil && other.ID != m.ID && strings.EqualFold(other.Name, m.Name) {
			taken = other
		}
		return err
	}, "SELECT "+metricColumns+" FROM metrics WHERE tenant_id = ?", m.TenantID)
	if err != nil || taken.ID == 0 {
		return err
	}
	return fault.New(fault.Conflict, "There is a metric “%s” already. Give this one another name.", taken.Name).
		With(fault.Detail{Field: "name", Code: "taken", Message: "Another metric has this name."})
}

// inNoRatio is the fault where a ratio is of the metric. A tenant has few metrics, so all are read.
func (t *Tx) inNoRatio(m metric.Metric) error {
	var names []string
	err := t.Each(func(rows *sql.Rows) error {
		other, err := scanMetric(rows.Scan)
		if d := other.Definition; err == nil && d.Aggregate == metric.Ratio && (d.Over == m.ID || d.Under == m.ID) {
			names = append(names, "“"+other.Name+"”")
		}
		return err
	}, "SELECT "+metricColumns+" FROM metrics WHERE tenant_id = ? ORDER BY id", m.TenantID)
	if err == nil && len(names) > 0 {
		return fault.New(fault.Conflict, "“%s” is part of %s. Change or delete that first.", m.Name, strings.Join(names, ", "))
	}
	return err
}

// counting is the part of a statement that says which records a metric is of.
type counting struct {
	source metric.Source
	day    string // see Backend.Day
	list
}

func (b *Backend) countingOf(tenantID int64, d metric.Definition) (counting, error) {
	s, ok := metric.SourceOf(d.Source)
	if !ok {
		return counting{}, fmt.Errorf("a metric counts %q, which is nothing", d.Source)
	}
	c := counting{source: s, day: b.Day}
	c.and("r.tenant_id = ?", tenantID)
	if len(d.Types) > 0 {
		c.and("r."+s.Type+" IN "+marks(len(d.Types)), anys(d.Types)...)
	}
	if len(d.Propositions) > 0 {
		in, args := In(d.Propositions)
		c.and("r.proposition_identity_id IN (SELECT id FROM identities WHERE kind = 'proposition' AND entity_id IN "+in+")", args...)
	}
	switch d.Money {
	case metric.OnlyMoney:
		c.and("r." + s.Money + " = 1")
	case metric.WithoutMoney:
		c.and("r." + s.Money + " = 0")
	}
	switch d.Sales {
	case metric.Net:
		c.and("r.cancelled_at IS NULL")
	case metric.Cancelled:
		c.and("r.cancelled_at IS NOT NULL")
	}
	return c, nil
}

// within narrows it to records of a window.
func (c *counting) within(d metric.Definition, from, to int64) {
	moment := "r." + c.source.Moment
	if c.day != "" {
		c.and(fmt.Sprintf(c.day+" <= "+c.day, moment, "?"), to)
	}
	if d.Aggregate == metric.Time {
		c.and("r.starts_at < ? AND (r.ends_at IS NULL OR r.ends_at > ?)", to, from)
		return
	}
	if c.day != "" {
		c.and(fmt.Sprintf(c.day+" >= "+c.day, moment, "?"), from)
	}
	c.and(moment+" >= ? AND "+moment+" < ?", from, to)
}

func (c *counting) condition() string { return " WHERE " + strings.Join(c.where, " AND ") }

// bucket is the number of the bucket of a record, as an expression. Days and weeks are counted on the clock of the zone.
func bucket(w metric.Window, moment string) string {
	const hour, day = int64(3600e6), 24 * int64(3600e6)
	size := day
	switch w.Bucket {
	case metric.Hour:
		return fmt.Sprintf("(%s - %d) / %d", moment, w.Base(), hour)
	case metric.Month:
		var b strings.Builder
		b.WriteString("CASE")
		for i, edge := range w.Edges[1:w.Len()] {
			fmt.Fprintf(&b, " WHEN %s < %d THEN %d", moment, edge, i)
		}
		if w.Len() == 1 {
			return "0"
		}
		fmt.Fprintf(&b, " ELSE %d END", w.Len()-1)
		return b.String()
	case metric.Week:
		size *= 7
	}
	shifts := w.Shifts()
	first := w.Base() + shifts[0].Offset
	if len(shifts) == 1 {
		return fmt.Sprintf("(%s - %d) / %d", moment, w.Base(), size)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "(%s - %d + CASE", moment, first)
	for _, s := range shifts[:len(shifts)-1] {
		fmt.Fprintf(&b, " WHEN %s < %d THEN %d", moment, s.Until, s.Offset)
	}
	fmt.Fprintf(&b, " ELSE %d END) / %d", shifts[len(shifts)-1].Offset, size)
	return b.String()
}

// Values of at most ten characters with at most four decimals are added up as whole ten-thousandths, which is exact and as
// fast as a count; the others are read and added up one by one.
const (
	fineScale = 10_000
	fine      = "(length(%[1]s) <= 10 AND %[1]s NOT LIKE '%%._____%%')"
	fineSum   = "coalesce(sum(CASE WHEN " + fine + " THEN CAST(round(CAST(%[1]s AS DOUBLE PRECISION) * 10000) AS BIGINT) ELSE 0 END), 0)"
	coarse    = "coalesce(sum(CASE WHEN NOT " + fine + " THEN 1 ELSE 0 END), 0)"
)

// whose tells records apart by what they are linked to.
type whose struct{ agent, team int64 }

// people are who identities stand for, as it is now.
type people struct {
	by     metric.By
	agents map[int64]int64 // identity → agent
	teams  map[int64]int64 // identity → team
	teamOf map[int64]int64 // agent → team
	names  map[int64]string
}

// of gives whom a record counts for: its agent; or its own team, else that of its agent.
func (p people) of(w whose) int64 {
	agent := p.agents[w.agent]
	if p.by != metric.ByTeam {
		return agent
	}
	if team := p.teams[w.team]; team != 0 {
		return team
	}
	return p.teamOf[agent]
}

func (t *Tx) people(tenantID int64, by metric.By) (people, error) {
	p := people{by: by, agents: map[int64]int64{}, teams: map[int64]int64{}, teamOf: map[int64]int64{}, names: map[int64]string{}}
	if by == metric.ByNone {
		return p, nil
	}
	for kind, into := range map[string]map[int64]int64{"agent": p.agents, "team": p.teams} {
		err := t.Each(func(rows *sql.Rows) error {
			var identity, entity int64
			err := rows.Scan(&identity, &entity)
			into[identity] = entity
			return err
		}, "SELECT id, entity_id FROM identities WHERE tenant_id = ? AND kind = '"+kind+"' AND entity_id IS NOT NULL", tenantID)
		if err != nil {
			return p, err
		}
	}
	err := t.Each(func(rows *sql.Rows) error {
		var agent, team int64
		var name string
		err := rows.Scan(&agent, &name, &team)
		if p.teamOf[agent] = team; by == metric.ByAgent {
			p.names[agent] = name
		}
		return err
	}, "SELECT id, name, coalesce(team_id, 0) FROM agents WHERE tenant_id = ?", tenantID)
	if err != nil || by == metric.ByAgent {
		return p, err
	}
	return p, t.Each(func(rows *sql.Rows) error {
		var team int64
		var name string
		err := rows.Scan(&team, &name)
		p.names[team] = name
		return err
	}, "SELECT id, name FROM teams WHERE tenant_id = ?", tenantID)
}

// adder puts numbers where they belong.
type adder struct {
	people
	w   metric.Window
	all metric.Series
	by  map[int64]metric.Series
}

func (a *adder) series(id int64) metric.Series {
	s, ok := a.by[id]
	if !ok {
		s = metric.NewSeries(id, a.names[id], a.w.Len())
		a.by[id] = s
	}
	return s
}

func (a *adder) add(bucket int, who whose, n *big.Rat) {
	put := func(s metric.Series) {
		s.Points[bucket].Add(s.Points[bucket], n)
		s.Total.Add(s.Total, n)
	}
	put(a.all)
	if a.people.by != metric.ByNone {
		put(a.series(a.of(who)))
	}
}

// MetricValues is that of metric.Store.
func (db *DB) MetricValues(ctx context.Context, tenantID int64, d metric.Definition, w metric.Window, by metric.By) (v metric.Values, err error) {
	err = db.Read(ctx, func(tx *Tx) error {
		p, err := tx.people(tenantID, by)
		if err != nil {
			return err
		}
		a := &adder{people: p, w: w, all: metric.NewSeries(0, "", w.Len()), by: map[int64]metric.Series{}}
		switch d.Aggregate {
		case metric.Count, metric.Sum:
			err = tx.added(tenantID, d, a)
		case metric.Contacts:
			err = tx.contacts(tenantID, d, a)
		case metric.Time:
			err = tx.lasted(tenantID, d, a)
		}
		v = metric.Values{All: a.all}
		for _, s := range a.by {
			v.By = append(v.By, s)
		}
		return err
	})
	return v, err
}

// columnsOf are those by which records are told apart.
func (a *adder) columnsOf(s metric.Source) string {
	columns := [2]string{"0", "0"}
	if a.people.by != metric.ByNone && s.Agent {
		columns[0] = "coalesce(r.agent_identity_id, 0)"
	}
	if a.people.by == metric.ByTeam && s.Team {
		columns[1] = "coalesce(r.team_identity_id, 0)"
	}
	return columns[0] + ", " + columns[1]
}

// cells has the database's own aggregate add up rows; n of what it gives make one.
func (t *Tx) cells(a *adder, arguments, from string, n int64, args []any) error {
	var text string
	if err := t.QueryRow("SELECT "+t.b.Cells+"("+arguments+")"+from, args...).Scan(&text); err != nil {
		return err
	}
	for line := range strings.Lines(text) {
		var cell int
		var who whose
		var fraction string
		if _, err := fmt.Sscan(line, &cell, &who.agent, &who.team, &fraction); err != nil {
			return fmt.Errorf("read the sum %q: %w", line, err)
		}
		sum, ok := new(big.Rat).SetString(fraction)
		if !ok {
			return fmt.Errorf("a sum is %q", fraction)
		}
		a.add(cell, who, sum.Quo(sum, new(big.Rat).SetInt64(n)))
	}
	return nil
}

func (t *Tx) added(tenantID int64, d metric.Definition, a *adder) error {
	c, err := t.b.countingOf(tenantID, d)
	if err != nil {
		return err
	}
	c.within(d, a.w.Start(), a.w.End())
	cells := bucket(a.w, "r."+c.source.Moment) + " AS cell, " + a.columnsOf(c.source)
	from := " FROM " + c.source.Table + " r" + c.condition()
	sums := "count(*), 0"
	column := ""
	if d.Aggregate == metric.Sum {
		column = "r." + c.source.Fields[d.Field]
		from += " AND " + column + " IS NOT NULL"
	}
	if t.b.Cells != "" {
		arguments := bucket(a.w, "r."+c.source.Moment) + ", " + a.columnsOf(c.source)
		if column != "" {
			arguments += ", " + column
		}
		return t.cells(a, arguments, from, 1, c.args)
	}
	if column != "" {
		sums = fmt.Sprintf(fineSum+", "+coarse, column)
	}
	left := int64(0)
	err = t.Each(func(rows *sql.Rows) error {
		var cell int
		var who whose
		var sum string
		var rest int64
		if err := rows.Scan(&cell, &who.agent, &who.team, &sum, &rest); err != nil {
			return err
		}
		n, ok := new(big.Rat).SetString(sum)
		if !ok {
			return fmt.Errorf("a sum is %q", sum)
		}
		if column != "" {
			n.Quo(n, big.NewRat(fineScale, 1))
		}
		left += rest
		a.add(cell, who, n)
		return nil
	}, "SELECT "+cells+", "+sums+from+" GROUP BY 1, 2, 3", c.args...)
	if err != nil || left == 0 {
		return err
	}
	return t.Each(func(rows *sql.Rows) error {
		var cell int
		var who whose
		var text string
		if err := rows.Scan(&cell, &who.agent, &who.team, &text); err != nil {
			return err
		}
		n, ok := new(big.Rat).SetString(text)
		if !ok {
			return fmt.Errorf("a record holds the number %q", text)
		}
		a.add(cell, who, n)
		return nil
	}, "SELECT "+cells+", "+column+from+" AND NOT "+fmt.Sprintf(fine, column), c.args...)
}

// linked joins what records are linked to, for what SQL itself has to tell apart.
func (c *counting) linked() (from, agent, team string) {
	from, agent, team = " FROM "+c.source.Table+" r", "0", "0"
	if c.source.Agent {
		from += " LEFT JOIN identities ai ON ai.id = r.agent_identity_id LEFT JOIN agents a ON a.id = ai.entity_id"
		agent, team = "coalesce(ai.entity_id, 0)", "coalesce(a.team_id, 0)"
	}
	if c.source.Team {
		from += " LEFT JOIN identities ti ON ti.id = r.team_identity_id"
		team = "coalesce(ti.entity_id, " + team + ")"
	}
	return from, agent, team
}

// contacts counts each contact once in each number: it asks the database for all of them.
func (t *Tx) contacts(tenantID int64, d metric.Definition, a *adder) error {
	c, err := t.b.countingOf(tenantID, d)
	if err != nil {
		return err
	}
	c.within(d, a.w.Start(), a.w.End())
	cell := bucket(a.w, "r."+c.source.Moment)
	read := func(columns, from string, put func(cell int, who, n int64)) error {
		return t.Each(func(rows *sql.Rows) error {
			var cell int
			var who, n int64
			err := rows.Scan(&cell, &who, &n)
			if err == nil {
				put(cell, who, n)
			}
			return err
		}, "SELECT "+columns+", count(DISTINCT r.contact_key)"+from+c.condition()+" GROUP BY 1, 2", c.args...)
	}
	plain := " FROM " + c.source.Table + " r"
	if err := read(cell+", 0", plain, func(cell int, _, n int64) { a.all.Points[cell].SetInt64(n) }); err != nil {
		return err
	}
	if err := read("0, 0", plain, func(_ int, _, n int64) { a.all.Total.SetInt64(n) }); err != nil {
		return err
	}
	if a.people.by == metric.ByNone {
		return nil
	}
	from, who, team := c.linked()
	if a.people.by == metric.ByTeam {
		who = team
	}
	if err := read(cell+", "+who, from, func(cell int, who, n int64) { a.series(who).Points[cell].SetInt64(n) }); err != nil {
		return err
	}
	return read("0, "+who, from, func(_ int, who, n int64) { a.series(who).Total.SetInt64(n) })
}

// lasted adds up, in seconds, how much of each period lies in each bucket. A period without an end lasts until now. Those that
// lie within one bucket the database adds up, whole seconds apart from what is left, so that no sum is too large for it; those that
// reach over an edge are read one by one.
func (t *Tx) lasted(tenantID int64, d metric.Definition, a *adder) error {
	c, err := t.b.countingOf(tenantID, d)
	if err != nil {
		return err
	}
	if t.b.Cells != "" {
		c.within(d, a.w.Start(), a.w.End())
		edges := strings.Trim(fmt.Sprint(a.w.Edges), "[]")
		return t.cells(a, "'"+edges+"', "+a.columnsOf(c.source)+", r.starts_at, coalesce(r.ends_at, "+fmt.Sprint(t.Now)+")", " FROM "+c.source.Table+" r"+c.condition(), 1_000_000, c.args)
	}
	cell := bucket(a.w, "r.starts_at")
	within := fmt.Sprintf("(r.ends_at IS NOT NULL AND r.starts_at >= %d AND r.starts_at < r.ends_at AND r.ends_at <= %d AND %s = %s)",
		a.w.Start(), a.w.End(), cell, bucket(a.w, "(r.ends_at - 1)"))
	from := " FROM " + c.source.Table + " r" + c.condition()
	err = t.Each(func(rows *sql.Rows) error {
		var cell int
		var who whose
		var seconds, micros int64
		if err := rows.Scan(&cell, &who.agent, &who.team, &seconds, &micros); err != nil {
			return err
		}
		a.add(cell, who, new(big.Rat).Add(big.NewRat(seconds, 1), big.NewRat(micros, 1_000_000)))
		return nil
	}, "SELECT "+cell+" AS cell, "+a.columnsOf(c.source)+
		", CAST(sum((r.ends_at - r.starts_at) / 1000000) AS BIGINT), CAST(sum((r.ends_at - r.starts_at) % 1000000) AS BIGINT)"+
		from+fmt.Sprintf(" AND r.starts_at >= %d AND r.starts_at < %d AND ", a.w.Start(), a.w.End())+within+" GROUP BY 1, 2, 3", c.args...)
	if err != nil {
		return err
	}
	c.within(d, a.w.Start(), a.w.End())
	return t.Each(func(rows *sql.Rows) error {
		var who whose
		var starts, ends int64
		if err := rows.Scan(&who.agent, &who.team, &starts, &ends); err != nil {
			return err
		}
		first, _ := slices.BinarySearch(a.w.Edges, starts+1)
		for i := max(first-1, 0); i < a.w.Len() && a.w.Edges[i] < ends; i++ {
			if n := min(ends, a.w.Edges[i+1]) - max(starts, a.w.Edges[i]); n > 0 {
				a.add(i, who, big.NewRat(n, 1_000_000))
			}
		}
		return nil
	}, "SELECT "+a.columnsOf(c.source)+", r.starts_at, coalesce(r.ends_at, "+fmt.Sprint(t.Now)+") FROM "+c.source.Table+" r"+c.condition()+" AND NOT "+within, c.args...)
}

// MetricMixed is that of metric.Store.
func (db *DB) MetricMixed(ctx context.Context, tenantID int64, d metric.Definition, from, to int64) (mixed metric.Mixed, err error) {
	c, err := db.b.countingOf(tenantID, d)
	if err != nil {
		return mixed, err
	}
	c.within(d, from, to)
	c.and("r." + c.source.Fields[d.Field] + " IS NOT NULL")
	err = db.Read(ctx, func(tx *Tx) error {
		return tx.QueryRow("SELECT coalesce(sum(r."+c.source.Money+"), 0), count(*) - coalesce(sum(r."+c.source.Money+"), 0) FROM "+c.source.Table+" r"+c.condition(), c.args...).Scan(&mixed.Money, &mixed.Other)
	})
	return mixed, err
}

// ofNobody narrows it to records of agents' identities that are linked to nobody.
func (c *counting) ofNobody(tenantID int64) {
	c.and("r.agent_identity_id IN (SELECT id FROM identities WHERE tenant_id = ? AND kind = 'agent' AND entity_id IS NULL)", tenantID)
}

// MetricLeftOut is that of metric.Store.
func (db *DB) MetricLeftOut(ctx context.Context, tenantID int64, d metric.Definition, from, to int64) (records, identities int64, err error) {
	c, err := db.b.countingOf(tenantID, d)
	if err != nil || !c.source.Agent {
		return 0, 0, err
	}
	c.within(d, from, to)
	c.ofNobody(tenantID)
	err = db.Read(ctx, func(tx *Tx) error {
		var there int
		err := tx.QueryRow("SELECT count(*) FROM (SELECT 1 FROM identities WHERE tenant_id = ? AND kind = 'agent' AND entity_id IS NULL LIMIT 1) AS one", tenantID).Scan(&there)
		if err != nil || there == 0 { // as it should be: no record has to be read for that
			return err
		}
		return tx.QueryRow(fmt.Sprintf("SELECT count(*), count(DISTINCT who) FROM (SELECT r.agent_identity_id AS who FROM "+c.source.Table+" r"+c.condition()+" LIMIT %d) AS counted",
			page.CountLimit+1), c.args...).Scan(&records, &identities)
	})
	return records, identities, err
}

// mostTypes are walked through where one with a text in it is looked for.
const mostTypes = 5_000

// RecordTypes is that of metric.Store. It goes from each type to the next by the index that metrics have.
func (db *DB) RecordTypes(ctx context.Context, tenantID int64, s metric.Source, search string, most int) (types []string, err error) {
	if s.Type == "" {
		return nil, nil
	}
	next := func(after string) string {
		return "(SELECT min(" + s.Type + ") FROM " + s.Table + " WHERE tenant_id = ?" + after + ")"
	}
	query := fmt.Sprintf("WITH RECURSIVE walked (one, n) AS (SELECT %s, 1 UNION ALL SELECT %s, n + 1 FROM walked WHERE one IS NOT NULL AND n < %d) SELECT one FROM walked WHERE lower(one) LIKE ? ESCAPE '\\' ORDER BY one LIMIT %d",
		next(""), next(" AND "+s.Type+" > one"), mostTypes, most)
	err = db.Read(ctx, func(tx *Tx) error {
		types = nil
		return tx.Each(func(rows *sql.Rows) error {
			var one string
			err := rows.Scan(&one)
			types = append(types, one)
			return err
		}, query, tenantID, tenantID, partly(search))
	})
	return types, err
}

// calledAgent is what the agent of a record is called; of an identity that is not linked, its name at its provider, or its id.
const calledAgent = "coalesce(a.name, nullif(ai.external_name, ''), ai.external_id, '')"

// MetricLines is that of metric.Store.
func (db *DB) MetricLines(ctx context.Context, tenantID int64, d metric.Definition, from, to int64, who metric.Who, r page.Request) (p page.Page[metric.Line], err error) {
	c, err := db.b.countingOf(tenantID, d)
	if err != nil {
		return p, err
	}
	c.within(d, from, to)
	tables, agent, team := c.linked()
	c.from = strings.TrimPrefix(tables, " FROM ")
	if who.AgentID != 0 {
		c.and(agent+" = ?", who.AgentID)
	}
	if who.TeamID != 0 {
		c.and(team+" = ?", who.TeamID)
	}
	if who.NoTeam {
		c.and(team + " = 0")
	}
	if who.Nobody && c.source.Agent {
		c.ofNobody(tenantID)
	}
	kind, value, name := "''", "NULL", "''"
	if c.source.Type != "" {
		kind = "r." + c.source.Type
	}
	if column, ok := c.source.Fields[d.Field]; ok {
		value = "r." + column
	}
	if c.source.Agent {
		name = calledAgent
	}
	moment := "r." + c.source.Moment
	c.columns = fmt.Sprintf("r.id, r.external_id, %s, %s, coalesce(%s, ''), %s, %s", moment, kind, value, agent, name)
	c.id, c.order = "r.id", "-moment"
	c.sorts, c.coarse = []sortable{{"moment", moment, ofNumber}}, c.day
	err = db.Read(ctx, func(tx *Tx) error {
		p, err = pageOf(tx, c.list, r, func(scan row) (l metric.Line, err error) {
			err = scan(&l.ID, &l.ExternalID, &l.Moment, &l.Type, &l.Value, &l.AgentID, &l.AgentName)
			return l, err
		})
		return err
	})
	return p, err
}
