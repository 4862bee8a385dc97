// Package metric has the numbers that people look at: a name, what is counted or added up over which records, or one of
// these divided by another, and how it is written. A value is worked out from the records as they are when it is asked
// for, so a record that is changed away is gone from it at once. It never stores a value.
package metric

import (
	"context"
	"slices"
	"strings"

	"github.com/dealwright/dealwright/internal/fault"
	"github.com/dealwright/dealwright/internal/page"
)

// Source is a kind of record that can be counted.
type Source struct {
	Noun   string
	Table  string
	Moment string            // the column that places a record in time
	Type   string            // the column with its type; "": it has none
	Agent  bool              // its records are somebody's
	Team   bool              // its records may name a team of their own
	Fields map[string]string // what can be added up → column
	Money  string            // the column that says whether value is money; "": it has one meaning
}

// Sources in the order people see them. Energy is in kWh and m³, durations are in seconds.
var Sources = []Source{
	{Noun: "activity", Table: "activities", Moment: "moment", Type: "activity_type", Agent: true, Team: true, Fields: map[string]string{"value": "value"}, Money: "value_is_money"},
	{Noun: "sale", Table: "sales", Moment: "sold_at", Agent: true, Fields: map[string]string{
		"contract_value": "contract_value", "electricity_usage": "electricity_usage", "electricity_return": "electricity_return",
		"gas_usage": "gas_usage", "connection_count": "connection_count",
	}},
	{Noun: "call", Table: "calls", Moment: "started_at", Agent: true, Fields: map[string]string{"duration": "duration"}},
	{Noun: "period", Table: "periods", Moment: "starts_at", Type: "period_type", Agent: true, Fields: map[string]string{"value": "value"}},
	{Noun: "anonymous_activity", Table: "anonymous_activities", Moment: "moment", Type: "activity_type", Team: true, Fields: map[string]string{"value": "value"}, Money: "value_is_money"},
}

// SourceOf gives the source of a noun.
func SourceOf(noun string) (Source, bool) {
	i := slices.IndexFunc(Sources, func(s Source) bool { return s.Noun == noun })
	if i < 0 {
		return Source{}, false
	}
	return Sources[i], true
}

// What is made of the records.
const (
	Count    = "count"
	Sum      = "sum"      // of a field
	Contacts = "contacts" // different contact keys
	Time     = "time"     // of periods: the seconds of each that lie within
	Ratio    = "ratio"    // of two other metrics
)

// Which sales.
const (
	Gross     = "gross" // all
	Net       = "net"   // those that are not cancelled
	Cancelled = "cancelled"
)

// Which values.
const (
	OnlyMoney    = "only"    // those that are money
	WithoutMoney = "without" // the others
)

var (
	aggregates = []string{Count, Sum, Contacts, Time, Ratio}
	formats    = []string{"number", "currency", "duration", "percentage"}
)

// Definition says what a metric is.
type Definition struct {
	Aggregate    string   `json:"aggregate"`
	Source       string   `json:"source,omitempty"`
	Field        string   `json:"field,omitempty"`
	Types        []string `json:"types,omitempty"`        // none: all
	Propositions []int64  `json:"propositions,omitempty"` // none: all
	Sales        string   `json:"sales,omitempty"`        // Gross, Net, Cancelled
	Money        string   `json:"money,omitempty"`        // OnlyMoney, WithoutMoney; "": both
	Over         int64    `json:"over,omitempty"`         // a ratio: the metric above the line
	Under        int64    `json:"under,omitempty"`        // and the one below it
	Format       string   `json:"format"`
	Unit         string   `json:"unit,omitempty"`
	ShortUnit    string   `json:"short_unit,omitempty"`
	Decimals     int      `json:"decimals"`
}

// Metric is one that is kept.
type Metric struct {
	ID         int64
	TenantID   int64
	Name       string
	Definition Definition
	CreatedAt  int64
	UpdatedAt  int64
}

// Limits of a metric.
const (
	longest      = 200
	longestUnit  = 30
	mostTypes    = 50
	mostDecimals = 6
)

// Checked gives the metric as it is kept, or all that is wrong with it. whole gives a metric of the tenant.
func (m Metric) Checked(whole func(int64) (Metric, error)) (Metric, error) {
	wrong := fault.New(fault.Invalid, "The metric was not saved.")
	bad := func(field, code, message string) {
		wrong.With(fault.Detail{Field: field, Code: code, Message: message})
	}
	m.Name = strings.TrimSpace(m.Name)
	if m.Name == "" || len([]rune(m.Name)) > longest {
		bad("name", "bad_length", "The name must have 1 to 200 characters.")
	}
	d := &m.Definition
	if d.Format == "" {
		d.Format = formats[0]
	}
	if !slices.Contains(formats, d.Format) {
		bad("format", "unknown", "The format is number, currency, duration or percentage.")
	}
	if len([]rune(d.Unit)) > longestUnit || len([]rune(d.ShortUnit)) > longestUnit {
		bad("unit", "bad_length", "A unit has at most 30 characters.")
	}
	if d.Decimals < 0 || d.Decimals > mostDecimals {
		bad("decimals", "out_of_range", "A metric is written with 0 to 6 decimals.")
	}
	switch {
	case !slices.Contains(aggregates, d.Aggregate):
		bad("aggregate", "unknown", "A metric counts, sums, counts contacts, adds up time, or is a ratio.")
	case d.Aggregate == Ratio:
		d.Source, d.Field, d.Types, d.Propositions, d.Sales, d.Money = "", "", nil, nil, "", ""
		for field, n := range map[string]int64{"over": d.Over, "under": d.Under} {
			part, err := whole(n)
			switch {
			case fault.Is(err, fault.NotFound):
				bad(field, "not_found", "A ratio is of two metrics; choose one that is there.")
			case err != nil:
				return m, err
			case part.Definition.Aggregate == Ratio:
				bad(field, "nested", "“"+part.Name+"” is a ratio itself; a ratio is of two that are none.")
			}
		}
	default:
		d.Over, d.Under = 0, 0
		d.check(bad)
	}
	if len(wrong.Details) > 0 {
		return m, wrong
	}
	return m, nil
}

