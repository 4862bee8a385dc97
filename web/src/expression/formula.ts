// Formulas as text: what is typed becomes a tree, a tree is printed in the one way it is written, and completion knows
// where in a formula the caret stands. The grammar is the reference's; the server reads with its own and has the last word.

import type { Func, Library, Param } from "../library/library"
import { t } from "../text"
import { type Call, type Expr, held, isLiteral, isUnread, isVariable, numeral, ordered } from "./tree"

export interface Unreadable {
  at: number // characters into the text
  message: string
}

export type Parsed = { expr: Expr } | { problem: Unreadable }

const nameStart = /[A-Za-z_]/
const nameChar = /\w/

class Stop extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}

// parse reads a formula without its "=".
export function parse(source: string, library: Library): Parsed {
  const reader = new Reader(source, library)
  try {
    const expr = reader.expr(0)
    if (reader.at < source.length) reader.stop(t("The formula should end here"))
    return { expr: ordered(expr, library) }
  } catch (e) {
    if (e instanceof Stop) return { problem: { at: e.at, message: e.message } }
    throw e
  }
}

class Reader {
  at = 0
  readonly #source: string
  readonly #library: Library
  constructor(source: string, library: Library) {
    this.#source = source
    this.#library = library
  }
  stop(message: string, at = this.at): never {
    throw new Stop(at, message)
  }
  #space() {
    while (/\s/.test(this.#source[this.at] ?? "")) this.at++
  }
  #word(): string {
    if (!nameStart.test(this.#source[this.at] ?? "")) return ""
    let end = this.at
    while (nameChar.test(this.#source[end] ?? "")) end++
    return this.#source.slice(this.at, end)
  }
  expr(depth: number): Expr {
    if (depth > 64) this.stop(t("Expressions are nested more than 64 deep here"))
    this.#space()
    const e = this.#one(depth)
    this.#space()
    return e
  }
  #one(depth: number): Expr {
    const c = this.#source[this.at] ?? ""
    if (c === '"') return { type: "literal", value: this.#quoted() }
    if (/[-\d]/.test(c)) {
      const written = /^-?[\d.eE+]*/.exec(this.#source.slice(this.at))?.[0] ?? ""
      const e = numeral(written)
      if (!e) this.stop(t("{written} is no number; other text goes in double quotes", { written }))
      this.at += written.length
      return e
    }
    const start = this.at
    const word = this.#word()
    if (word === "") this.stop(c === "" ? t("Something belongs here") : t("{sign} cannot stand here", { sign: c }))
    this.at += word.length
    if (word === "true" || word === "false") return { type: "literal", value: word === "true" }
    if (word === "null") return { type: "literal", value: null }
    if (this.#source[this.at] === "(") return this.#call(word, start, depth)
    return { type: "var", var: word + this.#steps() }
  }
  #quoted(): string {
    const m = /^"(?:[^"\\\n]|\\.)*"/.exec(this.#source.slice(this.at))
    if (!m) this.stop(t("This text has no closing quote"))
    try {
      const value = JSON.parse(m[0]) as string
      this.at += m[0].length
      return value
    } catch {
      this.stop(t("This text has an escape that there is not"))
    }
  }
  #steps(): string {
    let steps = ""
    for (;;) {
      const m = /^\.[A-Za-z_]\w*|^\[\s*(?:(\d+)|("(?:[^"\\]|\\.)*"))\s*\]/.exec(this.#source.slice(this.at))
      if (!m) break
      steps += m[1] !== undefined ? `[${m[1]}]` : m[2] !== undefined ? step(JSON.parse(m[2]) as string) : m[0]
      this.at += m[0].length
    }
    if (this.#source[this.at] === "." || this.#source[this.at] === "[") this.stop(t("A field name belongs after this"))
    return steps
  }
  #call(word: string, start: number, depth: number): Expr {
    const func = this.#library.func(word)
    if (!func && word !== "literal" && word !== "var") this.stop(t("There is no function {name}", { name: word }), start)
    this.at++
    const given: { name: string; at: number; expr: Expr }[] = []
    this.#space()
    while (this.#source[this.at] !== ")") {
      this.#space()
      const at = this.at
      const name = this.#word()
      let named = ""
      if (name) {
        const m = /^\s*=(?!=)/.exec(this.#source.slice(this.at + name.length))
        if (m) {
          named = name
          this.at += name.length + m[0].length
        }
      }
      given.push({ name: named, at, expr: this.expr(depth + 1) })
      if (this.#source[this.at] === ",") {
        this.at++
        this.#space()
        if (this.#source[this.at] === ")") this.stop(t("Something belongs here"))
        continue
      }
      if (this.#source[this.at] !== ")") this.stop(t("A comma or ) belongs here"))
    }
    this.at++
    if (!func) {
      const only = given[0]?.expr
      if (given.length !== 1 || only?.type !== word) this.stop(t("{name} takes one argument", { name: word }), start)
      return only
    }
    return this.#bind(func, given)
  }
  #bind(func: Func, given: { name: string; at: number; expr: Expr }[]): Call {
    const call: Call = { type: func.name }
    let position = 0
    let named = false
    for (const g of given) {
      let p: Param | undefined
      if (g.name) {
        named = true
        p = func.arguments.find((x) => x.name === g.name)
        if (!p) this.stop(t("{name} has no argument {argument}", { name: func.name, argument: g.name }), g.at)
        if (p.form === "expressions") this.stop(t("{argument} is not named: it takes as many as you like", { argument: g.name }), g.at)
      } else {
        if (named) this.stop(t("Arguments by position stand before those by name"), g.at)
        p = func.arguments[position]
        if (!p) this.stop(t("{name} takes no more arguments", { name: func.name }), g.at)
      }
      if (p.form === "expressions") {
        call[p.name] = [...((call[p.name] as Expr[]) ?? []), g.expr]
        continue
      }
      if (call[p.name] !== undefined) this.stop(t("{argument} is given twice", { argument: p.name }), g.at)
      if (p.form === "name") {
        const own = isVariable(g.expr) ? g.expr.var : isLiteral(g.expr) ? String(held(g.expr)) : ""
        if (!/^[A-Za-z_]\w*$/.test(own)) this.stop(t("{argument} is a name of your own, as line", { argument: p.name }), g.at)
        call[p.name] = own
      } else call[p.name] = g.expr
      if (!g.name) position++
    }
    return call
  }
}

// step is one step of a path, in brackets where the key is no name.
export function step(key: string | number): string {
  if (typeof key === "number") return `[${key}]`
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

// print writes an expression as a formula, without its "=". What is not there yet is left out.
export function print(e: Expr | undefined, library: Library): string {
  if (e === undefined) return ""
  if (isUnread(e)) return e.text.replace(/^=/, "")
  if (isLiteral(e)) {
    const value = held(e)
    return typeof value === "string" ? JSON.stringify(value) : String(value)
  }
  if (isVariable(e)) return e.var
  const parts: string[] = []
  const func = library.func(e.type)
  const declared =
    func?.arguments ??
    Object.keys(e)
      .filter((k) => k !== "type")
      .map((name) => ({ name, form: "expression", required: true }) as Param)
  let inOrder = true
  for (const p of declared) {
    const child = (e as Call)[p.name]
    if (child === undefined) {
      inOrder = false
      continue
    }
    if (p.form === "expressions" || Array.isArray(child)) {
      for (const item of child as Expr[]) parts.push(print(item, library))
      continue
    }
    const written = p.form === "name" || typeof child === "string" ? String(child) : print(child as Expr, library)
    const byName = !p.required || !inOrder
    if (byName) inOrder = false
    parts.push(byName && func ? `${p.name}=${written}` : written)
  }
  return `${e.type}(${parts.join(", ")})`
}

// A text that begins with "=" is written with one more, so that it is no formula.
export const escaped = (value: string): string => (value.startsWith("=") ? `=${value}` : value)
export const unescaped = (typed: string): string => (typed.startsWith("==") ? typed.slice(1) : typed)

// read takes what a spec holds at a place: a tree, or as fixes and people write it, a formula or a plain value.
export function read(given: unknown, library: Library): Expr | undefined {
  if (given === undefined) return undefined
  if (typeof given === "string") {
    if (!given.startsWith("=") || given.startsWith("==")) return { type: "literal", value: unescaped(given) }
    const parsed = parse(given.slice(1), library)
    return "expr" in parsed ? parsed.expr : { type: "formula", text: given }
  }
  if (typeof given === "number" || (typeof given === "object" && given !== null && "text" in given && !("type" in given)))
    return numeral(String(given)) ?? { type: "literal", value: null }
  if (typeof given === "boolean" || given === null) return { type: "literal", value: given }
  if (Array.isArray(given)) return { type: "formula", text: `=${JSON.stringify(given)}` }
  return given as Expr
}

// write is what a spec holds for an expression.
export function write(e: Expr | undefined): unknown {
  return isUnread(e) ? e.text : e
}

// Caret is what completion is about: the word before the caret, and the call it is an argument of.
export interface Caret {
  word: string // from its start to the caret: "event.us"
  from: number
  to: number // the end of the word, which may be after the caret
  call?: { name: string; argument: number; named?: string }
  inText: boolean // within quotes there is nothing to complete
}

export function caretIn(source: string, caret: number): Caret {
  const stack: { name: string; argument: number; named: string | undefined }[] = []
  let i = 0
  while (i < caret) {
    const c = source[i] ?? ""
    if (c === '"') {
      let end = i + 1
      while (end < source.length && source[end] !== '"') end += source[end] === "\\" ? 2 : 1
      // A key in brackets belongs to its path, and is no text.
      if (end >= caret && source[i - 1] !== "[") return { word: "", from: caret, to: caret, inText: true, ...callOf(stack) }
      i = end + 1
      continue
    }
    if (c === "(") {
      const name = /([A-Za-z_]\w*)$/.exec(source.slice(0, i))?.[1] ?? ""
      stack.push({ name, argument: 0, named: undefined })
    } else if (c === ")") stack.pop()
    else if (c === ",") {
      const top = stack.at(-1)
      if (top) {
        top.argument++
        top.named = undefined
      }
    } else if (c === "=") {
      const top = stack.at(-1)
      if (top) top.named = /([A-Za-z_]\w*)\s*$/.exec(source.slice(0, i))?.[1]
    }
    i++
  }
  const before = /[A-Za-z_](?:\w|\.|\[(?:\d*|"[^"]*"?)\]?)*$/.exec(source.slice(0, caret))?.[0] ?? ""
  const after = /^\w*/.exec(source.slice(caret))?.[0] ?? ""
  return { word: before, from: caret - before.length, to: caret + (before ? after.length : 0), inText: false, ...callOf(stack) }
}

function callOf(stack: { name: string; argument: number; named: string | undefined }[]): { call?: NonNullable<Caret["call"]> } {
  const top = stack.at(-1)
  return top?.name ? { call: { name: top.name, argument: top.argument, ...(top.named && { named: top.named }) } } : {}
}

// takenAt is what the place of the caret takes, as far as the library says.
export function takenAt(caret: Caret, library: Library): Param | undefined {
  const func = caret.call && library.func(caret.call.name)
  if (!func || !caret.call) return undefined
  if (caret.call.named) return func.arguments.find((p) => p.name === caret.call?.named)
  return func.arguments[Math.min(caret.call.argument, func.arguments.length - 1)]
}
