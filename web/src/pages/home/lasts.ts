import { t } from "../../text"
import { number } from "../../ui/format"

// lasts says how long something took, from milliseconds, in the unit that fits.
export function lasts(ms: number): string {
  const one = (n: number) => number(n < 10 ? n.toFixed(1) : Math.round(n))
  if (ms < 1000) return `${number(Math.max(1, Math.round(ms)))} ms`
  if (ms < 120_000) return `${one(ms / 1000)} s`
  if (ms < 7_200_000) return t("{n} min", { n: one(ms / 60_000) })
  if (ms < 172_800_000) return t("{n} h", { n: one(ms / 3_600_000) })
  return t("{n} d", { n: one(ms / 86_400_000) })
}
