// The spec as the Spec Builder holds it: the JSON tree of the server, never changed in place. Every edit is a function
// from a spec to a spec that shares what it leaves alone, so undo keeps two hundred of them cheaply and a row that did
// not change is the same object as before. Steps are named by id, never by place; ids of new steps are made here.
import type { Exact } from "../api/exact"

export type Json = null | string | number | boolean | Exact | Json[] | { [key: string]: Json }

// Expr is an expression: its tree, or what a person may write instead (a literal, a formula from its "=" on). The server
// answers with trees only.
export type Expr = null | string | number | boolean | Exact | ExprNode
export interface ExprNode {
  type: string // literal, var, or the name of a function
  [field: string]: unknown
}

export interface Instruction {
  type: string
  id: string
  note?: string
  disabled?: boolean
  return_as?: string
  comments?: Record<string, string[]>
  [field: string]: unknown // an expression, a list of them, a group of fields, a name, a list of instructions, cases
}

export interface Case {
  equals: Expr[]
  body: Instruction[]
  [key: string]: unknown
}

export interface ConstantDef {
  name: string
  type: string
  default?: Json
  note?: string
  [key: string]: unknown
}

export interface EnrichmentDef {
  name: string
  of: string // the var, or the path of an enrichment above it
  use: string
  note?: string
  [key: string]: unknown
}

export interface TestDef {
  name: string
  given: Json
  [key: string]: unknown
}

export interface Spec {
  spec: 1
  source_model: string
  var?: string
  note?: string
  constants?: ConstantDef[]
  enrichments?: EnrichmentDef[]
  instructions: Instruction[]
  tests?: TestDef[]
  [key: string]: unknown
}

// A list of instructions is named by the step it is in and its key there ("then", "cases/0/body"); the outermost has no
// owner and the key "instructions".
export interface ListRef {
  owner?: string
  key: string
}

// A place is between two instructions: before the one at index.
export interface Place extends ListRef {
  index: number
}

// The keys of an instruction that hold instructions; "cases" holds cases, each with a body.
const bodyKeys = ["then", "else", "body", "default"] as const

export const root: ListRef = { key: "instructions" }

export const emptySpec = (model: string): Spec => ({ spec: 1, source_model: model, var: "event", instructions: [] })

// freshId is an id no step of this processor ever had: never "s" and digits, which the server counts itself.
export function freshId(taken: (id: string) => boolean = () => false): string {
  for (;;) {
    const id = `n${Math.random().toString(36).slice(2, 8)}`
    if (id.length > 4 && !taken(id)) return id
  }
}

// bodiesOf are the lists within a step, with their keys, in order.
export function bodiesOf(step: Instruction): { key: string; steps: Instruction[] }[] {
  const found: { key: string; steps: Instruction[] }[] = []
  if (Array.isArray(step.then)) found.push({ key: "then", steps: step.then as Instruction[] })
  if (Array.isArray(step.else)) found.push({ key: "else", steps: step.else as Instruction[] })
  if (Array.isArray(step.body)) found.push({ key: "body", steps: step.body as Instruction[] })
  for (const [i, c] of casesOf(step).entries()) found.push({ key: `cases/${i}/body`, steps: c.body ?? [] })
  if (Array.isArray(step.default)) found.push({ key: "default", steps: step.default as Instruction[] })
  return found
}

export const casesOf = (step: Instruction): Case[] => (Array.isArray(step.cases) ? (step.cases as Case[]) : [])

export const isBlock = (step: Instruction): boolean => Array.isArray(step.cases) || bodyKeys.some((k) => Array.isArray(step[k]))

// isBody tells the keys of lists of instructions from fields.
export const isBody = (key: string): boolean => key === "cases" || (bodyKeys as readonly string[]).includes(key)

export interface Found {
  step: Instruction
  list: ListRef
  index: number
  depth: number
  pointer: string // JSON Pointer into the tree
  number: number // as the list shows it, from 1
}

// walk goes by every step in order; false leaves out what is within.
export function walk(spec: Spec, see: (found: Found) => boolean | undefined): void {
  let number = 0
  const list = (steps: Instruction[], ref: ListRef, depth: number, pointer: string) => {
    for (const [index, step] of steps.entries()) {
      const at = `${pointer}/${index}`
      number++
      if (see({ step, list: ref, index, depth, pointer: at, number }) === false) {
        number += countOf(step) - 1
        continue
      }
      for (const body of bodiesOf(step)) list(body.steps, { owner: step.id, key: body.key }, depth + 1, `${at}/${body.key}`)
    }
  }
  list(spec.instructions, root, 0, "/instructions")
}

const counts = new WeakMap<Instruction, number>()

// countOf is how many steps a step is, with all within it.
export function countOf(step: Instruction): number {
  let n = counts.get(step)
  if (n === undefined) {
    n = bodiesOf(step).reduce((sum, b) => sum + b.steps.reduce((s, x) => s + countOf(x), 0), 1)
    counts.set(step, n)
  }
  return n
}

