// Expressions as trees, and the edits of one: pure, each gives a new tree. A place within an expression is a path of the
// same keys as the tree's JSON: ["arguments", 1, "text"]. What is not there yet is a hole: its key is absent.
import { canonical, Exact } from "../api/exact"
import { type Func, type Library, type Param, wanted } from "../library/library"
import { fits, type Type } from "./types"

export interface Literal {
  type: "literal"
  value?: string | number | boolean | null | Exact
  number?: string // instead of value, for numbers over 15 digits
}
export interface Variable {
  type: "var"
  var: string
}
export interface Call {
  type: string
  [argument: string]: unknown // an Expr, a list of them, or the text of a name
}
// Text is a formula that could not be read. It is kept as it was typed, and its problem is shown.
export interface Unread {
  type: "formula"
  text: string // from its "=" on
}
export type Expr = Literal | Variable | Call | Unread

export type Path = readonly (string | number)[]

export const isLiteral = (e: Expr | undefined): e is Literal => e?.type === "literal"
export const isVariable = (e: Expr | undefined): e is Variable => e?.type === "var"
export const isUnread = (e: Expr | undefined): e is Unread => e?.type === "formula"
export const isCall = (e: Expr | undefined): e is Call => e !== undefined && !isLiteral(e) && !isVariable(e) && !isUnread(e)

export const text = (value: string): Literal => ({ type: "literal", value })
export const nothing: Literal = { type: "literal", value: null }
export const variable = (path: string): Variable => ({ type: "var", var: path })

// numeral is the literal of a number as written, with all its digits; undefined: it is none.
export function numeral(source: string): Literal | undefined {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?$/.test(source)) return undefined
  const plain = canonical(source)
  return plain.replace(/[-.]/g, "").replace(/^0+/, "").length > 15 ? { type: "literal", number: plain } : { type: "literal", value: Number(plain) }
}

// held is what a literal holds, numbers with all their digits.
export function held(e: Literal): string | number | boolean | null | Exact {
  return e.number !== undefined ? new Exact(e.number) : (e.value ?? null)
}

// kindOf is the kind of one that needs no scope to tell.
export function literalType(e: Literal): Type {
  const value = held(e)
  if (value === null) return { kind: "null" }
  if (typeof value === "string") return { kind: "string" }
  return { kind: typeof value === "boolean" ? "boolean" : "number" }
}

// childKeys are the arguments of a call in the order of its declaration; those the library does not know come last.
export function paramsOf(e: Call, library: Library): Param[] {
  const func = library.func(e.type)
  if (func) return func.arguments
  return Object.keys(e)
    .filter((k) => k !== "type")
    .map((name) => unknownParam(name, Array.isArray(e[name]) ? "expressions" : typeof e[name] === "object" ? "expression" : "name"))
}

export function unknownParam(name: string, form: Param["form"]): Param {
  return { name, title: name, help: "", form, type: null, required: false, needs_value: false, literals: [], literal_only: false }
}

export function at(e: Expr | undefined, path: Path): Expr | undefined {
  let here: unknown = e
  for (const key of path) {
    if (typeof here !== "object" || here === null) return undefined
    here = (here as Record<string | number, unknown>)[key]
  }
  return here as Expr | undefined
}

// put gives the expression with another one at a path; undefined takes it out: of a list the item goes, of a call the
// argument becomes a hole. A place just after the end of a list adds to it.
export function put(e: Expr | undefined, path: Path, now: Expr | string | undefined): Expr | undefined {
  if (path.length === 0) return typeof now === "string" ? e : now
  return putIn(e, path, now) as Expr | undefined
}

function putIn(into: unknown, path: Path, now: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return now
  if (Array.isArray(into) || typeof key === "number") {
    const list = [...((into as unknown[]) ?? [])]
    const item = putIn(list[key as number], rest, now)
    if (item === undefined) list.splice(key as number, 1)
    else list[key as number] = item
    return list
  }
  const object = { ...(into as Record<string, unknown>) }
  const child = putIn(object[key], rest, now)
  if (child === undefined) delete object[key]
  else object[key] = child
  return object
}

