import { canonical, Exact, type Num } from "../api/exact"
import { t } from "../text"

export type ConstantValue = string | Num | boolean | Record<string, string | Num | boolean>

// How a constant's value is typed in, by its declared type.
export interface Constant {
  name: string
  type: string // string, number, boolean, datetime, table<string>, table<number>, table<boolean>
  default: ConstantValue | null
  required: boolean // it has no default, so each link must give a value
  note: string
}

export function toText(value: ConstantValue | null | undefined): string {
  if (value === undefined || value === null) return ""
  if (typeof value === "object" && !(value instanceof Exact))
    return Object.entries(value)
      .map(([k, v]) => `${k} = ${v}`)
      .join("\n")
  return String(value)
}

export type Parsed = { value: ConstantValue } | { error: string } | { absent: true }

// parse reads what was typed; an empty field means: no value on this link, the default counts.
export function parse(type: string, text: string): Parsed {
  const table = /^table<(.+)>$/.exec(type)
  if (table) {
    if (text.trim() === "") return { absent: true }
    const rows: Record<string, string | number | boolean | Exact> = {}
    for (const [i, line] of text.split("\n").entries()) {
      if (line.trim() === "") continue
      const at = line.indexOf("=")
      if (at < 0) return { error: t("Line {n} has no “=” between key and value.", { n: i + 1 }) }
      const key = line.slice(0, at).trim()
      if (Object.hasOwn(rows, key)) return { error: t("Line {n} has the key {key} a second time.", { n: i + 1, key }) }
      const one = single(table[1] ?? "string", line.slice(at + 1).trim())
      if ("error" in one) return { error: t("Line {n}: {problem}", { n: i + 1, problem: one.error }) }
      rows[key] = one.value
    }
    return { value: rows }
  }
  if (type === "string" ? text === "" : text.trim() === "") return { absent: true }
  return single(type, type === "string" ? text : text.trim())
}

function single(type: string, text: string): { value: string | number | boolean | Exact } | { error: string } {
  switch (type) {
    case "number": {
      if (!/^-?\d+(\.\d+)?$/.test(text)) return { error: t("A number is written like 1250 or -0.50, with a point.") }
      const n = Number(text)
      return { value: canonical(String(n)) === canonical(text) ? n : new Exact(text) }
    }
    case "boolean":
      return text === "true" || text === "false" ? { value: text === "true" } : { error: t("Write true or false.") }
    default:
      return { value: text }
  }
}
