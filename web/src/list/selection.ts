// What is picked in a list. Picking a range goes from the row that was picked last.
export interface Selection {
  ids: ReadonlySet<string>
  anchor: string | undefined
}

export const nothing: Selection = { ids: new Set(), anchor: undefined }

export function toggle(s: Selection, id: string): Selection {
  const ids = new Set(s.ids)
  if (!ids.delete(id)) ids.add(id)
  return { ids, anchor: id }
}

// upTo picks every row between the anchor and one, in the order of the list.
export function upTo(s: Selection, order: readonly string[], id: string): Selection {
  const from = s.anchor === undefined ? -1 : order.indexOf(s.anchor)
  const to = order.indexOf(id)
  if (from < 0 || to < 0) return { ids: new Set([...s.ids, id]), anchor: id }
  return { ids: new Set([...s.ids, ...order.slice(Math.min(from, to), Math.max(from, to) + 1)]), anchor: s.anchor }
}

export function every(order: readonly string[]): Selection {
  return { ids: new Set(order), anchor: order[0] }
}
