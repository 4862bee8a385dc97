// What a step did in the chosen Trace Schema entry, and where in that its fields are.
import { part } from "../expression/live"
import type { DryRun } from "../spec/api"
import { type Spec, splitPointer, walk } from "../spec/document"
import type { Expr, Step, StepField, V } from "../trace/api"
import { type Chosen, type Row, rowsOf, valuesAt } from "../trace/model"

// rowOf is the row of a step in a dry run, for one choice of item in each loop.
export function rowOf(run: DryRun | undefined, id: string | undefined, chosen: Chosen): Row | undefined {
  if (!run?.trace || id === undefined) return undefined
  return rowsOf(run.trace, chosen).find((r) => r.kind === "step" && r.step.id === id)
}

// rowNear is the row of a step, or of the last before it in the spec that has one: a step that the run does not have, as it
// is newer or within what was left out, reads what that one does.
export function rowNear(run: DryRun | undefined, spec: Spec, id: string, chosen: Chosen): Row | undefined {
  if (!run?.trace) return undefined
  const rows = new Map(rowsOf(run.trace, chosen).flatMap((r) => (r.kind === "step" ? [[r.step.id, r] as const] : [])))
  let near: Row | undefined
  let there = false
  walk(spec, (f) => {
    if (!there) near = rows.get(f.step.id) ?? near
    there ||= f.step.id === id
    return undefined
  })
  return near
}

// valuesOf are the names that were visible at a row, with what they held; without a row those that are visible everywhere.
export function valuesOf(run: DryRun | undefined, row: Row | undefined): Map<string, V> {
  const made = new Map<string, V>()
  if (!run?.trace) return made
  const { trace, spec } = run
  if (!row) {
    made.set(trace.var, trace.item)
    for (const [name, value] of Object.entries(trace.constants ?? {})) made.set(name, value)
  } else for (const b of valuesAt({ ...trace, spec } as unknown as Parameters<typeof valuesAt>[0], row)) made.set(b.name, b.value)
  for (const [path, value] of Object.entries(trace.enrichments ?? {})) made.set(path, value)
  return made
}

// exprOf is what an expression of a step came to: the way is the pointer from the step on.
export function exprOf(step: Step | undefined, way: string): Expr | undefined {
  if (!step) return undefined
  const keys = splitPointer(way)
  let best: { field: StepField; used: number } | undefined
  for (const field of step.fields ?? []) {
    const parts = field.name.split(".")
    if (parts.every((p, i) => keys[i] === p) && parts.length > (best?.used ?? 0)) best = { field, used: parts.length }
  }
  if (!best) return undefined
  const rest = keys.slice(best.used).map((k) => (/^\d+$/.test(k) ? Number(k) : k))
  if (best.field.list && typeof rest[0] === "number") return part(best.field.list[rest[0]], rest.slice(1))
  return part(best.field.tree, rest)
}
