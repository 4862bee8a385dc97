import { useMemo } from "react"
import type { Step, Trace } from "./api"
import { type Difference, differencesOf, merged } from "./compare"
import { type Chosen, chosenItem, type Row, rowsOf } from "./model"
import type { Beside } from "./StepList"

export interface BesideRows {
  rows: Row[]
  all: readonly Difference[]
  beside: Beside
}

// useBeside puts another run on the rows of this one, at the same items of the same loops.
export function useBeside(trace: Trace, other: Trace | undefined, rows: Row[], chosen: Chosen): BesideRows | undefined {
  const all = useMemo(() => (other ? differencesOf(trace, other) : []), [trace, other])
  return useMemo(() => {
    if (!other) return undefined
    const at: Record<string, number> = { ...chosen }
    for (const r of rows) if (r.kind === "step" && r.step.items) at[r.key] = chosenItem(r, chosen)
    // A loop that has fewer items there has nothing at an item that is only here.
    const there = rowsOf(other, at).filter((r) =>
      [...r.key.matchAll(/\[(\d+)\]\//g)].every((m) => (at[r.key.slice(0, m.index)] ?? Number(m[1])) === Number(m[1])),
    )
    const steps = new Map<string, Step>(there.flatMap((r) => (r.kind === "step" ? [[r.key, r.step]] : [])))
    const items = new Map<string, Set<number>>()
    for (const d of all)
      for (const m of d.key.matchAll(/\[(\d+)\]\//g)) {
        const loop = d.key.slice(0, m.index)
        items.set(loop, (items.get(loop) ?? new Set()).add(Number(m[1])))
      }
    const both = merged(rows, there)
    return {
      rows: both.rows,
      all,
      beside: { name: other.execution.id, steps, only: both.only, apart: new Map(all.map((d) => [d.key, d.is])), items },
    }
  }, [other, rows, chosen, all])
}
