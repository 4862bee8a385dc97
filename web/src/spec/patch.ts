// What is different between two trees, small enough to keep two hundred of in the browser's storage, and good both ways.
import { Exact } from "../api/exact"

type Path = (string | number)[]

// Change puts "now" where "was" stood. With at, it is about items of the list at the path.
export interface Change {
  path: Path
  at?: number
  was?: unknown
  now?: unknown
}

export type Patch = Change[]

const isObject = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v) && !(v instanceof Exact)

export function difference(was: unknown, now: unknown, path: Path = []): Patch {
  if (was === now) return []
  if (Array.isArray(was) && Array.isArray(now)) {
    if (was.length === now.length) return was.flatMap((v, i) => difference(v, now[i], [...path, i]))
    let head = 0
    while (head < was.length && head < now.length && was[head] === now[head]) head++
    let tail = 0
    while (tail < was.length - head && tail < now.length - head && was[was.length - 1 - tail] === now[now.length - 1 - tail]) tail++
    return [{ path, at: head, was: was.slice(head, was.length - tail), now: now.slice(head, now.length - tail) }]
  }
  if (isObject(was) && isObject(now)) {
    const keys = new Set([...Object.keys(was), ...Object.keys(now)])
    return [...keys].flatMap((k) => difference(was[k], now[k], [...path, k]))
  }
  return [{ path, ...(was !== undefined && { was }), ...(now !== undefined && { now }) }]
}

// applied makes the changes of a patch, or with "back" takes them back.
export function applied<T>(tree: T, patch: Patch, back = false): T {
  const changes = back ? [...patch].reverse() : patch
  return changes.reduce<unknown>((t, c) => at(t, c.path, c, back), tree) as T
}

function at(tree: unknown, path: Path, c: Change, back: boolean): unknown {
  const [key, ...rest] = path
  if (key === undefined) {
    if (c.at === undefined) return back ? c.was : c.now
    const items = [...(tree as unknown[])]
    const [gone, come] = (back ? [c.now, c.was] : [c.was, c.now]) as [unknown[], unknown[]]
    items.splice(c.at, gone.length, ...come)
    return items
  }
  if (Array.isArray(tree)) {
    const items = [...tree]
    items[Number(key)] = at(items[Number(key)], rest, c, back)
    return items
  }
  const { [key]: old, ...others } = tree as Record<string | number, unknown>
  const made = at(old, rest, c, back)
  return made === undefined ? others : { ...(tree as object), [key]: made }
}