// ordered writes the arguments of calls in the order of their declarations, as specs are stored.
export function ordered(e: Expr, library: Library): Expr {
  if (!isCall(e)) return e
  const made: Call = { type: e.type }
  const known = new Set<string>(["type"])
  for (const p of paramsOf(e, library)) {
    known.add(p.name)
    const child = e[p.name]
    if (Array.isArray(child)) made[p.name] = child.map((x) => ordered(x as Expr, library))
    else if (typeof child === "object" && child !== null) made[p.name] = ordered(child as Expr, library)
    else if (child !== undefined) made[p.name] = child
    else if (p.form === "expressions") made[p.name] = []
  }
  for (const [k, v] of Object.entries(e)) if (!known.has(k)) made[k] = v
  return made
}

// wrap puts a function around what is at a path. It becomes the first argument that it fits; the other required ones are
// holes, and names get one that is free.
export function wrap(e: Expr | undefined, path: Path, func: Func, type: Type = { kind: "unknown" }, taken: ReadonlySet<string> = new Set()): Expr {
  const inner = at(e, path)
  const call = calling(func, taken)
  if (inner) {
    const takes = func.arguments.filter((p) => p.form === "expression" || p.form === "expressions")
    const p = takes.find((x) => !x.literal_only && fits(type, wanted(x))) ?? takes.find((x) => !x.literal_only) ?? takes[0]
    if (p) call[p.name] = p.form === "expressions" ? [inner] : inner
  }
  return put(e, path, call) as Expr
}

// calling is a function with nothing filled in yet.
export function calling(func: Func, taken: ReadonlySet<string> = new Set()): Call {
  const call: Call = { type: func.name }
  for (const p of func.arguments) {
    if (p.form === "expressions") call[p.name] = []
    else if (p.form === "name" && p.required) call[p.name] = freeName("item", taken)
  }
  return call
}

// freeName is a name like another that nothing visible has.
export function freeName(like: string, taken: ReadonlySet<string>): string {
  const has = new Set([...taken].map((n) => n.toLowerCase()))
  if (!has.has(like.toLowerCase())) return like
  for (let n = 2; ; n++) if (!has.has(`${like}${n}`.toLowerCase())) return `${like}${n}`
}

// mainOf is where the argument stands that stays when a call is taken away: the first that is there.
export function mainOf(e: Call, library: Library): Path | undefined {
  for (const p of paramsOf(e, library)) {
    const child = e[p.name]
    if (p.form === "expression" && child !== undefined) return [p.name]
    if (p.form === "expressions" && Array.isArray(child) && child.length > 0) return [p.name, 0]
  }
  return undefined
}

// unwrap takes the call at a path away and leaves its first argument; of one without any a hole is left.
export function unwrap(e: Expr | undefined, path: Path, library: Library): Expr | undefined {
  const call = at(e, path)
  if (!isCall(call)) return e
  const main = mainOf(call, library)
  return put(e, path, main ? at(call, main) : undefined)
}

// replaceCall makes a call of another function of the one at a path: arguments of the same name stay, the others go, in
// their order, where something of their form is asked for.
export function replaceCall(e: Expr | undefined, path: Path, func: Func, library: Library, taken: ReadonlySet<string> = new Set()): Expr {
  const old = at(e, path)
  if (!isCall(old)) return put(e, path, calling(func, taken)) as Expr
  const call = calling(func, taken)
  const rest: Expr[] = []
  for (const p of paramsOf(old, library)) {
    const child = old[p.name]
    const same = func.arguments.find((x) => x.name === p.name && x.form === p.form)
    if (child === undefined) continue
    if (same) call[p.name] = child
    else if (p.form === "expression") rest.push(child as Expr)
    else if (p.form === "expressions") rest.push(...(child as Expr[]))
  }
  for (const p of func.arguments) {
    if (p.form === "expression" && p.required && call[p.name] === undefined) {
      const next = rest.shift()
      if (next) call[p.name] = next
    } else if (p.form === "expressions" && (call[p.name] as Expr[]).length === 0) call[p.name] = rest.splice(0)
  }
  return put(e, path, ordered(call, library)) as Expr
}

