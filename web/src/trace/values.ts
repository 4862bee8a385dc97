// How values of a trace are written: text in quotes, moments in the tenant's zone, personal values never.
import { Exact } from "../api/exact"
import { t } from "../text"
import { fullMoment } from "../ui/format"
import type { V } from "./api"

export type Shape =
  | { is: "null" }
  | { is: "text"; text: string }
  | { is: "number" | "boolean"; text: string }
  | { is: "moment"; iso: string }
  | { is: "ref"; noun: string; id: string }
  | { is: "personal"; length: number | undefined }
  | { is: "list"; items: V[] }
  | { is: "object"; members: [string, V][] }

export function shapeOf(v: V | undefined): Shape {
  if (v === null || v === undefined) return { is: "null" }
  if (typeof v === "string") return { is: "text", text: v }
  if (typeof v === "number" || v instanceof Exact) return { is: "number", text: String(v) }
  if (typeof v === "boolean") return { is: "boolean", text: String(v) }
  if (Array.isArray(v)) return { is: "list", items: v }
  const members = Object.entries(v)
  if (members.length === 1) {
    const [key, inner] = members[0] as [string, V]
    if (key === "$datetime" && typeof inner === "string") return { is: "moment", iso: inner }
    if (key === "$ref" && isObject(inner)) return { is: "ref", noun: String(inner.noun ?? ""), id: String(inner.external_id ?? "") }
    if (key === "$personal" && isObject(inner)) return { is: "personal", length: typeof inner.length === "number" ? inner.length : undefined }
  }
  return { is: "object", members }
}

export function isObject(v: V | undefined): v is { [key: string]: V } {
  return typeof v === "object" && v !== null && !Array.isArray(v) && !(v instanceof Exact)
}

// brief writes a value on one line.
export function brief(v: V | undefined, zone: string): string {
  const s = shapeOf(v)
  switch (s.is) {
    case "null":
      return "null"
    case "text":
      return `“${s.text}”`
    case "moment":
      return fullMoment(s.iso, zone)
    case "ref":
      return s.id
    case "personal":
      return s.length === undefined ? t("personal") : t("text, {n}", { n: s.length })
    case "list":
      return `[${s.items.length}]`
    case "object":
      return `{${s.members.length}}`
    default:
      return s.text
  }
}

export function isBranchy(v: V | undefined): boolean {
  const s = shapeOf(v)
  return (s.is === "list" && s.items.length > 0) || (s.is === "object" && s.members.length > 0)
}

export function childrenOf(v: V | undefined): [string, V][] {
  const s = shapeOf(v)
  if (s.is === "list") return s.items.map((x, i) => [String(i), x])
  return s.is === "object" ? s.members : []
}

// same compares two values as the trace shows them.
export function same(a: V | undefined, b: V | undefined): boolean {
  return (
    JSON.stringify(a ?? null, (_k, v) => (v instanceof Exact ? v.text : v)) ===
    JSON.stringify(b ?? null, (_k, v) => (v instanceof Exact ? v.text : v))
  )
}

// pathIn takes a path apart as formulas write it: event.lines[0]["odd key"] is event, lines, 0, odd key.
export function pathIn(formula: string): string[] {
  const keys: string[] = []
  const re = /\.?([A-Za-z_]\w*)|\[\s*(?:(\d+)|("(?:[^"\\]|\\.)*"))\s*\]/gy
  let m = re.exec(formula)
  while (m) {
    if (m[1] !== undefined) keys.push(m[1])
    else if (m[2] !== undefined) keys.push(m[2])
    else if (m[3] !== undefined) keys.push(JSON.parse(m[3]) as string)
    m = re.exec(formula)
  }
  return keys
}
