// Quick fixes of the problems of a spec: one, or all of a kind at once.
import type { Detail } from "../api/client"
import { type Spec, withValue } from "./document"

export interface Fix {
  title: string
  edits?: { op: string; path: string; from?: string; value?: unknown }[]
}

export const fixOf = (p: Detail): Fix | undefined => {
  const fix = p.fix as Fix | undefined
  return fix?.edits && fix.edits.length > 0 ? fix : undefined
}

// fixesOf are all of which one may be meant, the likeliest first.
export const fixesOf = (p: Detail): Fix[] => {
  const fix = fixOf(p)
  return fix ? [fix, ...((p as { others?: Fix[] }).others ?? [])] : []
}

// mended makes one fix of what was checked.
export const mended = (spec: Spec, fix: Fix): Spec => fixed(spec, fix.edits ?? [])

// fixed makes the edits of a quick fix, as the server gives them: like a JSON Patch, with the renaming of keys as a move.
function fixed(spec: Spec, edits: readonly { op: string; path: string; from?: string; value?: unknown }[]): Spec {
  return edits.reduce((s, e) => {
    const path = e.path
      .slice(1)
      .split("/")
      .map((k) => k.replaceAll("~1", "/").replaceAll("~0", "~"))
    const key = path.at(-1) ?? ""
    const around = path.slice(0, -1)
    let holder: unknown = s
    for (const k of around) holder = (holder as Record<string, unknown> | undefined)?.[k]
    if (Array.isArray(holder)) {
      const items = [...holder]
      items.splice(Number(key), e.op === "add" ? 0 : 1, ...(e.op === "remove" ? [] : [e.value]))
      return deep(s, around, items)
    }
    if (e.op === "move") {
      const from = e.from?.split("/").at(-1) ?? ""
      const renamed = Object.fromEntries(Object.entries((holder ?? {}) as object).map(([k, v]) => [k === from ? key : k, v]))
      return deep(s, around, renamed)
    }
    return deep(s, path, e.op === "remove" ? undefined : e.value)
  }, spec)
}

const deep = (spec: Spec, path: string[], value: unknown): Spec => withValue(spec, path, value)

// ofAKind are the fixes of the problems of each kind of which there are several, in the order they can be made in: each is
// of the spec as it was checked, so what stands last is mended first, and of two that touch one place the first alone.
export function ofAKind(problems: readonly Detail[]): Map<string, Fix[]> {
  const kinds = new Map<string, Fix[]>()
  for (const p of problems) {
    const fix = fixOf(p)
    if (!fix) continue
    const all = kinds.get(p.code) ?? []
    if (!all.some((other) => touch(other, fix))) kinds.set(p.code, [...all, fix])
  }
  for (const [code, all] of kinds) {
    if (all.length < 2) kinds.delete(code)
    else all.sort((a, b) => compare(last(b), last(a)))
  }
  return kinds
}

const places = (fix: Fix): string[] => (fix.edits ?? []).flatMap((e) => (e.from ? [e.path, e.from] : [e.path]))
const last = (fix: Fix): string => places(fix).reduce((a, b) => (compare(a, b) > 0 ? a : b))
const touch = (a: Fix, b: Fix): boolean => places(a).some((x) => places(b).some((y) => x === y || x.startsWith(`${y}/`) || y.startsWith(`${x}/`)))

// compare puts places in the order of the document; what is within another comes after it.
function compare(a: string, b: string): number {
  const [x, y] = [a.split("/"), b.split("/")]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p, q] = [x[i] as string, y[i] as string]
    if (p === q) continue
    const byNumber = Number(p) - Number(q)
    return Number.isNaN(byNumber) ? (p < q ? -1 : 1) : byNumber
  }
  return x.length - y.length
}
