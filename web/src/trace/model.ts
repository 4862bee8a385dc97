// The trace as rows of a list, the way the spec reads, for one choice of item in each loop.
import type { Outcome } from "../ui/Outcomes"
import type { Expr, Item, SpecNode, Step, StepField, Trace, V } from "./api"
import { pathIn } from "./values"

// Chosen says which item of each loop is looked at: the key of the loop's row → place in its items, from 0.
export type Chosen = Readonly<Record<string, number>>

export interface Row {
  key: string // path of ids and items: "s7[2]/s9"
  kind: "step" | "arm"
  depth: number
  step: Step
  number: number // place in the spec, from 1; the same for every item
  faint: boolean // not taken, not reached or off
  arm?: { name: string; taken: boolean; reached: boolean }
  loops: string[] // keys of the loops around it, outermost first
}

// Where a loop's item stands first: the first that failed, else the first.
export function firstChoice(items: Item[] | undefined): number {
  const failed = (items ?? []).findIndex((i) => i.status === "failed" || i.status === "partial")
  return Math.max(failed, 0)
}

// roomFor is how many items stand side by side in the order in which they ran. Of more of them the failed ones come first.
export const roomFor = 6

const went = (i: Item) => (i.status === "failed" || i.status === "partial" ? 0 : 1)

// itemOrder is the order in which the items of a loop are shown and walked through, as places from 0.
export function itemOrder(items: readonly Item[], failedOnly = false): number[] {
  const places = items.map((_, i) => i)
  const failed = places.filter((i) => went(items[i] as Item) === 0)
  if (failedOnly && failed.length > 0) return failed
  return items.length <= roomFor ? places : [...failed, ...places.filter((i) => went(items[i] as Item) !== 0)]
}

export function chosenItem(row: { key: string; step: Step }, chosen: Chosen): number {
  const items = row.step.items ?? []
  return Math.min(chosen[row.key] ?? firstChoice(items), Math.max(items.length - 1, 0))
}

export function rowsOf(trace: Pick<Trace, "steps">, chosen: Chosen): Row[] {
  const rows: Row[] = []
  let number = 0
  const walk = (steps: Step[], prefix: string, depth: number, faint: boolean, loops: string[]) => {
    for (const step of steps) {
      const key = prefix + step.id
      number++
      const off = faint || step.state === "not_reached" || step.state === "not_taken" || step.state === "disabled"
      rows.push({ key, kind: "step", depth, step, number, faint: off, loops })
      for (const branch of step.branches ?? []) {
        if (branch.steps.length === 0 && !branch.taken) continue
        rows.push({
          key: `${key}:${branch.name}`,
          kind: "arm",
          depth: depth + 1,
          step,
          number,
          faint: off || !branch.taken,
          arm: { name: branch.name, taken: branch.taken, reached: !off },
          loops,
        })
        walk(branch.steps, `${key}/`, depth + 1, off || !branch.taken, loops)
      }
      if (step.items && step.items.length > 0) {
        const at = chosenItem({ key, step }, chosen)
        walk(step.items[at]?.steps ?? [], `${key}[${at}]/`, depth + 1, off, [...loops, key])
      } else if (step.body) {
        walk(step.body, `${key}/`, depth + 1, true, loops)
      }
    }
  }
  walk(trace.steps, "", 0, false, [])
  return rows
}

// outcomeOf says what a step did to records, where it did something.
export function outcomeOf(step: Pick<Step, "state"> & { outcome?: string }): Outcome | undefined {
  if (step.state === "failed") return "failed"
  switch (step.outcome) {
    case "created":
      return "new"
    case "updated":
      return "changed"
    case "unchanged":
    case "found":
      return "same"
    default:
      return undefined
  }
}

// itemOutcome is the strongest thing an item did, for its cell in the strip.
export function itemOutcome(item: Item): Outcome {
  if (item.status === "failed" || item.status === "partial") return "failed"
  if (item.status === "skipped") return "skipped"
  if (item.left_out) return outcomeOf({ state: "ran", outcome: item.did ?? "" }) ?? "skipped"
  let best: Outcome = "skipped"
  const rank: Outcome[] = ["skipped", "same", "changed", "new"]
  const look = (steps: Step[]) => {
    for (const s of steps) {
      const o = outcomeOf(s)
      if (o && rank.indexOf(o) > rank.indexOf(best)) best = o
      for (const b of s.branches ?? []) if (b.taken) look(b.steps)
      for (const i of s.items ?? []) look(i.steps)
    }
  }
  look(item.steps)
  return best
}

