// What stays of a step when it becomes one of another type: what is not of a type, and the values of fields that go by the
// same name and form and whose values still fit.

import { read } from "../expression/formula"
import { isLiteral, literalType } from "../expression/tree"
import { fits } from "../expression/types"
import { type InstructionType, type Library, type Param, wanted } from "../library/library"
import { bodiesOf, type Expr, type Instruction } from "../spec/document"

const ofAny = new Set(["type", "id", "note", "disabled", "comments", "return_as"])

// changeType gives the step as one of another type; before is what it held when it last was of that type.
export function changeType(step: Instruction, to: InstructionType, library: Library, before?: Instruction): Instruction {
  const from = library.instruction(step.type)
  const made: Instruction = { ...before, type: to.name, id: step.id }
  for (const key of ["note", "disabled", "comments"]) if (step[key] !== undefined) made[key] = step[key]
  for (const key of Object.keys(step)) if (key.startsWith("x-")) made[key] = step[key]
  for (const field of to.fields) {
    const old = from?.fields.find((f) => f.name === field.name)
    const value = step[field.name]
    if (value !== undefined && old?.form === field.form && stillFits(value, field, library)) made[field.name] = value
    else if (made[field.name] === undefined && field.required) {
      const blank = blankOf(field)
      if (blank !== undefined) made[field.name] = blank
    }
  }
  // What a block did is done by the other block: first list for first list, second for second.
  const lists = to.fields.filter((f) => f.form === "body")
  const left = bodiesOf(step).filter((b) => made[b.key] !== step[b.key])
  for (const [i, body] of left.entries()) {
    const free = lists.find((f) => ((made[f.name] as unknown[] | undefined) ?? []).length === 0 && lists.indexOf(f) >= Math.min(i, lists.length - 1))
    if (free && body.steps.length > 0) made[free.name] = body.steps
  }
  if (to.return_as !== "none" && step.return_as) made.return_as = step.return_as
  else if (to.return_as === "none") delete made.return_as
  return inOrder(made, to)
}

function stillFits(value: unknown, field: Param, library: Library): boolean {
  if (field.form !== "expression") return true
  const e = read(value as Expr, library)
  return !isLiteral(e) || e.value === null || fits(literalType(e), wanted(field))
}

// blankOf is what a required field begins with, where it cannot be left out in the tree; undefined: it is left out.
export function blankOf(field: Param): unknown {
  if (field.form === "body") return []
  if (field.form === "cases") return [{ equals: [{ type: "literal", value: "" }], body: [] }]
  if (field.form === "fields") return {}
  if (field.form === "name") return "item"
  return undefined
}

// inOrder has the keys as specs are stored.
function inOrder(step: Instruction, of: InstructionType): Instruction {
  const order = ["type", "id", "note", "disabled", ...of.fields.map((f) => f.name), "return_as"]
  const rest = Object.keys(step).filter((k) => !order.includes(k))
  return Object.fromEntries([...order, ...rest].filter((k) => step[k] !== undefined).map((k) => [k, step[k]])) as unknown as Instruction
}

// lost are the fields that another type does not have, for whoever is told.
export function lost(step: Instruction, to: Instruction): string[] {
  return Object.keys(step).filter((k) => !ofAny.has(k) && !k.startsWith("x-") && step[k] !== undefined && to[k] === undefined)
}
