import type { Of } from "../api/client"

// waysBack says how each change of a record can be taken back from the record, the newest change first: by an undo, where an
// undo made it by taking that back ("redo"), or not, since it is undone already.
export type WayBack = "undo" | "redo" | "undone" | undefined

export function waysBack(newestFirst: readonly Of<"Maker">[]): WayBack[] {
  const redone = new Set<string>()
  const undone = new Set<string>()
  const of = (by: Of<"Maker">) => by.execution_id ?? by.delivery_id
  return newestFirst.map((by) => {
    if (by.redoes_id) redone.add(by.redoes_id)
    const what = of(by)
    if (!what || by.rekey_id || by.redoes_id) return undefined
    if (!by.undo_id) return undone.has(what) ? "undone" : "undo"
    if (redone.has(by.undo_id)) return "undone"
    undone.add(what)
    return "redo"
  })
}
