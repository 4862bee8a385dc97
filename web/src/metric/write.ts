// How values of a metric are written: rounded half away from zero on the digits themselves, never on a binary float.
import type { Num } from "../api/exact"
import { t } from "../text"
import { money, number } from "../ui/format"
import type { Definition } from "./api"

// rounded writes a number with so many decimals.
export function rounded(value: Num | string, decimals: number): string {
  const m = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))
  if (!m) return String(value)
  const fraction = m[3] ?? ""
  const scaled = BigInt(`${m[2]}${fraction.slice(0, decimals).padEnd(decimals, "0")}`) + (Number(fraction[decimals] ?? "0") >= 5 ? 1n : 0n)
  const digits = scaled.toString().padStart(decimals + 1, "0")
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return (m[1] && scaled > 0n ? "-" : "") + text
}

// difference is what a value becomes more, exactly; null where one of them is none.
export function difference(now: Num | null, then: Num | null): string | null {
  if (now === null || then === null) return null
  const parts = [now, then].map((x) => /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(x)))
  const decimals = Math.max(...parts.map((m) => m?.[3]?.length ?? 0))
  const [a, b] = parts.map((m) => m && BigInt(`${m[1]}${m[2]}${(m[3] ?? "").padEnd(decimals, "0")}`))
  if (a === null || a === undefined || b === null || b === undefined) return null
  const digits = (b > a ? b - a : a - b).toString().padStart(decimals + 1, "0")
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  return (b < a ? "-" : "") + text
}

// writeChange writes a difference with its sign; that of percentages is in points.
export function writeChange(change: string, d: Pick<Definition, "format" | "decimals" | "unit" | "short_unit">): string {
  const size = change.replace(/^-/, "")
  if (zero(size)) return t("same")
  let decimals = d.decimals ?? 0
  while (decimals < mostDecimals && zero(rounded(size, decimals))) decimals++ // what moves is never written as nothing
  const text = d.format === "percentage" ? t("{n} points", { n: number(rounded(size, decimals)) }) : write(size, { ...d, decimals }, true)
  return `${change.startsWith("-") ? "−" : "+"} ${text}`
}

const mostDecimals = 8
const zero = (text: string) => /^[0.]*$/.test(text)

// duration writes seconds as 1:02:03.
export function duration(seconds: Num | string): string {
  const whole = rounded(seconds, 0)
  const n = BigInt(whole.replace("-", ""))
  const two = (x: bigint) => x.toString().padStart(2, "0")
  return `${whole.startsWith("-") ? "−" : ""}${number((n / 3600n).toString())}:${two((n / 60n) % 60n)}:${two(n % 60n)}`
}

export function write(value: Num | string | null, d: Pick<Definition, "format" | "decimals" | "unit" | "short_unit">, short = false): string {
  if (value === null) return "–"
  if (d.format === "duration") return duration(value)
  const text = rounded(value, d.decimals ?? 0)
  if (d.format === "currency") return d.decimals ? money(text) : money(text).replace(/[.,]00$/, "")
  if (d.format === "percentage") return `${number(text)} %`
  const unit = (short && d.short_unit) || d.unit
  return unit ? `${number(text)} ${unit}` : number(text)
}

// mayMix is whether a metric adds values that may be money or not: those of activities say of each which it is.
export const mayMix = (d: Definition): boolean =>
  d.aggregate === "sum" && d.field === "value" && (d.source === "activity" || d.source === "anonymous_activity")

// fields that can be added up, by source.
export const fields: Record<string, { value: string; label: string; unit: string }[]> = {
  activity: [{ value: "value", label: t("Value"), unit: "" }],
  anonymous_activity: [{ value: "value", label: t("Value"), unit: "" }],
  period: [{ value: "value", label: t("Value"), unit: "" }],
  call: [{ value: "duration", label: t("Duration"), unit: "s" }],
  sale: [
    { value: "contract_value", label: t("Contract value"), unit: "€" },
    { value: "electricity_usage", label: t("Electricity used"), unit: "kWh" },
    { value: "electricity_return", label: t("Electricity returned"), unit: "kWh" },
    { value: "gas_usage", label: t("Gas used"), unit: "m³" },
    { value: "connection_count", label: t("Connections"), unit: "" },
  ],
}
