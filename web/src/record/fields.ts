import type { Num } from "../api/exact"
import { t } from "../text"
import { money, number } from "../ui/format"

// Field is one field of records, by the name that specs, the journal and the server's "why" have for it.
export interface Field {
  name: string
  label: string
  is?: "moment" | "money" | "amount" | "seconds" | "yesno" | "identity" | "word" | "key"
  unit?: (n: string, value: Num) => string // of an amount
}

const of = (unit: string) => (n: string) => `${n} ${unit}`
const connections = (n: string, value: Num) => t("{one, plural, one {{n} connection} other {{n} connections}}", { one: Number(value), n })

// The fields of all kinds in the order in which they are shown; a record shows those it has.
export const fields: readonly Field[] = [
  { name: "activity_type", label: t("Type") },
  { name: "period_type", label: t("Type") },
  { name: "moment", label: t("Moment"), is: "moment" },
  { name: "sold_at", label: t("Sold"), is: "moment" },
  { name: "cancelled_at", label: t("Cancelled"), is: "moment" },
  { name: "is_retention", label: t("Retention"), is: "yesno" },
  { name: "contract_value", label: t("Contract value"), is: "money" },
  { name: "started_at", label: t("Started"), is: "moment" },
  { name: "duration", label: t("Duration"), is: "seconds" },
  { name: "direction", label: t("Direction"), is: "word" },
  { name: "result", label: t("Result") },
  { name: "starts_at", label: t("From"), is: "moment" },
  { name: "ends_at", label: t("To"), is: "moment" },
  { name: "value", label: t("Value"), is: "amount" },
  { name: "value_is_money", label: t("Value is money"), is: "yesno" },
  { name: "energy_meta.electricity_usage", label: t("Electricity used"), is: "amount", unit: of("kWh") },
  { name: "energy_meta.electricity_return", label: t("Electricity returned"), is: "amount", unit: of("kWh") },
  { name: "energy_meta.gas_usage", label: t("Gas used"), is: "amount", unit: of("m³") },
  { name: "energy_meta.connection_count", label: t("Connections"), is: "amount", unit: connections },
  { name: "contact_key", label: t("Contact"), is: "key" },
  { name: "agent_external_identity", label: t("Agent"), is: "identity" },
  { name: "proposition_external_identity", label: t("Proposition"), is: "identity" },
  { name: "team_external_identity", label: t("Team"), is: "identity" },
  { name: "project_external_identity", label: t("Project"), is: "identity" },
  { name: "segment_external_identity", label: t("Segment"), is: "identity" },
]

// Fields of external identities.
const ofIdentities: readonly Field[] = [{ name: "ignored", label: t("Ignored"), is: "yesno" }]

const byName = new Map([...fields, ...ofIdentities].map((f) => [f.name, f]))

export const fieldOf = (name: string): Field | undefined => byName.get(name)

// of external identities
const others: Record<string, string> = {
  external_id: t("External id"),
  external_name: t("Name"),
  email: t("E-mail"),
  entity: t("Linked to"),
  entity_id: t("Linked to"),
}

// fieldName is what a person reads for a field of the journal; one that is not known stands as it came.
export const fieldName = (name: string): string => byName.get(name)?.label ?? others[name] ?? name.replaceAll("_", " ")

// inUnits writes an amount of a field with what it is counted in.
export function inUnits(f: Field, value: Num, isMoney = false): string {
  if (f.is === "seconds") return duration(String(value))
  if (f.is === "money" || (f.name === "value" && isMoney)) return money(value)
  return f.unit ? f.unit(number(value), value) : number(value)
}

// duration writes seconds as minutes:seconds; fractions are cut off.
export function duration(seconds: string): string {
  const whole = Math.floor(Number(seconds))
  if (!Number.isFinite(whole)) return seconds
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, "0")
  return h > 0 ? t("{time} h", { time: `${h}:${String(m).padStart(2, "0")}:${s}` }) : t("{time} min", { time: `${m}:${s}` })
}