const indexes = new WeakMap<Spec, Map<string, Found>>()

// stepsById is every step by its id.
export function stepsById(spec: Spec): ReadonlyMap<string, Found> {
  let index = indexes.get(spec)
  if (!index) {
    const made = new Map<string, Found>()
    walk(spec, (f) => {
      made.set(f.step.id, f)
      return undefined
    })
    index = made
    indexes.set(spec, index)
  }
  return index
}

export const stepOf = (spec: Spec, id: string): Instruction | undefined => stepsById(spec).get(id)?.step

// stepAt is the step a JSON Pointer points at or into, and what is left of the pointer.
export function stepAt(spec: Spec, pointer: string): { step: Instruction; rest: string[] } | undefined {
  let best: Found | undefined
  for (const f of stepsById(spec).values())
    if ((pointer === f.pointer || pointer.startsWith(`${f.pointer}/`)) && f.pointer.length > (best?.pointer.length ?? 0)) best = f
  return best && { step: best.step, rest: splitPointer(pointer.slice(best.pointer.length)) }
}

export const splitPointer = (pointer: string): string[] =>
  pointer === ""
    ? []
    : pointer
        .slice(1)
        .split("/")
        .map((k) => k.replaceAll("~1", "/").replaceAll("~0", "~"))

export const joinPointer = (path: readonly (string | number)[]): string =>
  path.map((k) => `/${String(k).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")

export function listOf(spec: Spec, ref: ListRef): Instruction[] {
  if (ref.owner === undefined) return spec.instructions
  const step = stepOf(spec, ref.owner)
  return (step && bodiesOf(step).find((b) => b.key === ref.key)?.steps) ?? []
}

// valueAt is what stands at a path of keys and indexes.
export function valueAt(from: unknown, path: readonly (string | number)[]): unknown {
  let at = from
  for (const key of path) {
    if (typeof at !== "object" || at === null) return undefined
    at = (at as Record<string | number, unknown>)[key]
  }
  return at
}

// withValue puts a value at a path; undefined takes the key away, and a group that is left empty with it.
export function withValue<T>(into: T, path: readonly (string | number)[], value: unknown): T {
  const [key, ...rest] = path
  if (key === undefined) return value as T
  if (Array.isArray(into)) {
    const copy = [...into]
    const made = rest.length > 0 ? withValue(copy[Number(key)], rest, value) : value
    if (made === undefined) copy.splice(Number(key), 1)
    else copy[Number(key)] = made
    return copy as T
  }
  const object = (typeof into === "object" && into !== null ? into : {}) as Record<string, unknown>
  const made = rest.length > 0 ? withValue(object[key] ?? (typeof rest[0] === "number" ? [] : {}), rest, value) : value
  const empty = rest.length > 0 && value === undefined && typeof made === "object" && made !== null && Object.keys(made).length === 0
  if (made !== undefined && !(empty && !Array.isArray(made))) return { ...object, [key]: made } as T
  const { [key]: _gone, ...left } = object
  return left as T
}

// changeStep puts another step in the place of the one with that id; undefined takes it away.
export function changeStep(spec: Spec, id: string, to: (step: Instruction) => Instruction | undefined): Spec {
  const found = stepsById(spec).get(id)
  if (!found) return spec
  return withValue(spec, pathOf(found.pointer), to(found.step))
}

const pathOf = (pointer: string): (string | number)[] => splitPointer(pointer).map((k) => (/^\d+$/.test(k) ? Number(k) : k))

// setField changes one field of a step, at any depth of groups; undefined leaves the field out.
export function setField(spec: Spec, id: string, path: readonly (string | number)[], value: unknown): Spec {
  return changeStep(spec, id, (step) => withValue(step, path, value))
}

// replaceStep gives a step another type and fields; it stays the same step.
export function replaceStep(spec: Spec, id: string, step: Omit<Instruction, "id">): Spec {
  return changeStep(spec, id, () => ({ ...step, id }) as Instruction)
}

function withList(spec: Spec, ref: ListRef, to: (steps: Instruction[]) => Instruction[]): Spec {
  if (ref.owner === undefined) return { ...spec, instructions: to(spec.instructions) }
  return changeStep(spec, ref.owner, (step) => withValue(step, pathOf(`/${ref.key}`), to(listOf(spec, ref))))
}

// insert puts steps at a place. Ids that are taken, or not there, are made anew, within the steps as well.
export function insert(spec: Spec, place: Place, steps: readonly Instruction[]): { spec: Spec; ids: string[] } {
  const taken = new Set(stepsById(spec).keys())
  const fresh = steps.map((s) => withFreshIds(s, taken))
  return {
    spec: withList(spec, place, (list) => [...list.slice(0, place.index), ...fresh, ...list.slice(place.index)]),
    ids: fresh.map((s) => s.id),
  }
}

function withFreshIds(step: Instruction, taken: Set<string>, always = false): Instruction {
  const id = !always && step.id && !taken.has(step.id) ? step.id : freshId((x) => taken.has(x))
  taken.add(id)
  const made: Instruction = { ...step, id }
  for (const key of bodyKeys) if (Array.isArray(step[key])) made[key] = (step[key] as Instruction[]).map((s) => withFreshIds(s, taken, always))
  if (Array.isArray(step.cases)) made.cases = casesOf(step).map((c) => ({ ...c, body: (c.body ?? []).map((s) => withFreshIds(s, taken, always)) }))
  return made
}

// withIds gives every step of a spec an id that none other has.
export function withIds(spec: Spec): Spec {
  const taken = new Set<string>()
  return { ...spec, instructions: (spec.instructions ?? []).map((s) => withFreshIds(s, taken)) }
}

// copyOf is a step as it goes to the clipboard and comes back: without ids.
export function copyOf(step: Instruction): Instruction {
  return withFreshIds(step, new Set(), true)
}

// outermost leaves out ids of steps that lie within others of them, and puts them in the order of the spec.
export function outermost(spec: Spec, ids: Iterable<string>): string[] {
  const all = new Set(ids)
  const kept: string[] = []
  walk(spec, (f) => {
    if (!all.has(f.step.id)) return undefined
    kept.push(f.step.id)
    return false
  })
  return kept
}

export function remove(spec: Spec, ids: Iterable<string>): Spec {
  return outermost(spec, ids).reduce((s, id) => changeStep(s, id, () => undefined), spec)
}

// contains tells whether a step is another one or lies within it.
export function contains(spec: Spec, outer: string, inner: string | undefined): boolean {
  for (let id = inner; id !== undefined; id = stepsById(spec).get(id)?.list.owner) if (id === outer) return true
  return false
}

// move takes steps out and puts them, in their order, at a place of the spec as it was.
export function move(spec: Spec, ids: Iterable<string>, place: Place): Spec {
  const moving = outermost(spec, ids)
  const index = stepsById(spec)
  const steps = moving.map((id) => index.get(id)?.step as Instruction)
  const before = listOf(spec, place)
    .slice(0, place.index)
    .filter((s) => moving.includes(s.id)).length
  return withList(remove(spec, moving), place, (list) => {
    const at = place.index - before
    return [...list.slice(0, at), ...steps, ...list.slice(at)]
  })
}

// duplicate puts a copy of each step, with ids of its own, behind the last of them that is in its list.
export function duplicate(spec: Spec, ids: Iterable<string>): { spec: Spec; ids: string[] } {
  const chosen = outermost(spec, ids)
  const last = stepsById(spec).get(chosen.at(-1) ?? "")
  if (!last) return { spec, ids: [] }
  const steps = chosen.map((id) => copyOf(stepOf(spec, id) as Instruction))
  return insert(spec, { ...last.list, index: last.index + 1 }, steps)
}

// The places a step can go by one key: up and down in its list and over its borders, out of its block, into the one above.
export type Direction = "up" | "down" | "out" | "in"

export function placeBeside(spec: Spec, id: string, to: Direction): Place | undefined {
  const found = stepsById(spec).get(id)
  if (!found) return undefined
  const { list, index } = found
  const owner = list.owner === undefined ? undefined : stepsById(spec).get(list.owner)
  const steps = listOf(spec, list)
  switch (to) {
    case "up": {
      if (index > 0) return { ...list, index: index - 1 }
      if (!owner) return undefined
      const bodies = bodiesOf(owner.step)
      const before = bodies[bodies.findIndex((b) => b.key === list.key) - 1]
      return before ? { owner: owner.step.id, key: before.key, index: before.steps.length } : { ...owner.list, index: owner.index }
    }
    case "down": {
      if (index < steps.length - 1) return { ...list, index: index + 2 }
      if (!owner) return undefined
      const bodies = bodiesOf(owner.step)
      const after = bodies[bodies.findIndex((b) => b.key === list.key) + 1]
      return after ? { owner: owner.step.id, key: after.key, index: 0 } : { ...owner.list, index: owner.index + 1 }
    }
    case "out":
      return owner && { ...owner.list, index: owner.index + 1 }
    case "in": {
      const above = steps[index - 1]
      const body = above && bodiesOf(above).at(0)
      return above && body && { owner: above.id, key: body.key, index: body.steps.length }
    }
  }
}

// afterStep is the place right behind a step; insideStep the end of its first list.
export function afterStep(spec: Spec, id: string | undefined): Place {
  const found = id === undefined ? undefined : stepsById(spec).get(id)
  return found ? { ...found.list, index: found.index + 1 } : { ...root, index: spec.instructions.length }
}

export function insideStep(spec: Spec, id: string): Place | undefined {
  const step = stepOf(spec, id)
  const body = step && bodiesOf(step)[0]
  return body && { owner: id, key: body.key, index: body.steps.length }
}