func (d *Definition) check(bad func(field, code, message string)) {
	s, ok := SourceOf(d.Source)
	if !ok {
		bad("source", "unknown", "A metric is of activities, sales, calls, periods or anonymous activities.")
		return
	}
	if d.Aggregate != Sum {
		d.Field = ""
	} else if _, ok := s.Fields[d.Field]; !ok {
		bad("field", "unknown", "Say which field of the records is added up.")
	}
	switch {
	case !d.addsValues(s):
		d.Money = ""
	case !slices.Contains([]string{"", OnlyMoney, WithoutMoney}, d.Money):
		bad("money", "unknown", "Values are added up that are money, or that are not, or both.")
	}
	if d.Aggregate == Time && s.Noun != "period" {
		bad("aggregate", "unknown", "Only periods last; add up the time of those.")
	}
	if s.Type == "" && len(d.Types) > 0 {
		bad("types", "unknown_field", "These records have no type.")
	}
	if len(d.Types) > mostTypes || len(d.Propositions) > mostTypes {
		bad("types", "too_many", "A metric is of at most 50 types or propositions.")
	}
	if s.Noun != "sale" {
		if len(d.Propositions) > 0 || d.Sales != "" && d.Sales != Gross {
			bad("sales", "unknown_field", "Only sales have a proposition and can be cancelled.")
		}
		d.Sales = ""
		return
	}
	if d.Sales == "" {
		d.Sales = Gross
	}
	if !slices.Contains([]string{Gross, Net, Cancelled}, d.Sales) {
		bad("sales", "unknown", "Sales are counted gross, net, or only those cancelled.")
	}
}

// addsValues is whether it is a sum of values that may be money or not.
func (d *Definition) addsValues(s Source) bool {
	return s.Money != "" && d.Aggregate == Sum && d.Field == "value"
}

// MayMix is whether it may add money to what is none.
func (d *Definition) MayMix() bool {
	s, ok := SourceOf(d.Source)
	return ok && d.Money == "" && d.addsValues(s)
}

// By is what the values of a metric are told apart by.
type By string

// Nothing, or who it counts for.
const (
	ByNone  By = ""
	ByAgent By = "agent"
	ByTeam  By = "team"
)

// Who narrows a metric to an agent or a team; 0: does not.
type Who struct {
	AgentID, TeamID int64
	NoTeam          bool // only what counts for no team
	Nobody          bool // only what is somebody's who is not linked
}

// Line is a record that makes a number.
type Line struct {
	ID         int64
	ExternalID string
	Moment     int64
	Type       string
	Value      string // "": none
	AgentID    int64
	AgentName  string // of an identity that is linked to nobody: what it is called there
}

// OfContact is how many records a contact has with an agent, or with a team; 0: with none that is linked.
type OfContact struct {
	Contact string
	Whose   int64
}

// Teams are the teams of a tenant, and which of them its agents are in.
type Teams struct {
	Names   map[int64]string
	OfAgent map[int64]int64
}

// Store keeps metrics. All of it is of one tenant; what belongs to another is not found.
type Store interface {
	Metric(ctx context.Context, tenantID, id int64) (Metric, error)
	ListMetrics(ctx context.Context, tenantID int64, search string, r page.Request) (page.Page[Metric], error)
	// AddMetric keeps what check gives of it.
	AddMetric(ctx context.Context, m Metric) (Metric, error)
	ChangeMetric(ctx context.Context, tenantID, id int64, fn func(Metric, func(int64) (Metric, error)) (Metric, error)) (Metric, error)
	// DropMetric takes a metric away, unless a ratio is of it.
	DropMetric(ctx context.Context, tenantID, id int64) error
	// MetricValues works out an aggregate, never a ratio.
	MetricValues(ctx context.Context, tenantID int64, d Definition, w Window, by By) (Values, error)
	// MetricMixed counts the values of a sum that are money, and those that are not.
	MetricMixed(ctx context.Context, tenantID int64, d Definition, from, to int64) (Mixed, error)
	// MetricLeftOut counts the records of an aggregate that count for nobody, since whose they are is not linked to anybody, and
	// how many identities those are: each at most page.CountLimit and one.
	MetricLeftOut(ctx context.Context, tenantID int64, d Definition, from, to int64) (records, identities int64, err error)
	// RecordTypes gives types that records of a source have, in order: those with a text in them, at most so many.
	RecordTypes(ctx context.Context, tenantID int64, s Source, search string, most int) ([]string, error)
	// MetricLines gives the records that make the value of an aggregate, the newest moment first.
	MetricLines(ctx context.Context, tenantID int64, d Definition, from, to int64, who Who, r page.Request) (page.Page[Line], error)
}
