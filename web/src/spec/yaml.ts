// Steps as YAML for the clipboard, as a person would write them: formulas, no ids. The server reads them back.

import { Exact } from "../api/exact"
import { print, read } from "../expression/formula"
import type { Library } from "../library/library"
import { casesOf, type Instruction, isBody } from "./document"

const plain = /^[A-Za-z_][A-Za-z0-9_ .|/-]*$/
const words = /^(?:true|false|null|~|yes|no|on|off)$/i

// scalar writes a text so that YAML reads the same text.
function scalar(text: string): string {
  return plain.test(text) && !words.test(text) && !text.endsWith(" ") ? text : JSON.stringify(text)
}

function expression(value: unknown, library: Library): string {
  const e = read(value, library)
  if (e !== undefined && e.type === "literal") {
    if ("number" in e) return String((e as { number: unknown }).number)
    const literal = (e as { value?: unknown }).value
    if (typeof literal === "string") return scalar(literal.startsWith("=") ? `=${literal}` : literal)
    return String(literal)
  }
  const formula = `=${print(e, library)}`
  return /^=[\w.()[\]]*$/.test(formula) ? formula : /[:#"'\\]|, /.test(formula) ? `'${formula.replaceAll("'", "''")}'` : formula
}

const isExpression = (v: unknown): boolean =>
  typeof v !== "object" || v === null || v instanceof Exact || typeof (v as { type?: unknown }).type === "string"

function lines(step: Instruction, library: Library): string[] {
  const out: string[] = [`type: ${step.type}`]
  const field = (key: string, v: unknown) => {
    if (v === undefined) return
    const form = library.instruction(step.type)?.fields.find((f) => f.name === key)?.form
    if (key === "note" || key === "return_as" || form === "name") out.push(`${key}: ${scalar(String(v))}`)
    else if (key === "disabled") out.push("disabled: true")
    else if (isExpression(v)) out.push(`${key}: ${expression(v, library)}`)
    else if (Array.isArray(v)) out.push(`${key}:${v.length === 0 ? " []" : ""}`, ...v.map((e) => `  - ${expression(e, library)}`))
    else out.push(`${key}:`, ...Object.entries(v as object).map(([k, e]) => `  ${k}: ${expression(e, library)}`))
  }
  for (const [key, v] of Object.entries(step)) if (!["type", "id", "comments", "return_as"].includes(key) && !isBody(key)) field(key, v)
  const inside = (key: string, steps: Instruction[]) =>
    out.push(`${key}:${steps.length === 0 ? " []" : ""}`, ...list(steps, library).map((l) => `  ${l}`))
  for (const key of ["then", "else", "body"]) if (Array.isArray(step[key])) inside(key, step[key] as Instruction[])
  if (Array.isArray(step.cases)) {
    out.push("cases:")
    for (const c of casesOf(step)) {
      const equals = [c.equals].flat()
      out.push("  - equals:", ...equals.map((e) => `      - ${expression(e, library)}`))
      out.push(`    body:${c.body.length === 0 ? " []" : ""}`, ...list(c.body, library).map((l) => `      ${l}`))
    }
  }
  if (Array.isArray(step.default)) inside("default", step.default as Instruction[])
  field("return_as", step.return_as)
  return out
}

function list(steps: readonly Instruction[], library: Library): string[] {
  return steps.flatMap((s) => lines(s, library).map((l, i) => (i === 0 ? `- ${l}` : `  ${l}`)))
}

export const stepsAsYaml = (steps: readonly Instruction[], library: Library): string => `${list(steps, library).join("\n")}\n`

// asSpec makes a spec of pasted text, so that the server can read it: steps as a list, one step, or a whole spec as it is.
export function asSpec(text: string, model: string, variable: string): string | undefined {
  const trimmed = text.replace(/^\s*\n/, "").trimEnd()
  if (/^instructions\s*:/m.test(trimmed)) return trimmed
  const head = `spec: 1\nsource_model: ${model}\nvar: ${variable}\ninstructions:\n`
  const first = /^( *)\S/.exec(trimmed)?.[1] ?? ""
  const body = trimmed.split("\n").map((l) => (l.startsWith(first) ? l.slice(first.length) : l))
  if (/^- +\w+ *:/.test(body[0] ?? "")) return head + body.map((l) => `  ${l}`).join("\n")
  if (/^type *:/.test(body[0] ?? "")) return head + body.map((l, i) => (i === 0 ? `  - ${l}` : `    ${l}`)).join("\n")
  return undefined
}
