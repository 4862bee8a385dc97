// Names and where they reach: what a step reads and binds, renaming with all uses, what is in use, and whether steps may
// go to a place. The server has the last word; this answers while something is being dragged.
import {
  bodiesOf,
  casesOf,
  changeStep,
  contains,
  type Instruction,
  isBody,
  listOf,
  move,
  outermost,
  type Place,
  type Spec,
  stepOf,
  stepsById,
  withValue,
} from "./document"

const plainKeys = new Set(["type", "id", "note", "disabled", "return_as", "comments", "item_var", "index_var"])

// expressionsOf goes by every object and formula within a step's own fields, not by the steps within it.
function eachExpression(value: unknown, see: (node: Record<string, unknown> | string) => void): void {
  if (typeof value === "string") {
    if (value.startsWith("=") && !value.startsWith("==")) see(value)
    return
  }
  if (typeof value !== "object" || value === null) return
  if (Array.isArray(value)) {
    for (const v of value) eachExpression(v, see)
    return
  }
  const node = value as Record<string, unknown>
  see(node)
  if (node.type === "literal" || node.type === "var") return
  for (const [key, v] of Object.entries(node)) if (key !== "type" && key !== "item_var") eachExpression(v, see)
}

function ownFields(step: Instruction): unknown[] {
  const fields = Object.entries(step).flatMap(([key, v]) => (plainKeys.has(key) || isBody(key) || key.startsWith("x-") ? [] : [v]))
  return [...fields, ...casesOf(step).map((c) => c.equals)]
}

const rootName = (path: string): string => /^[A-Za-z_]\w*/.exec(path.trim())?.[0] ?? ""

// A formula as text is looked through word by word: not within quotes, not behind a point, not what is called.
const words = /"(?:[^"\\]|\\.)*"|\.?\s*[A-Za-z_]\w*(?=\s*\()|\.\s*[A-Za-z_]\w*|[A-Za-z_]\w*(?=\s*=)|([A-Za-z_]\w*)/g

interface Reads {
  names: ReadonlySet<string> // read, that the step's own expressions do not bind
  paths: readonly string[]
}

const read = new WeakMap<Instruction, Reads>()

// readsOf are the names a step's own fields read.
export function readsOf(step: Instruction): Reads {
  let found = read.get(step)
  if (!found) {
    const paths: string[] = []
    const local = new Set<string>()
    for (const field of ownFields(step))
      eachExpression(field, (node) => {
        if (typeof node === "string") {
          for (const m of node.slice(1).matchAll(words)) if (m[1] && !/^(true|false|null)$/.test(m[1])) paths.push(m[1])
        } else if (node.type === "var") paths.push(String(node.var ?? ""))
        else if (typeof node.item_var === "string") local.add(node.item_var)
      })
    found = { names: new Set(paths.map(rootName).filter((n) => n !== "" && !local.has(n))), paths }
    read.set(step, found)
  }
  return found
}

const ends = (steps: Instruction[]): boolean => steps.some((s) => !s.disabled && (s.type === "stop" || s.type === "fail" || endsInside(s)))

function endsInside(step: Instruction): boolean {
  const bodies = bodiesOf(step)
  return exhaustive(step) && bodies.length > 0 && bodies.every((b) => ends(b.steps))
}

// exhaustive: exactly one of the branches runs.
const exhaustive = (step: Instruction): boolean =>
  (Array.isArray(step.then) && Array.isArray(step.else)) || (Array.isArray(step.cases) && Array.isArray(step.default))

// leaves are the names a step leaves visible to those after it.
export function leaves(step: Instruction): Set<string> {
  const names = new Set<string>()
  if (step.disabled) return names
  if (step.return_as) names.add(step.return_as)
  if (!exhaustive(step)) return names
  const open = bodiesOf(step).filter((b) => !ends(b.steps))
  const sets = open.map((b) => new Set(b.steps.flatMap((s) => [...leaves(s)])))
  for (const name of sets[0] ?? []) if (sets.every((s) => s.has(name))) names.add(name)
  return names
}

interface Reach {
  missing: Map<string, Set<string>> // step id → names it reads that are not there
  taken: Map<string, Set<string>> // step id → names it binds that are there already
}

