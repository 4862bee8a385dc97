// The edits of a quick fix, made in the document: as JSON Patch does, within one object for a move.
import type { Fix } from "../expression/world"
import { type Spec, splitPointer, withIds } from "../spec/document"

export function applyFix(spec: Spec, fix: Fix): Spec {
  return withIds(fix.edits.reduce<unknown>((tree, e) => edited(tree, splitPointer(e.path), e), spec) as Spec)
}

function edited(tree: unknown, path: string[], e: Fix["edits"][number]): unknown {
  const [key, ...rest] = path
  if (key === undefined) return e.op === "replace" ? e.value : tree
  if (Array.isArray(tree)) {
    const list = [...tree]
    const at = key === "-" ? list.length : Number(key)
    if (rest.length > 0) list[at] = edited(list[at], rest, e)
    else if (e.op === "add") list.splice(at, 0, e.value)
    else if (e.op === "remove") list.splice(at, 1)
    else list[at] = e.value
    return list
  }
  if (typeof tree !== "object" || tree === null) return tree
  const object = tree as Record<string, unknown>
  if (rest.length > 0) return { ...object, [key]: edited(object[key], rest, e) }
  if (e.op === "remove") {
    const { [key]: _gone, ...left } = object
    return left
  }
  if (e.op === "move") {
    const from = splitPointer(e.from ?? "").at(-1) ?? ""
    return Object.fromEntries(Object.entries(object).map(([k, v]) => [k === from ? key : k, v]))
  }
  return { ...object, [key]: e.value }
}
