// Two runs on the same rows: what one did otherwise than the other, step by step and item by item.
import type { Item, Step, StepField, Trace, V } from "./api"
import type { Row } from "./model"
import { same } from "./values"

// path: it went another way or ended otherwise; values: it did the same with other values; here, there: only one run has it.
export type Otherwise = "path" | "values" | "here" | "there"

export interface Difference {
  key: string // of the row
  is: Otherwise
}

// differencesOf are in the order in which the rows read. Inside a branch that only one run took nothing is told but what
// ended that run: it is the branch that differs. What neither has run does not differ.
export function differencesOf(a: Pick<Trace, "steps">, b: Pick<Trace, "steps">): Difference[] {
  const found: Difference[] = []
  const walk = (as: Step[], bs: Step[], prefix: string) => {
    for (const [x, y] of paired(as, bs, (s) => s.id)) {
      const key = prefix + (x ?? y)?.id
      if (!x || !y) {
        found.push({ key, is: x ? "here" : "there" })
        continue
      }
      const is = otherwise(x, y)
      if (is) found.push({ key, is })
      for (const [p, q] of paired(x.branches ?? [], y.branches ?? [], (branch) => branch.name))
        if (p?.taken && q?.taken) walk(p.steps, q.steps, `${key}/`)
        else if (p?.taken || q?.taken) found.push(...endsIn((p?.taken ? p : q)?.steps ?? [], `${key}/`))
      const there = new Map((y.items ?? []).map((i) => [i.index, i]))
      for (const [at, item] of (x.items ?? []).entries()) {
        const other = there.get(item.index)
        if (other) walk(item.steps, other.steps, `${key}[${at}]/`)
      }
    }
  }
  walk(a.steps, b.steps, "")
  return found
}

// firstOf is the one to look at: where the runs part, or else the first value that differs.
export function firstOf(all: readonly Difference[]): Difference | undefined {
  return all.find((d) => d.is !== "values") ?? all[0]
}

// endsIn are the steps at which a run ended, in a branch that the other did not take.
function endsIn(steps: Step[], prefix: string): Difference[] {
  return steps.flatMap((s): Difference[] => {
    if (!ran(s)) return []
    const key = prefix + s.id
    const inside = (s.branches ?? []).flatMap((b) => (b.taken ? endsIn(b.steps, `${key}/`) : []))
    return ending.has(s.type) ? [{ key, is: "path" }] : inside
  })
}

const ending: ReadonlySet<string> = new Set(["stop", "fail"])

const ran = (s: Step) => s.state === "ran" || s.state === "failed"

function otherwise(x: Step, y: Step): Otherwise | undefined {
  if (!ran(x) && !ran(y)) return undefined
  const path = (s: Step) => JSON.stringify([s.state, s.outcome, s.branch, s.count, s.error?.code, s.undone, (s.items ?? []).map(ended)])
  if (path(x) !== path(y)) return "path"
  return fieldsApart(x, y).length > 0 || !same(x.returns?.value, y.returns?.value) ? "values" : undefined
}

const ended = (i: Item) => i.status

export interface Apart {
  name: string
  title: string
  here: V | undefined
  there: V | undefined
}

// fieldsApart are the fields of a step that came to something else.
export function fieldsApart(x: Step, y: Step): Apart[] {
  return paired(x.fields ?? [], y.fields ?? [], (f) => f.name).flatMap(([p, q]) => {
    const of = (p ?? q) as StepField
    return same(p?.value, q?.value) ? [] : [{ name: of.name, title: of.title || of.name, here: p?.value, there: q?.value }]
  })
}

// paired puts what both have side by side, in the order of the first; what only the second has stands after what it follows.
function paired<T>(as: readonly T[], bs: readonly T[], id: (x: T) => string): [T | undefined, T | undefined][] {
  const other = new Map(bs.map((x) => [id(x), x]))
  const pairs: [T | undefined, T | undefined][] = as.map((x) => [x, other.get(id(x))])
  const mine = new Set(as.map(id))
  let after = 0
  for (const y of bs) {
    const at = pairs.findIndex(([x, z]) => (x ?? z) !== undefined && id((x ?? z) as T) === id(y))
    if (mine.has(id(y))) after = at + 1
    else pairs.splice(after++, 0, [undefined, y])
  }
  return pairs
}

// merged are the rows of one run with those that only the other has, where they would stand.
export function merged(rows: Row[], other: Row[]): { rows: Row[]; only: ReadonlySet<string> } {
  const only = new Set<string>()
  const mine = new Set(rows.map((r) => r.key))
  const all = paired(rows, other, (r) => r.key).map(([x, y]) => {
    const row = (x ?? y) as Row
    if (!mine.has(row.key)) only.add(row.key)
    return row
  })
  return { rows: all, only }
}