// reach follows the names through a spec.
export function reach(spec: Spec): Reach {
  const missing = new Map<string, Set<string>>()
  const taken = new Map<string, Set<string>>()
  const add = (to: Map<string, Set<string>>, id: string, name: string) => to.set(id, (to.get(id) ?? new Set()).add(name))
  const list = (steps: Instruction[], outer: ReadonlySet<string>, assignable: ReadonlySet<string>) => {
    const here = new Set(outer)
    const assigned = new Set(assignable)
    for (const step of steps) {
      if (step.disabled) continue
      for (const name of readsOf(step).names) if (!here.has(name)) add(missing, step.id, name)
      const inner = new Set(here)
      for (const key of ["item_var", "index_var"]) {
        const name = step[key]
        if (typeof name !== "string" || name === "") continue
        if (here.has(name)) add(taken, step.id, name)
        inner.add(name)
      }
      for (const body of bodiesOf(step)) list(body.steps, inner, assigned)
      const assigns = step.type === "define_variable"
      if (step.return_as && here.has(step.return_as) && !(assigns && assigned.has(step.return_as))) add(taken, step.id, step.return_as)
      for (const name of leaves(step)) here.add(name)
      if (assigns && step.return_as) assigned.add(step.return_as)
    }
  }
  list(spec.instructions, new Set([spec.var ?? "event", ...(spec.constants ?? []).map((c) => c.name)]), new Set())
  return { missing, taken }
}

const newly = (before: Map<string, Set<string>>, after: Map<string, Set<string>>): { id: string; name: string } | undefined => {
  for (const [id, names] of after) for (const name of names) if (!before.get(id)?.has(name)) return { id, name }
  return undefined
}

export type Refusal =
  | { why: "inside" } // of itself
  | { why: "depth" } // more than 64 lists within one another
  | { why: "missing"; id: string; name: string } // a step there would read a name that is not there
  | { why: "taken"; id: string; name: string } // a step would bind a name that is there

const deepest = 64

function depthOf(step: Instruction): number {
  return 1 + Math.max(0, ...bodiesOf(step).flatMap((b) => b.steps.map(depthOf)))
}

// refusal says why steps may not go to a place; undefined: they may.
export function refusal(spec: Spec, ids: Iterable<string>, place: Place): Refusal | undefined {
  const moving = outermost(spec, ids)
  if (moving.some((id) => contains(spec, id, place.owner))) return { why: "inside" }
  const depth = place.owner === undefined ? 0 : (stepsById(spec).get(place.owner)?.depth ?? 0) + 1
  if (moving.some((id) => depth + depthOf(stepOf(spec, id) as Instruction) > deepest)) return { why: "depth" }
  const before = reach(spec)
  const after = reach(move(spec, moving, place))
  const lost = newly(before.missing, after.missing)
  if (lost) return { why: "missing", ...lost }
  const twice = newly(before.taken, after.taken)
  return twice && { why: "taken", ...twice }
}

// mapNames rewrites the first name of every path of a value.
function mapPaths<T>(value: T, to: (path: string) => string): T {
  if (typeof value === "string") {
    if (!value.startsWith("=") || value.startsWith("==")) return value
    return `=${value.slice(1).replace(words, (all, name?: string) => (name ? to(name) : all))}` as T
  }
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) {
    const copy = value.map((v) => mapPaths(v, to))
    return (copy.some((v, i) => v !== value[i]) ? copy : value) as T
  }
  const node = value as Record<string, unknown>
  if (node.type === "literal") return value
  if (node.type === "var") {
    const path = String(node.var ?? "")
    const next = to(path)
    return next === path ? value : ({ ...node, var: next } as T)
  }
  let copy = node
  for (const [key, v] of Object.entries(node)) {
    if (plainKeys.has(key) || key.startsWith("x-")) continue
    const next = mapPaths(v, to)
    if (next !== v) copy = { ...copy, [key]: next }
  }
  return copy as T
}

function mapSteps(steps: Instruction[], to: (step: Instruction) => Instruction): Instruction[] {
  return steps.map((s) => {
    let step = to(s)
    for (const body of bodiesOf(step)) {
      const next = mapSteps(body.steps, to)
      if (next.some((x, i) => x !== body.steps[i])) {
        const path = body.key.split("/").map((k) => (/^\d+$/.test(k) ? Number(k) : k))
        step = withValue(step, path, next)
      }
    }
    return step
  })
}

const renamed = (from: string, to: string) => (path: string) => (rootName(path) === from ? to + path.trim().slice(from.length) : path)

const fieldsRenamed = (step: Instruction, to: (path: string) => string): Instruction => {
  let next = step
  for (const [key, v] of Object.entries(step)) {
    if (plainKeys.has(key) || isBody(key) || key.startsWith("x-")) continue
    const made = mapPaths(v, to)
    if (made !== v) next = { ...next, [key]: made }
  }
  if (Array.isArray(step.cases)) {
    const cases = casesOf(step).map((c) => ({ ...c, equals: mapPaths(c.equals, to) }))
    if (cases.some((c, i) => c.equals !== casesOf(step)[i]?.equals)) next = { ...next, cases }
  }
  return next
}

