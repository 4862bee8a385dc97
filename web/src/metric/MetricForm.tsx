import { kinds } from "../record/kinds"
import { t } from "../text"
import { Button } from "../ui/Button"
import { FormError, fieldError } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import type { Definition, Metric, TypedSource } from "./api"
import { PropositionsPick } from "./PropositionsPick"
import { TypesPick } from "./TypesPick"
import { fields, mayMix } from "./write"

interface Props {
  name: string
  definition: Definition
  others: Metric[] // that a ratio can be of
  error: unknown
  busy: boolean
  onName: (name: string) => void
  onDefinition: (d: Definition) => void
  onSubmit: () => void
  onCancel: () => void
}

// MetricForm says what is counted, over which records, and how it is written.
export function MetricForm({ name, definition: d, others, error, busy, onName, onDefinition, onSubmit, onCancel }: Props) {
  const set = (change: Partial<Definition>) => onDefinition({ ...d, ...change })
  const ratio = d.aggregate === "ratio"
  const sums = fields[d.source ?? ""] ?? []
  const typed = d.source !== "sale" && d.source !== "call"
  const aggregates: { value: string; label: string }[] = [
    { value: "count", label: t("Count") },
    { value: "sum", label: t("Sum of a field") },
    { value: "contacts", label: t("Different contacts") },
    ...(d.source === "period" ? [{ value: "time", label: t("Time that periods last") }] : []),
    { value: "ratio", label: t("Ratio of two metrics") },
  ]
  const parts = [
    { value: "", label: t("choose") },
    ...others.filter((m) => m.definition.aggregate !== "ratio").map((m) => ({ value: m.id, label: m.name })),
  ]
  const source = (value: string) => {
    const next: Definition = {
      aggregate: d.aggregate === "time" ? "count" : d.aggregate,
      source: value as Definition["source"] & string,
      format: d.format ?? "number",
    }
    const first = fields[value]?.[0]
    onDefinition(next.aggregate === "sum" && first ? { ...next, field: first.value as Definition["field"] & string } : next)
  }
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault()
        onSubmit()
      }}
    >
      <TextField label={t("Name")} required value={name} onChange={onName} error={fieldError(error, "name")} />
      {!ratio && (
        <SelectField
          label={t("Of")}
          value={d.source ?? ""}
          onChange={source}
          options={kinds.map((k) => ({ value: k.id, label: k.title }))}
          error={fieldError(error, "source")}
        />
      )}
      <SelectField
        label={t("What")}
        value={d.aggregate}
        onChange={(v) => {
          const first = sums[0]
          const aggregate = v as Definition["aggregate"]
          if (aggregate === "ratio") onDefinition({ aggregate, format: d.format ?? "percentage", decimals: d.decimals ?? 1 })
          else
            set({
              aggregate,
              source: d.source ?? "activity",
              ...(aggregate === "sum" && first && { field: first.value as Definition["field"] & string }),
              money: undefined,
              ...(aggregate === "time" && { format: "duration" }),
            })
        }}
        options={aggregates}
        error={fieldError(error, "aggregate")}
      />
      {d.aggregate === "sum" && (
        <SelectField
          label={t("Field")}
          value={d.field ?? ""}
          onChange={(v) => set({ field: v as Definition["field"] & string, unit: sums.find((f) => f.value === v)?.unit ?? "" })}
          options={sums.map((f) => ({ value: f.value, label: f.unit ? `${f.label} (${f.unit})` : f.label }))}
          error={fieldError(error, "field")}
        />
      )}
      {mayMix(d) && (
        <SelectField
          label={t("Which values")}
          hint={t("A record says of its value whether it is money.")}
          value={d.money ?? ""}
          onChange={(v) => set({ money: v === "" ? undefined : (v as "only" | "without"), ...(v === "only" && { format: "currency" }) })}
          options={[
            { value: "", label: t("All: euros and the rest together") },
            { value: "only", label: t("Only money") },
            { value: "without", label: t("Only what is no money") },
          ]}
          error={fieldError(error, "money")}
        />
      )}
      {ratio && (
        <>
          <SelectField
            label={t("Above the line")}
            value={d.over_id ?? ""}
            onChange={(v) => set({ over_id: v })}
            options={parts}
            error={fieldError(error, "over")}
          />
          <SelectField
            label={t("Below the line")}
            hint={t("Where it is zero there is no value.")}
            value={d.under_id ?? ""}
            onChange={(v) => set({ under_id: v })}
            options={parts}
            error={fieldError(error, "under")}
          />
        </>
      )}
      {!ratio && typed && (
        <TypesPick
          source={(d.source ?? "activity") as TypedSource}
          types={d.types ?? []}
          onChange={(types) => set({ types })}
          error={fieldError(error, "types")}
        />
      )}
      {d.source === "sale" && !ratio && (
        <PropositionsPick
          ids={d.proposition_ids ?? []}
          onChange={(proposition_ids) => set({ proposition_ids })}
          error={fieldError(error, "proposition_ids")}
        />
      )}
      {d.source === "sale" && !ratio && (
        <SelectField
          label={t("Which sales")}
          hint={t("Net leaves out what is cancelled now.")}
          value={d.sales ?? "gross"}
          onChange={(v) => set({ sales: v as "gross" | "net" | "cancelled" })}
          options={[
            { value: "gross", label: t("Gross: all") },
            { value: "net", label: t("Net: not cancelled") },
            { value: "cancelled", label: t("Cancelled") },
          ]}
        />
      )}
      <div className="two">
        <SelectField
          label={t("Format")}
          value={d.format ?? "number"}
          onChange={(v) => set({ format: v as Definition["format"] & string })}
          options={[
            { value: "number", label: t("Number") },
            { value: "currency", label: t("Currency") },
            { value: "duration", label: t("Duration") },
            { value: "percentage", label: t("Percentage") },
          ]}
        />
        <SelectField
          label={t("Decimals")}
          value={String(d.decimals ?? 0)}
          onChange={(v) => set({ decimals: Number(v) })}
          options={["0", "1", "2", "3", "4"].map((v) => ({ value: v, label: v }))}
        />
      </div>
      {(d.format ?? "number") === "number" && (
        <div className="two">
          <TextField label={t("Unit")} value={d.unit ?? ""} onChange={(unit) => set({ unit })} error={fieldError(error, "unit")} />
          <TextField label={t("Short unit")} value={d.short_unit ?? ""} onChange={(short_unit) => set({ short_unit })} />
        </div>
      )}
      <FormError error={error} />
      <div className="r r-2">
        <Button needs="configuration:write" look="primary" type="submit" busy={busy}>
          {t("Save")}
        </Button>
        <Button look="ghost" onClick={onCancel}>
          {t("Cancel")}
        </Button>
      </div>
    </form>
  )
}
