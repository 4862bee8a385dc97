package api

import (
	"slices"
	"strconv"
	"time"
)

// col is a column without a moment.
func col[T any](head string, text func(T) string) cell[T] {
	return cell[T]{head, func(v T, _ *time.Location) string { return text(v) }}
}

var executionCells = []cell[executionView]{
	col("id", func(e executionView) string { return e.ID }),
	{"received_at", func(e executionView, z *time.Location) string { return stamp(e.ReceivedAt, z) }},
	{"ran_at", func(e executionView, z *time.Location) string { return stampOrNone(e.RanAt, z) }},
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
	{"received_at", func(c CallView, z *time.Location) string { return stamp(c.ReceivedAt, z) }},
	col("status", func(c CallView) string { return c.Status }),
	col("http_status", func(c CallView) string { return strconv.Itoa(c.HTTPStatus) }),
	col("provider", func(c CallView) string { return c.ProviderName }),
	col("source", func(c CallView) string { return c.SourceName }),
	col("door", func(c CallView) string { return c.Door }),
	col("items", func(c CallView) string { return strconv.Itoa(c.Items) }),
}

var deliveryCells = []cell[DeliveryView]{
	col("id", func(d DeliveryView) string { return d.ID }),
	{"received_at", func(d DeliveryView, z *time.Location) string { return stamp(d.ReceivedAt, z) }},
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
	{"created_at", func(i identityView, z *time.Location) string { return stamp(i.CreatedAt, z) }},
}

// recordCells are the columns of a kind: those of all kinds around its own.
func recordCells[T any](head func(T) RecordHead, own ...cell[T]) []cell[T] {
	return slices.Concat([]cell[T]{
		col("id", func(v T) string { return head(v).ID }),
		col("external_id", func(v T) string { return head(v).ExternalID }),
	}, own, []cell[T]{
		col("project", func(v T) string { return nameOf(head(v).Project) }),
		col("segment", func(v T) string { return nameOf(head(v).Segment) }),
		{"created_at", func(v T, z *time.Location) string { return stamp(head(v).CreatedAt, z) }},
		{"updated_at", func(v T, z *time.Location) string { return stamp(head(v).UpdatedAt, z) }},
	})
}

// nameOf is what an identity is linked to, else its own name.
func nameOf(w *whose) string {
	switch {
	case w == nil:
		return ""
	case w.EntityName != nil:
		return *w.EntityName
	}
	return w.ExternalName
}

func agentName(a *agentView) string {
	switch {
	case a == nil:
		return ""
	case a.AgentName != nil:
		return *a.AgentName
	}
	return a.ExternalName
}

var activityCells = recordCells(func(v activityView) RecordHead { return v.RecordHead },
	col("activity_type", func(v activityView) string { return v.ActivityType }),
	col("agent", func(v activityView) string { return agentName(v.Agent) }),
	col("team", func(v activityView) string { return nameOf(v.Team) }),
	cell[activityView]{"moment", func(v activityView, z *time.Location) string { return stamp(v.Moment, z) }},
	col("value", func(v activityView) string { return string(v.Value) }),
	col("value_is_money", func(v activityView) string { return strconv.FormatBool(v.ValueIsMoney) }),
)

var anonymousCells = recordCells(func(v anonymousView) RecordHead { return v.RecordHead },
	col("activity_type", func(v anonymousView) string { return v.ActivityType }),
	col("team", func(v anonymousView) string { return nameOf(v.Team) }),
	cell[anonymousView]{"moment", func(v anonymousView, z *time.Location) string { return stamp(v.Moment, z) }},
	col("value", func(v anonymousView) string { return string(v.Value) }),
	col("value_is_money", func(v anonymousView) string { return strconv.FormatBool(v.ValueIsMoney) }),
)

var saleCells = recordCells(func(v saleView) RecordHead { return v.RecordHead },
	col("agent", func(v saleView) string { return agentName(v.Agent) }),
	col("proposition", func(v saleView) string {
		switch {
		case v.Proposition == nil:
			return ""
		case v.Proposition.PropositionName != nil:
			return *v.Proposition.PropositionName
		}
		return v.Proposition.ExternalName
	}),
	cell[saleView]{"sold_at", func(v saleView, z *time.Location) string { return stamp(v.SoldAt, z) }},
	cell[saleView]{"cancelled_at", func(v saleView, z *time.Location) string { return stampOrNone(v.CancelledAt, z) }},
	col("is_retention", func(v saleView) string { return strconv.FormatBool(v.IsRetention) }),
	col("contract_value", func(v saleView) string { return string(v.ContractValue) }),
	col("electricity_usage", func(v saleView) string { return string(v.EnergyMeta.ElectricityUsage) }),
	col("electricity_return", func(v saleView) string { return string(v.EnergyMeta.ElectricityReturn) }),
	col("gas_usage", func(v saleView) string { return string(v.EnergyMeta.GasUsage) }),
	col("connection_count", func(v saleView) string { return string(v.EnergyMeta.ConnectionCount) }),
)

var callRecordCells = recordCells(func(v callRecordView) RecordHead { return v.RecordHead },
	col("agent", func(v callRecordView) string { return agentName(v.Agent) }),
	cell[callRecordView]{"started_at", func(v callRecordView, z *time.Location) string { return stamp(v.StartedAt, z) }},
	col("duration", func(v callRecordView) string { return string(v.Duration) }),
	col("direction", func(v callRecordView) string { return orNone(v.Direction) }),
	col("result", func(v callRecordView) string { return orNone(v.Result) }),
)

var periodCells = recordCells(func(v periodView) RecordHead { return v.RecordHead },
	col("period_type", func(v periodView) string { return v.PeriodType }),
	col("agent", func(v periodView) string { return agentName(v.Agent) }),
	cell[periodView]{"starts_at", func(v periodView, z *time.Location) string { return stamp(v.StartsAt, z) }},
	cell[periodView]{"ends_at", func(v periodView, z *time.Location) string { return stampOrNone(v.EndsAt, z) }},
	col("value", func(v periodView) string { return string(v.Value) }),
)

var journalCells = []cell[recordChangeView]{
	{"at", func(c recordChangeView, z *time.Location) string { return stamp(c.At, z) }},
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
