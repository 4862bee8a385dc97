// A moment a person types: a day, a time and a zone, kept as the function that reads text as a moment.
import type { Library, Param } from "../library/library"
import { wanted } from "../library/library"
import { reader } from "./scope"
import { type Call, type Expr, held, isCall, isLiteral, text } from "./tree"

export interface MomentParts {
  day: string // 2025-12-10
  time: string // 19:00 or 19:00:00; "": the tenant's usual one
  zone: string // "": the tenant's
}

const written = /^(?:(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?)?$/

// momentParts takes a moment apart; undefined: it is no such one.
export function momentParts(e: Expr | undefined, param: Param, library: Library): MomentParts | undefined {
  const func = reader(library, wanted(param))
  const of = func?.arguments[0]?.name
  if (!func || !of || !isCall(e) || e.type !== func.name) return undefined
  const given = Object.keys(e).filter((k) => k !== "type" && k !== of && k !== "zone")
  const source = e[of] as Expr | undefined
  const zone = e.zone as Expr | undefined
  if (given.length > 0 || !isLiteral(source) || (zone !== undefined && !isLiteral(zone))) return undefined
  const m = written.exec(String(held(source) ?? ""))
  return m ? { day: m[1] ?? "", time: m[2] ?? "", zone: zone && isLiteral(zone) ? String(held(zone) ?? "") : "" } : undefined
}

export const isMomentLiteral = (e: Expr | undefined, param: Param, library: Library): boolean => momentParts(e, param, library) !== undefined

export function momentOf(parts: MomentParts, param: Param, library: Library): Expr | undefined {
  const func = reader(library, wanted(param))
  const of = func?.arguments[0]?.name
  if (!func || !of) return undefined
  const call: Call = { type: func.name, [of]: text(parts.time && parts.day ? `${parts.day} ${parts.time}` : parts.day) }
  if (parts.zone !== "" && func.arguments.some((p) => p.name === "zone")) call.zone = text(parts.zone)
  return call
}
