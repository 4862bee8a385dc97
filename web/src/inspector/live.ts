// What a step did in the chosen Trace Schema entry, and where in that its fields are.
import { part } from "../expression/live"
import type { DryRun } from "../spec/api"
import { splitPointer } from "../spec/document"
import type { Expr, Step, StepField, V } from "../trace/api"
import { type Chosen, type Row, rowsOf, valuesAt } from "../trace/model"

// rowOf is the row of a step in a dry run, for one choice of item in each loop.
export function rowOf(run: DryRun | undefined, id: string | undefined, chosen: Chosen): Row | undefined {
  if (!run?.trace || id === undefined) return undefined
  return rowsOf(run.trace, chosen).find((r) => r.kind === "step" && r.step.id === id)
}

// valuesOf are the names that were visible at a row, with what they held.
export function valuesOf(run: DryRun | undefined, row: Row | undefined): Map<string, V> {
  const made = new Map<string, V>()
  if (!run?.trace || !row) return made
  const { trace, spec } = run
  for (const b of valuesAt({ ...trace, spec } as unknown as Parameters<typeof valuesAt>[0], row)) {
    if (b.name === trace.var) made.set(b.name, b.value)
    else made.set(b.name, b.value)
  }
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