// hasFailed tells whether a step, or one inside it, went wrong.
export function hasFailed(step: Step): boolean {
  return (
    step.state === "failed" ||
    step.error !== undefined ||
    (step.branches ?? []).some((b) => b.steps.some(hasFailed)) ||
    (step.items ?? []).some((i) => i.status === "failed" || (i.left_out && i.status === "partial") || i.steps.some(hasFailed))
  )
}

// firstFailed is the row to open a trace at: what failed, else the first step.
export function firstFailed(rows: Row[]): Row | undefined {
  const failed = rows.filter((r) => r.kind === "step" && hasFailed(r.step))
  return failed.at(-1)?.step.error ? failed.at(-1) : (failed.findLast((r) => r.step.error !== undefined) ?? failed.at(-1))
}

// firstChanged is the key of the first step that made or changed a record, in whichever item of a loop it did.
export function firstChanged(trace: Pick<Trace, "steps">): string | undefined {
  const find = (steps: Step[], prefix: string): string | undefined => {
    for (const step of steps) {
      const key = prefix + step.id
      const did = outcomeOf(step)
      if ((did === "new" || did === "changed") && !step.undone) return key
      for (const b of step.branches ?? []) {
        const inside = b.taken ? find(b.steps, `${key}/`) : undefined
        if (inside) return inside
      }
      for (const [i, item] of (step.items ?? []).entries()) {
        const inside = find(item.steps, `${key}[${i}]/`)
        if (inside) return inside
      }
    }
    return undefined
  }
  return find(trace.steps, "")
}

