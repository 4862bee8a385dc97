// What lies over the rows: what each step did with the chosen Trace Schema entry, or how often the last deliveries came by.
import type { Of } from "../api/client"
import type { Item, Step } from "../trace/api"
import { outcomeOf } from "../trace/model"
import type { Outcome } from "../ui/Outcomes"

export interface Seen {
  ran: number // how often, over all items
  outcomes: Partial<Record<Outcome, number>>
  words: string | undefined // of a step without records: what it came to
  took: Record<string, number> // branch → how often
  items: number | undefined // of a loop
  failedItems: number
}

export type TraceOverlay = ReadonlyMap<string, Seen>

// seenIn gathers every step of a trace by id, over all items of all loops.
export function seenIn(steps: readonly Step[]): TraceOverlay {
  const all = new Map<string, Seen>()
  const walk = (list: readonly Step[]) => {
    for (const s of list) {
      const seen = all.get(s.id) ?? { ran: 0, outcomes: {}, words: undefined, took: {}, items: undefined, failedItems: 0 }
      all.set(s.id, seen)
      if (s.state === "ran" || s.state === "failed") {
        seen.ran++
        const outcome = s.undone && s.state !== "failed" ? "skipped" : outcomeOf(s)
        if (outcome) seen.outcomes[outcome] = (seen.outcomes[outcome] ?? 0) + 1
        else if (s.outcome) seen.words = s.outcome
        if (s.branch) seen.took[s.branch] = (seen.took[s.branch] ?? 0) + 1
        if (s.count !== undefined) seen.items = (seen.items ?? 0) + s.count
      }
      for (const b of s.branches ?? []) walk(b.steps)
      const items: Item[] = s.items ?? []
      seen.failedItems += items.filter((i) => i.status === "failed" || i.status === "partial").length
      for (const i of items) walk(i.steps)
      if (items.length === 0) walk(s.body ?? [])
    }
  }
  walk(steps)
  return all
}

// branchName is what a trace calls the list of a step: then, else, default, or the number of a case from 1.
export function branchName(body: string): string {
  const m = /^cases\/(\d+)\//.exec(body)
  return m ? String(Number(m[1]) + 1) : body
}

export interface Share {
  count: number
  of: number
}

// CoverageOverlay has shares by step id, and by step id, a colon and the branch.
export type CoverageOverlay = ReadonlyMap<string, Share>

export function sharesOf(coverage: Of<"Coverage"> | undefined): CoverageOverlay {
  const all = new Map<string, Share>()
  if (!coverage) return all
  const of = coverage.deliveries
  for (const s of coverage.instructions.spots ?? []) all.set(s.instruction_id, { count: s.count, of })
  for (const s of coverage.branches.spots ?? []) all.set(`${s.instruction_id}:${s.branch ?? ""}`, { count: s.count, of })
  return all
}
