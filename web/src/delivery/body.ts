import { Exact } from "../api/exact"
import type { V } from "../trace/api"

// asText writes what came in over several lines, with all digits of its numbers.
export function asText(v: V, indent = ""): string {
  const deeper = `${indent}  `
  if (Array.isArray(v)) return v.length === 0 ? "[]" : `[\n${v.map((x) => deeper + asText(x, deeper)).join(",\n")}\n${indent}]`
  if (v instanceof Exact) return v.text
  if (typeof v !== "object" || v === null) return JSON.stringify(v)
  const members = Object.entries(v).map(([k, x]) => `${deeper}${JSON.stringify(k)}: ${asText(x, deeper)}`)
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`
}