// choose makes the loops around a key show the items that key lies in.
export function choose(key: string, chosen: Chosen): Chosen {
  const next: Record<string, number> = { ...chosen }
  for (const m of key.matchAll(/\[(\d+)\]\//g)) next[key.slice(0, m.index)] = Number(m[1])
  return next
}

// leftOut says whether a row lies in an item that is not there.
export function leftOut(trace: Pick<Trace, "steps">, key: string): boolean {
  const look = (steps: Step[], prefix: string): boolean =>
    steps.some((step) => {
      const at = prefix + step.id
      if (!key.startsWith(at)) return false
      return (
        (step.branches ?? []).some((b) => look(b.steps, `${at}/`)) ||
        (step.items ?? []).some((item, i) => key.startsWith(`${at}[${i}]/`) && (item.left_out || look(item.steps, `${at}[${i}]/`)))
      )
    })
  return look(trace.steps, "")
}

// keyOf is the row of a step, in the items of the loops around it, counted from 1. Where they are not told it is the first
// time that the step ran, or else its first place. Of an item that is not there it is the row that would be.
export function keyOf(trace: Pick<Trace, "steps" | "spec">, id: string, items: readonly number[]): string | undefined {
  let place: string | undefined // where it did not run
  const find = (steps: Step[], prefix: string, at: readonly number[]): string | undefined => {
    for (const step of steps) {
      const key = prefix + step.id
      if (step.id === id) {
        if (step.state === "ran" || step.state === "failed" || at.length > 0) return key
        place ??= key
      }
      for (const branch of step.branches ?? []) {
        const inside = find(branch.steps, `${key}/`, at)
        if (inside) return inside
      }
      for (const [i, item] of (step.items ?? []).entries()) {
        if (at.length > 0 && item.index !== at[0]) continue
        if (item.left_out && at.length > 0) {
          const inner = pathTo(trace.spec.tree.instructions ?? [], step.id, id)
          if (inner) return `${key}[${i}]/${inner(at.slice(1))}`
        }
        const inside = find(item.steps, `${key}[${i}]/`, at.slice(1))
        if (inside) return inside
      }
    }
    return undefined
  }
  return find(trace.steps, "", items) ?? place
}

// pathTo is the key of a step below a loop, as the spec has it, in given items of the loops between them.
function pathTo(nodes: SpecNode[], loop: string, id: string): ((items: readonly number[]) => string) | undefined {
  const listsOf = (n: SpecNode) => [n.then, n.else, n.body, n.default, ...(n.cases ?? []).map((c) => c.body)].flatMap((l) => l ?? [])
  const chain = (list: SpecNode[], wanted: string): SpecNode[] | undefined => {
    for (const n of list) {
      if (n.id === wanted) return [n]
      const below = chain(listsOf(n), wanted)
      if (below) return [n, ...below]
    }
    return undefined
  }
  const way = chain(nodes, id)
  const from = way?.findIndex((n) => n.id === loop) ?? -1
  if (!way || from < 0) return undefined
  return (items) => {
    let depth = 0
    const inner = way.slice(from + 1)
    return inner.map((n, i) => (n.type === "for_each" && i < inner.length - 1 ? `${n.id}[${(items[depth++] ?? 1) - 1}]` : n.id)).join("/")
  }
}

export interface Binding {
  name: string
  value: V
  fresh: boolean // bound by the step just before
}

// valuesAt is what is visible at a row, innermost first: loop items, results of earlier steps, constants, the delivery.
export function valuesAt(trace: Trace, row: Row): Binding[] {
  const nodes = nodesById(trace.spec.tree.instructions ?? [])
  const bound: Binding[] = []
  const bind = (name: string, value: V) => {
    const there = bound.find((b) => b.name === name)
    if (there) there.value = value
    else bound.push({ name, value, fresh: true })
  }
  for (const [name, value] of Object.entries(trace.constants ?? {})) bind(name, value)

  // What a step that is over leaves visible to those after it.
  const leave = (step: Step) => {
    if (step.returns && step.state === "ran") bind(step.returns.name, step.returns.value)
    const known = new Set(bound.map((b) => b.name))
    for (const branch of step.branches ?? []) if (branch.taken) inside(branch.steps, namesAfter(nodes.get(step.id)), known)
    for (const item of step.items ?? []) if (item.status !== "failed") over(item, new Set(), known)
  }
  // From inside a block only assignments to names from outside, and names every branch binds, remain.
  const inside = (steps: Step[], kept: Set<string>, known: Set<string>) => {
    for (const s of steps) {
      if (s.returns && s.state === "ran" && (kept.has(s.returns.name) || known.has(s.returns.name))) bind(s.returns.name, s.returns.value)
      for (const b of s.branches ?? []) if (b.taken) inside(b.steps, kept, known)
      for (const i of s.items ?? []) if (i.status !== "failed") over(i, kept, known)
    }
  }
  const over = (item: Item, kept: Set<string>, known: Set<string>) => {
    for (const s of item.sets ?? []) if (kept.has(s.name) || known.has(s.name)) bind(s.name, s.value)
    inside(item.steps, kept, known)
  }

  const descend = (steps: Step[], prefix: string): boolean => {
    for (const step of steps) {
      const key = prefix + step.id
      if (key === row.key && row.kind === "step") return true
      if (row.key.startsWith(`${key}:`)) return true
      if (row.key.startsWith(`${key}/`) || row.key.startsWith(`${key}[`)) {
        for (const b of bound) b.fresh = false
        for (const branch of step.branches ?? []) if (holds(branch.steps, `${key}/`, row.key)) return descend(branch.steps, `${key}/`)
        for (const [i, item] of (step.items ?? []).entries()) {
          if (!row.key.startsWith(`${key}[${i}]/`)) continue
          const node = nodes.get(step.id)
          // The names from outside have what the items before this one left in them.
          const known = new Set(bound.map((b) => b.name))
          for (const before of (step.items ?? []).slice(0, i)) if (before.status !== "failed") over(before, new Set(), known)
          for (const b of bound) b.fresh = false
          if (node?.item_var) bind(node.item_var, item.value)
          if (node?.index_var) bind(node.index_var, item.index)
          return descend(item.steps, `${key}[${i}]/`)
        }
        return true
      }
      for (const b of bound) b.fresh = false
      leave(step)
    }
    return false
  }
  descend(trace.steps, "")
  const item: Binding = { name: trace.var, value: withEnrichments(trace), fresh: false }
  const constants = new Set(Object.keys(trace.constants ?? {}))
  const steps = bound.filter((b) => !constants.has(b.name)).reverse()
  return [...steps, item, ...bound.filter((b) => constants.has(b.name)).map((b) => ({ ...b, fresh: false }))]
}

function holds(steps: Step[], prefix: string, key: string): boolean {
  return steps.some(
    (s) => key === prefix + s.id || key.startsWith(`${prefix}${s.id}/`) || key.startsWith(`${prefix}${s.id}[`) || key.startsWith(`${prefix}${s.id}:`),
  )
}

// Enrichments are read as fields of what they belong to: "event.contact".
function withEnrichments(trace: Trace): V {
  let item = trace.item
  for (const [path, value] of Object.entries(trace.enrichments ?? {})) {
    const [, ...keys] = path.split(".")
    item = put(item, keys, value)
  }
  return item
}

function put(into: V, keys: string[], value: V): V {
  const [key, ...rest] = keys
  if (key === undefined) return value
  const object = typeof into === "object" && into !== null && !Array.isArray(into) ? (into as { [k: string]: V }) : {}
  return { ...object, [key]: put(object[key] ?? null, rest, value) }
}

function nodesById(nodes: SpecNode[], into = new Map<string, SpecNode>()): Map<string, SpecNode> {
  for (const n of nodes) {
    if (n.id) into.set(n.id, n)
    for (const list of [n.then, n.else, n.body, n.default, ...(n.cases ?? []).map((c) => c.body)]) if (list) nodesById(list, into)
  }
  return into
}

// namesAfter are the names every branch of a block binds; a branch that always ends in stop or fail does not count.
function namesAfter(node: SpecNode | undefined): Set<string> {
  if (!node) return new Set()
  const branches = node.type === "switch" ? [...(node.cases ?? []).map((c) => c.body), node.default] : [node.then, node.else]
  if (branches.some((b) => b === undefined)) return new Set()
  const open = (branches as SpecNode[][]).filter((b) => !ends(b))
  const sets = open.map((b) => new Set(b.flatMap((n) => (n.return_as ? [n.return_as] : [...namesAfter(n)]))))
  return new Set([...(sets[0] ?? [])].filter((name) => sets.every((s) => s.has(name))))
}

function ends(nodes: SpecNode[]): boolean {
  return nodes.some(
    (n) =>
      n.type === "stop" ||
      n.type === "fail" ||
      (n.type === "if_else" && n.then !== undefined && n.else !== undefined && ends(n.then) && ends(n.else)),
  )
}

// Reads are the paths a step looked at, as keys joined by newlines; true for those an expression failed on.
export type Reads = ReadonlyMap<string, boolean>

export function readsOf(step: Step): Reads {
  const paths = new Map<string, boolean>()
  const look = (e: Expr, failing: boolean) => {
    if (e.type === "var" && e.evaluated) {
      const path = pathIn(e.formula).join("\n")
      paths.set(path, failing || e.error !== undefined || paths.get(path) === true)
    }
    const here = e.error !== undefined && !partsOf(e).some(failsInside)
    for (const part of partsOf(e)) look(part, failing || here)
  }
  for (const f of step.fields ?? []) for (const e of treesOf(f)) look(e, step.error?.field === f.name && !failsInside(e))
  return paths
}

// treesOf are the expressions of a field: one, several, or none where it takes plain text.
export function treesOf(f: StepField): Expr[] {
  return f.list ?? (f.tree ? [f.tree] : [])
}

function partsOf(e: Expr): Expr[] {
  return [...(e.arguments ?? []), ...(e.items ?? [])].flatMap((part) => part.expr ?? [])
}

// failsInside tells whether an expression, or a part of it, went wrong.
export function failsInside(e: Expr): boolean {
  return e.error !== undefined || partsOf(e).some(failsInside)
}

export interface RecordChange {
  key: string // of the step
  type: string
  name: string // its external id, or that which it would have had
  outcome: Outcome
  step?: Step // not of a trace in parts: there stepAt has it, if it is there
}

const rank: Outcome[] = ["failed", "changed", "new", "same", "skipped"]

// changesOf are all records the run wrote or tried to, over every item of every loop; what failed comes first.
export function changesOf(trace: Pick<Trace, "steps" | "changes">): RecordChange[] {
  if (trace.changes)
    return trace.changes.map((c) => {
      const outcome = c.failed ? "failed" : c.undone ? "skipped" : outcomeOf({ state: "ran", outcome: c.outcome ?? "" })
      return { key: c.key, type: c.type, name: c.external_id || (c.key.split("/").at(-1) ?? ""), outcome: outcome ?? "skipped" }
    })
  const all: RecordChange[] = []
  const walk = (steps: Step[], prefix: string) => {
    for (const step of steps) {
      const key = prefix + step.id
      const outcome = outcomeOf(step)
      if (outcome && (step.record || (step.state === "failed" && step.type.startsWith("upsert_"))))
        all.push({ key, type: step.type, name: nameOf(step), outcome: step.undone && outcome !== "failed" ? "skipped" : outcome, step })
      for (const b of step.branches ?? []) if (b.taken) walk(b.steps, `${key}/`)
      for (const [i, item] of (step.items ?? []).entries()) walk(item.steps, `${key}[${i}]/`)
    }
  }
  walk(trace.steps, "")
  return all.sort((a, b) => rank.indexOf(a.outcome) - rank.indexOf(b.outcome))
}

function nameOf(step: Step): string {
  const meant = step.fields?.find((f) => f.name === "external_id")?.value
  return step.record?.external_id ?? (typeof meant === "string" ? meant : step.summary)
}

// stepAt is the step of a row; nothing where it lies in an item that is not there.
export function stepAt(trace: Pick<Trace, "steps">, key: string): Step | undefined {
  const find = (steps: Step[], prefix: string): Step | undefined => {
    for (const step of steps) {
      const at = prefix + step.id
      if (at === key) return step
      if (!key.startsWith(at)) continue
      for (const b of step.branches ?? []) {
        const found = find(b.steps, `${at}/`)
        if (found) return found
      }
      for (const [i, item] of (step.items ?? []).entries()) {
        const found = key.startsWith(`${at}[${i}]/`) && find(item.steps, `${at}[${i}]/`)
        if (found) return found
      }
    }
    return undefined
  }
  return find(trace.steps, "")
}
