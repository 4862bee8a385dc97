// What can be read at a place, as entries of a picker: the names that are visible, and the fields within them, with what
// is known of each from the chosen trace and from the last deliveries; and how well each fits.
import { type Func, type Library, wanted } from "../library/library"
import { t } from "../text"
import type { V } from "../trace/api"
import { isObject } from "../trace/values"
import { step } from "./formula"
import { type Call, type Expr, held, isCall, isLiteral, isVariable, literalType } from "./tree"
import { below, fits, isPersonal, type Kind, type Type, typeWord } from "./types"

export type Origin = "model" | "enrichment" | "constant" | "result" | "item"

// Name is one that is visible at a place.
export interface Name {
  name: string
  type: Type
  origin: Origin
  note?: string | undefined // where it comes from: "step 4"
  data?: string | undefined // where in a delivery it is, as samples write it; undefined: it is none of it
}

// Sample is what the last deliveries had at a path: "lines[].sku".
export interface Sample {
  path: string
  around: number
  present: number
  kinds: Record<string, number>
  distinct: number
  examples: string[]
  looks?: { look: string }[] // what its texts look like, the most frequent first
}

export interface Entry {
  path: string // as a formula reads it
  type: Type
  origin: Origin
  depth: number // fields within names
  note?: string | undefined
  example?: V | undefined // of the chosen trace
  sample?: Sample | undefined
}

const deepest = 6

// entriesOf are the names and all that can be read within them.
export function entriesOf(names: readonly Name[], samples: readonly Sample[], values: ReadonlyMap<string, V>): Entry[] {
  const byParent = new Map<string, Sample[]>()
  for (const s of samples) {
    const [parent] = split(s.path)
    byParent.set(parent, [...(byParent.get(parent) ?? []), s])
  }
  const entries: Entry[] = []
  const add = (entry: Entry, data: string | undefined) => {
    entries.push(entry)
    if (entry.depth >= deepest) return
    const fields = entry.type.fields ?? []
    for (const f of fields) {
      const inner = data === undefined ? undefined : data === "" ? f.name : `${data}.${f.name}`
      add(
        {
          path: entry.path + step(f.name),
          type: f.type,
          origin: entry.origin,
          depth: entry.depth + 1,
          note: entry.note,
          example: isObject(entry.example) ? entry.example[f.name] : undefined,
          sample: inner === undefined ? undefined : byParent.get(data ?? "")?.find((s) => s.path === inner),
        },
        inner,
      )
    }
    if (entry.type.kind !== "any" || data === undefined) return
    const known = new Set(fields.map((f) => f.name))
    for (const sample of byParent.get(data) ?? []) {
      const [, key] = split(sample.path)
      if (key === "[]" || known.has(key)) continue
      add(
        {
          path: entry.path + step(key),
          type: personalSample(sample) ? { kind: "any", personal: { whole: true } } : below(entry.type, key),
          origin: entry.origin,
          depth: entry.depth + 1,
          note: entry.note,
          example: isObject(entry.example) ? entry.example[key] : undefined,
          sample,
        },
        sample.path,
      )
    }
  }
  for (const n of names)
    add({ path: n.name, type: n.type, origin: n.origin, depth: 0, note: n.note, example: values.get(n.name), sample: undefined }, n.data)
  return entries
}