// renameResult gives the result of a step another name, and everything that reads it with it: also the other branches
// that must bind the name for it to last, and the other steps that assign it. Without a result so far it is only set.
export function renameResult(spec: Spec, id: string, to: string): Spec {
  const found = stepsById(spec).get(id)
  if (!found) return spec
  const from = found.step.return_as
  if (!from || to === "") return changeStep(spec, id, (s) => withValue(s, ["return_as"], to === "" ? undefined : to))
  // Upwards as long as the name lasts beyond the block, or was there before it.
  let at = found
  for (;;) {
    const owner = at.list.owner === undefined ? undefined : stepsById(spec).get(at.list.owner)
    if (!owner) break
    const above = listOf(spec, owner.list)
    if (!leaves(owner.step).has(from) && !boundBefore(spec, owner, from)) break
    at = owner
    if (above.length === 0) break
  }
  const list = listOf(spec, at.list)
  const first = list.findIndex((s) => leaves(s).has(from) || s.id === at.step.id)
  const rename = renamed(from, to)
  const touched = mapSteps(list.slice(first), (s) => {
    const step = fieldsRenamed(s, rename)
    return step.return_as === from ? { ...step, return_as: to } : step
  })
  const all = [...list.slice(0, first), ...touched]
  if (at.list.owner === undefined) return { ...spec, instructions: all }
  const path = at.list.key.split("/").map((k) => (/^\d+$/.test(k) ? Number(k) : k))
  return changeStep(spec, at.list.owner, (s) => withValue(s, path, all))
}

function boundBefore(spec: Spec, found: { list: Place | { owner?: string; key: string }; index: number }, name: string): boolean {
  if (
    listOf(spec, found.list)
      .slice(0, found.index)
      .some((s) => leaves(s).has(name))
  )
    return true
  const owner = found.list.owner === undefined ? undefined : stepsById(spec).get(found.list.owner)
  return owner !== undefined && boundBefore(spec, owner, name)
}

// renameLoopName gives the item or index of a loop another name, within the loop.
export function renameLoopName(spec: Spec, id: string, key: "item_var" | "index_var", to: string): Spec {
  return changeStep(spec, id, (step) => {
    const from = step[key]
    if (typeof from !== "string" || from === "" || to === "") return withValue(step, [key], to === "" ? undefined : to)
    const [inner] = mapSteps([{ ...step, [key]: to }], (s) => (s.id === id ? s : fieldsRenamed(s, renamed(from, to))))
    return inner as Instruction
  })
}

// renameRoot gives a constant or the source model another name everywhere.
export function renameRoot(spec: Spec, from: string, to: string): Spec {
  const next: Spec = { ...spec, instructions: mapSteps(spec.instructions, (s) => fieldsRenamed(s, renamed(from, to))) }
  if ((spec.var ?? "event") === from) next.var = to
  if (spec.constants) next.constants = spec.constants.map((c) => (c.name === from ? { ...c, name: to } : c))
  if (spec.enrichments) next.enrichments = spec.enrichments.map((e) => ({ ...e, of: renamed(from, to)(e.of) }))
  if (spec.tests)
    next.tests = spec.tests.map((test) => {
      const given = test.constants
      if (typeof given !== "object" || given === null || !(from in given)) return test
      return { ...test, constants: Object.fromEntries(Object.entries(given).map(([k, v]) => [k === from ? to : k, v])) }
    })
  return next
}

const below = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`)

// renameEnrichment gives an enrichment another name, in what reads it and in what is fetched for it.
export function renameEnrichment(spec: Spec, at: number, to: string): Spec {
  const e = spec.enrichments?.[at]
  if (!e) return spec
  const from = `${e.of}.${e.name}`
  const there = `${e.of}.${to}`
  const change = (path: string) => (below(path, from) ? there + path.slice(from.length) : path)
  return {
    ...spec,
    enrichments: (spec.enrichments ?? []).map((x, i) => (i === at ? { ...x, name: to } : { ...x, of: change(x.of) })),
    instructions: mapSteps(spec.instructions, (s) => fieldsRenamed(s, change)),
  }
}

export interface Use {
  id?: string // of a step
  number?: number
  enrichment?: string
}

// usesOf are the places that read a path, for what cannot be taken away because of them.
export function usesOf(spec: Spec, path: string): Use[] {
  const uses: Use[] = (spec.enrichments ?? []).filter((e) => below(e.of, path)).map((e) => ({ enrichment: e.name }))
  for (const f of stepsById(spec).values())
    if (readsOf(f.step).paths.some((p) => below(p.trim(), path))) uses.push({ id: f.step.id, number: f.number })
  return uses
}
