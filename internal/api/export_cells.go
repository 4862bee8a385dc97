package api

import (
	"cmp"
	"slices"
	"strconv"
)

// col is a column that takes nothing of the sheet.
func col[T any](head string, text func(T) string) cell[T] {
	return cell[T]{head, func(v T, _ *sheet) string { return text(v) }}
}

var executionCells = []cell[executionView]{
	col("id", func(e executionView) string { return e.ID }),
	{"received_at", func(e executionView, s *sheet) string { return s.stamp(e.ReceivedAt) }},
	{"ran_at", func(e executionView, s *sheet) string { return s.stampOrNone(e.RanAt) }},
	col("status", func(e executionView) string { return string(e.Status) }),
	col("reason", func(e executionView) string { return orNone(e.Reason) }),
	col("kind", func(e executionView) string { return string(e.Kind) }),
	col("source", func(e executionView) string { return e.SourceName }),
	col("processor", func(e executionView) string { return e.ProcessorName }),
	col("version", func(e executionView) string { return strconv.Itoa(e.Version) }),
	col("new", func(e executionView) string { return strconv.Itoa(e.Counts.Created) }),
	col("changed", func(e executionView) string { return strconv.Itoa(e.Counts.Updated) }),
	col("same", func(e executionView) string { return strconv.Itoa(e.Counts.Unchanged) }),
	col("skipped", func(e executionView) string { return strconv.Itoa(e.Counts.Skipped) }),
	col("failed", func(e executionView) string { return strconv.Itoa(e.Counts.Failed) }),
	col("error_code", func(e executionView) string { return firstError(e).Code }),
	col("step", func(e executionView) string { return firstError(e).Instruction }),
	col("field", func(e executionView) string { return firstError(e).Field }),
	col("delivery_id", func(e executionView) string { return e.DeliveryID }),
}

func firstError(e executionView) errorView {
	if e.Error == nil {
		return errorView{}
	}
	return *e.Error
}

var callCells = []cell[CallView]{
	col("id", func(c CallView) string { return c.ID }),
	{"received_at", func(c CallView, s *sheet) string { return s.stamp(c.ReceivedAt) }},
	col("status", func(c CallView) string { return c.Status }),
	col("http_status", func(c CallView) string { return strconv.Itoa(c.HTTPStatus) }),
	col("provider", func(c CallView) string { return c.ProviderName }),
	col("source", func(c CallView) string { return c.SourceName }),
	col("door", func(c CallView) string { return c.Door }),
	col("items", func(c CallView) string { return strconv.Itoa(c.Items) }),
	col("caller", func(c CallView) string {
		if c.TurnedAway == nil {
			return ""
		}
		return orNone(c.TurnedAway.Caller)
	}),
	col("more_like_it", func(c CallView) string {
		if c.TurnedAway == nil {
			return ""
		}
		return strconv.FormatInt(c.TurnedAway.More, 10)
	}),
}

var deliveryCells = []cell[DeliveryView]{
	col("id", func(d DeliveryView) string { return d.ID }),
	{"received_at", func(d DeliveryView, s *sheet) string { return s.stamp(d.ReceivedAt) }},
	col("state", func(d DeliveryView) string { return string(d.State) }),
	col("source", func(d DeliveryView) string { return d.SourceName }),
	col("event_id", func(d DeliveryView) string { return orNone(d.EventID) }),
	col("source_execution_id", func(d DeliveryView) string { return d.SourceExecutionID }),
}

var identityCells = []cell[identityView]{
	col("id", func(i identityView) string { return i.ID }),
	col("kind", func(i identityView) string { return i.Kind }),
	col("provider", func(i identityView) string { return i.ProviderName }),
	col("external_id", func(i identityView) string { return i.ExternalID }),
	col("external_name", func(i identityView) string { return i.ExternalName }),
	col("linked_to", func(i identityView) string {
		if i.Entity == nil {
			return ""
		}
		return i.Entity.Name
	}),
	col("ignored", func(i identityView) string { return strconv.FormatBool(i.Ignored) }),
	{"created_at", func(i identityView, s *sheet) string { return s.stamp(i.CreatedAt) }},
}

// recordCells are the columns of a kind: those of all kinds around its own.
func recordCells[T any](head func(T) RecordHead, own ...[]cell[T]) []cell[T] {
	return slices.Concat([]cell[T]{
		col("id", func(v T) string { return head(v).ID }),
		{"provider", func(v T, s *sheet) string { return cmp.Or(s.providers[head(v).ProviderID], head(v).ProviderID) }},
		col("external_id", func(v T) string { return head(v).ExternalID }),
		{"contact_key", func(v T, s *sheet) string { return s.contact(head(v).ContactKey) }},
	}, slices.Concat(own...),
		who("project", func(v T) *whose { return head(v).Project }),
		who("segment", func(v T) *whose { return head(v).Segment }),
		[]cell[T]{
			{"created_at", func(v T, s *sheet) string { return s.stamp(head(v).CreatedAt) }},
			{"updated_at", func(v T, s *sheet) string { return s.stamp(head(v).UpdatedAt) }},
		})
}