// split takes the last key off a path of a sample; of an item of a list it is "[]".
function split(path: string): [string, string] {
  if (path.endsWith("[]")) return [path.slice(0, -2), "[]"]
  const m = /^(.*?)\.?((?:[^.[\]]|\["(?:[^"\\]|\\.)*"\])+)$/.exec(path)
  const key = m?.[2] ?? path
  return [m?.[1] ?? "", key.startsWith('["') ? (JSON.parse(key.slice(1, -1)) as string) : key]
}

const personalSample = (s: Sample): boolean => (s.kinds.personal ?? 0) > 0

// observed is the type the last deliveries, or the chosen one, had at a path without a schema, where they agree.
export function observed(entry: Entry): Type {
  const { type, sample, example } = entry
  if (type.kind !== "any") return type
  if (!sample) {
    const kind = example === undefined || example === null ? undefined : Array.isArray(example) ? "array" : isObject(example) ? "object" : undefined
    return kind ? { ...type, kind } : type
  }
  const seen = Object.entries(sample.kinds).filter(([kind, times]) => kind !== "null" && times > 0)
  const kind = seen.length === 1 ? kinds[seen[0]?.[0] ?? ""] : undefined
  return kind ? { ...type, kind } : type
}

const kinds: Record<string, Kind> = { text: "string", number: "number", boolean: "boolean", list: "array", object: "object", personal: "personal" }

// fillRate is how often a value was there where it could have been, of 1; undefined: nothing was looked at.
export function fillRate(entry: Entry): number | undefined {
  const s = entry.sample
  return s && s.around > 0 ? Math.max(0, s.present - (s.kinds.null ?? 0)) / s.around : undefined
}

export type Fit = { how: "fits" } | { how: "converts"; func: Func; why: string } | { how: "not"; why: string }

// fitOf says how an entry can go where something is asked for: as it is, through a function, or not, and why.
export function fitOf(entry: Entry, want: Type, library: Library): Fit {
  const seen = observed(entry)
  if (fits(entry.type, want) && (seen === entry.type || fits(seen, want))) return { how: "fits" }
  const personal = isPersonal(entry.type)
  const why = personal
    ? t("Personal data of a customer: only a pseudonym of it may go here")
    : t("This is {got}, and {want} is asked for", { got: typeWord(seen), want: typeWord(want) })
  const func = personal ? pseudonymizer(library, want) : converter(library, seen, want)
  return func ? { how: "converts", func, why } : { how: "not", why }
}

// converter is the function that makes a value of one type out of one of another and asks for nothing else: one that
// reads, and has a way out where it cannot, or for text one that joins.
export function converter(library: Library, from: Type, want: Type): Func | undefined {
  const kind = from.kind === "any" ? "string" : from.kind
  const to = want.kind === "one_of" && want.among?.includes("string") ? "string" : want.kind
  return library.functions.find((f) => {
    const [first, ...rest] = f.arguments
    if (!first || f.result?.kind !== to || rest.some((p) => p.required) || !made(wanted(first), kind)) return false
    return to === "string" ? first.form === "expressions" : !f.result.optional && rest.some((p) => p.name === "default")
  })
}

const made = (want: Type, kind: string): boolean => want.kind === kind || (want.among?.includes(kind) ?? false)

// pseudonymizer is the function that takes a personal value and gives plain text.
export function pseudonymizer(library: Library, want: Type): Func | undefined {
  if (!fits({ kind: "string" }, want)) return undefined
  return library.functions.find((f) => {
    const first = f.arguments[0]
    return first?.type?.among?.includes("personal") === true && f.result?.kind === "string"
  })
}

// reader is the function that reads what is asked for out of text a person can type: how a moment is a literal.
export const reader = (library: Library, want: Type): Func | undefined =>
  want.kind === "datetime" ? converter(library, { kind: "string" }, want) : undefined

// typeOf is what an expression gives, as far as that can be told without the server.
export function typeOf(e: Expr | undefined, names: readonly Name[], library: Library): Type {
  if (e === undefined) return { kind: "unknown" }
  if (isLiteral(e)) return literalType(e)
  if (isVariable(e)) return typeAt(e.var, names)
  if (!isCall(e)) return { kind: "unknown" }
  const func = library.func(e.type)
  const result = func?.result
  if (!func || !result) return { kind: "unknown" }
  if (!result.variable && !result.elem?.variable) return result
  const name = result.variable ?? result.elem?.variable
  for (const p of func.arguments) {
    const of =
      p.type?.variable === name ? (x: Type) => x : p.type?.elem?.variable === name ? (x: Type) => x.elem ?? { kind: "any" as const } : undefined
    if (!of || e[p.name] === undefined) continue
    const given = Array.isArray(e[p.name]) ? (e[p.name] as Expr[])[0] : (e[p.name] as Expr)
    const bound = of(typeOf(given, p.inner ? within(e, func, names, library) : names, library))
    return result.elem ? { ...result, elem: bound } : { ...bound, optional: result.optional || bound.optional || false }
  }
  return { kind: "unknown" }
}

// typeAt is the type a path leads to.
export function typeAt(path: string, names: readonly Name[]): Type {
  const root = /^[A-Za-z_]\w*/.exec(path)?.[0] ?? ""
  let type: Type | undefined = names.find((n) => n.name === root)?.type
  for (const m of path.slice(root.length).matchAll(/\.([A-Za-z_]\w*)|\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\]/g)) {
    if (!type || type.kind === "unknown") return { kind: "unknown" }
    if (type.kind === "any") type = below(type, m[2] !== undefined ? Number(m[2]) : (m[1] ?? m[3] ?? ""))
    else if (m[2] !== undefined) type = type.elem && { ...type.elem, optional: true }
    else type = type.fields?.find((f) => f.name === (m[1] ?? m[3]))?.type
  }
  return type ?? { kind: "unknown" }
}

// within are the names visible in the inner arguments of a call: those around it, and the ones it binds itself.
export function within(call: Call, func: Func, names: readonly Name[], library: Library): Name[] {
  const own: Name[] = []
  for (const p of func.arguments) {
    if (p.form !== "name" || typeof call[p.name] !== "string") continue
    const list = p.item_of ? (call[p.item_of] as Expr | undefined) : undefined
    const type: Type = p.item_of ? (typeOf(list, names, library).elem ?? { kind: "any" }) : { kind: "number" }
    own.push({ name: call[p.name] as string, type, origin: "item", data: list && dataOf(list, names, "[]") })
  }
  return [...own, ...names]
}

// dataOf is where in a delivery a path reads, as samples write it.
export function dataOf(e: Expr, names: readonly Name[], more = ""): string | undefined {
  if (!isVariable(e)) return undefined
  const root = /^[A-Za-z_]\w*/.exec(e.var)?.[0] ?? ""
  const from = names.find((n) => n.name === root)?.data
  if (from === undefined) return undefined
  const rest = e.var.slice(root.length).replace(/\[\d+\]/g, "[]")
  return (from === "" ? rest.replace(/^\./, "") : from + rest) + more
}

// namesAt are the names visible at a place within an expression.
export function namesAt(e: Expr | undefined, path: readonly (string | number)[], names: readonly Name[], library: Library): readonly Name[] {
  let here: unknown = e
  let seen = names
  for (const key of path) {
    if (isCall(here as Expr) && typeof key === "string") {
      const call = here as Call
      const func = library.func(call.type)
      if (func?.arguments.find((p) => p.name === key)?.inner) seen = within(call, func, seen, library)
    }
    here = (here as Record<string | number, unknown> | undefined)?.[key]
  }
  return seen
}

// looksPersonal is whether a value must not be shown: the type says it, or the deliveries had it replaced at the door.
export const isHidden = (entry: Entry): boolean => isPersonal(entry.type)

// literalWords is a literal as a person reads it within a sentence.
export function literalWords(e: Expr): string {
  if (!isLiteral(e)) return ""
  const value = held(e)
  if (value === null) return t("empty")
  return typeof value === "string" ? `“${value}”` : String(value)
}