// shift moves an argument among those of which there may be as many as one likes. It gives where it stands then.
export function shift(e: Expr | undefined, path: Path, by: -1 | 1): { expr: Expr | undefined; path: Path } {
  const index = path.at(-1)
  const list = at(e, path.slice(0, -1)) as unknown as Expr[] | undefined
  if (typeof index !== "number" || !Array.isArray(list)) return { expr: e, path }
  const to = index + by
  if (to < 0 || to >= list.length) return { expr: e, path }
  const moved = [...list]
  const [one] = moved.splice(index, 1)
  moved.splice(to, 0, one as Expr)
  return { expr: putIn(e, path.slice(0, -1), moved) as Expr, path: [...path.slice(0, -1), to] }
}

// rename gives a name that a call binds another one, and all that reads it within.
export function rename(e: Expr, path: Path, name: string, to: string, library: Library): Expr {
  const call = at(e, path)
  if (!isCall(call)) return e
  const old = call[name] as string
  const made: Call = { ...call, [name]: to }
  for (const p of paramsOf(call, library)) {
    if (p.inner && call[p.name] !== undefined) made[p.name] = renamed(call[p.name] as Expr | Expr[], old, to)
  }
  return put(e, path, made) as Expr
}

// renamed is an expression, or any tree with such in it, in which a variable has another name.
export function renamed<T>(tree: T, from: string, to: string): T {
  if (Array.isArray(tree)) return tree.map((x) => renamed(x, from, to)) as T
  if (typeof tree !== "object" || tree === null || tree instanceof Exact) return tree
  const e = tree as Record<string, unknown>
  if (e.type === "var" && typeof e.var === "string") return { ...e, var: rooted(e.var, from, to) } as T
  return Object.fromEntries(Object.entries(e).map(([k, v]) => [k, renamed(v, from, to)])) as T
}

const rooted = (path: string, from: string, to: string): string =>
  path === from || path.startsWith(`${from}.`) || path.startsWith(`${from}[`) ? to + path.slice(from.length) : path

// Stop is a place where the focus can be: what is there, and holes. In reading order.
export interface Stop {
  path: Path
  hole: boolean
  param: Param | undefined // what is taken there; undefined for the whole
}

export function stopsOf(e: Expr | undefined, library: Library, want?: Param): Stop[] {
  const stops: Stop[] = []
  const walk = (x: Expr | undefined, path: Path, param: Param | undefined) => {
    stops.push({ path, hole: x === undefined, param })
    if (!isCall(x)) return
    for (const p of paramsOf(x, library)) {
      const child = x[p.name]
      if (p.form === "expression") {
        if (child !== undefined || p.required) walk(child as Expr | undefined, [...path, p.name], p)
      } else if (p.form === "expressions") {
        const list = (child as Expr[] | undefined) ?? []
        for (const [i, item] of list.entries()) walk(item, [...path, p.name, i], p)
        stops.push({ path: [...path, p.name, list.length], hole: true, param: p })
      }
    }
  }
  walk(e, [], want)
  return stops
}

export const samePath = (a: Path, b: Path): boolean => a.length === b.length && a.every((k, i) => k === b[i])

// firstHole is the first required place with nothing in it, at or below a path.
export function firstHole(e: Expr | undefined, library: Library, below: Path = []): Path | undefined {
  return stopsOf(e, library).find((s) => s.hole && samePath(s.path.slice(0, below.length), below) && isNeeded(e, s))?.path
}

function isNeeded(e: Expr | undefined, stop: Stop): boolean {
  const index = stop.path.at(-1)
  if (typeof index !== "number") return true
  return stop.param?.required === true && index === 0 && ((at(e, stop.path.slice(0, -1)) as unknown as Expr[]) ?? []).length === 0
}

// pointerOf is the JSON Pointer of a place within an expression that stands at a pointer.
export const pointerOf = (slot: string, path: Path): string =>
  slot + path.map((k) => `/${String(k).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")