// who are two columns: the name of what an identity is linked to, else its own, and its external id.
func who[T any](head string, of func(T) *whose) []cell[T] {
	return []cell[T]{
		col(head, func(v T) string {
			switch w := of(v); {
			case w == nil:
				return ""
			case w.EntityName != nil:
				return *w.EntityName
			default:
				return w.ExternalName
			}
		}),
		col(head+"_external_id", func(v T) string {
			if w := of(v); w != nil {
				return w.ExternalID
			}
			return ""
		}),
	}
}

func (a *agentView) whose() *whose {
	if a == nil {
		return nil
	}
	return &whose{a.IdentityID, a.ExternalID, a.ExternalName, a.AgentID, a.AgentName}
}

func (p *propositionView) whose() *whose {
	if p == nil {
		return nil
	}
	return &whose{p.IdentityID, p.ExternalID, p.ExternalName, p.PropositionID, p.PropositionName}
}

var activityCells = recordCells(func(v activityView) RecordHead { return v.RecordHead },
	[]cell[activityView]{
		col("activity_type", func(v activityView) string { return v.ActivityType }),
		{"moment", func(v activityView, s *sheet) string { return s.stamp(v.Moment) }},
		col("value", func(v activityView) string { return string(v.Value) }),
		col("value_is_money", func(v activityView) string { return strconv.FormatBool(v.ValueIsMoney) }),
	},
	who("agent", func(v activityView) *whose { return v.Agent.whose() }),
	who("team", func(v activityView) *whose { return v.Team }),
)

var anonymousCells = recordCells(func(v anonymousView) RecordHead { return v.RecordHead },
	[]cell[anonymousView]{
		col("activity_type", func(v anonymousView) string { return v.ActivityType }),
		{"moment", func(v anonymousView, s *sheet) string { return s.stamp(v.Moment) }},
		col("value", func(v anonymousView) string { return string(v.Value) }),
		col("value_is_money", func(v anonymousView) string { return strconv.FormatBool(v.ValueIsMoney) }),
	},
	who("team", func(v anonymousView) *whose { return v.Team }),
)

var saleCells = recordCells(func(v saleView) RecordHead { return v.RecordHead },
	[]cell[saleView]{
		{"sold_at", func(v saleView, s *sheet) string { return s.stamp(v.SoldAt) }},
		{"cancelled_at", func(v saleView, s *sheet) string { return s.stampOrNone(v.CancelledAt) }},
		col("is_retention", func(v saleView) string { return strconv.FormatBool(v.IsRetention) }),
		col("contract_value", func(v saleView) string { return string(v.ContractValue) }),
		col("electricity_usage", func(v saleView) string { return string(v.EnergyMeta.ElectricityUsage) }),
		col("electricity_return", func(v saleView) string { return string(v.EnergyMeta.ElectricityReturn) }),
		col("gas_usage", func(v saleView) string { return string(v.EnergyMeta.GasUsage) }),
		col("connection_count", func(v saleView) string { return string(v.EnergyMeta.ConnectionCount) }),
	},
	who("agent", func(v saleView) *whose { return v.Agent.whose() }),
	who("proposition", func(v saleView) *whose { return v.Proposition.whose() }),
)

var callRecordCells = recordCells(func(v callRecordView) RecordHead { return v.RecordHead },
	[]cell[callRecordView]{
		{"started_at", func(v callRecordView, s *sheet) string { return s.stamp(v.StartedAt) }},
		col("duration", func(v callRecordView) string { return string(v.Duration) }),
		col("direction", func(v callRecordView) string { return orNone(v.Direction) }),
		col("result", func(v callRecordView) string { return orNone(v.Result) }),
	},
	who("agent", func(v callRecordView) *whose { return v.Agent.whose() }),
)

var periodCells = recordCells(func(v periodView) RecordHead { return v.RecordHead },
	[]cell[periodView]{
		col("period_type", func(v periodView) string { return v.PeriodType }),
		{"starts_at", func(v periodView, s *sheet) string { return s.stamp(v.StartsAt) }},
		{"ends_at", func(v periodView, s *sheet) string { return s.stampOrNone(v.EndsAt) }},
		col("value", func(v periodView) string { return string(v.Value) }),
	},
	who("agent", func(v periodView) *whose { return v.Agent.whose() }),
)

var journalCells = []cell[recordChangeView]{
	{"at", func(c recordChangeView, s *sheet) string { return s.stamp(c.At) }},
	col("kind", func(c recordChangeView) string { return c.Kind }),
	col("record_id", func(c recordChangeView) string { return c.RecordID }),
	col("external_id", func(c recordChangeView) string { return c.ExternalID }),
	col("origin", func(c recordChangeView) string { return c.MadeBy.Origin }),
	col("execution_id", func(c recordChangeView) string { return orNone(c.MadeBy.ExecutionID) }),
	col("processor_id", func(c recordChangeView) string { return orNone(c.MadeBy.ProcessorID) }),
	col("fields", func(c recordChangeView) string {
		text := ""
		for i, f := range c.Fields {
			if i > 0 {
				text += ", "
			}
			text += f.Name
		}
		return text
	}),
}
