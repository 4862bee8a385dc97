// The spec as rows of a list: steps with their numbers, the branches they lie in, and notes as headings above them. A row
// has a fixed height, so that any part of a long list can be drawn without the rest.
import type { Detail } from "../api/client"
import type { SpecDiff } from "./api"
import { bodiesOf, casesOf, countOf, type Instruction, type ListRef, type Place, root, type Spec, stepAt, stepsById } from "./document"

interface Base {
  key: string
  depth: number // guides before it
  level: number // for screen readers, from 1
  top: number // pixels from the top of the list
  height: number
}

export interface StepRow extends Base {
  kind: "step"
  step: Instruction
  number: number
  list: ListRef
  index: number
  of: number // steps in its list
  block: boolean
  folded: boolean
}

// ArmRow heads a list within a step: then, else, a case.
export interface ArmRow extends Base {
  kind: "arm"
  owner: Instruction
  body: string // key of the list
  empty: boolean
  index: number
  of: number
  off: boolean
}

export interface NoteRow extends Base {
  kind: "note"
  text: string
}

export type Row = StepRow | ArmRow | NoteRow

export const heights = { step: 32, arm: 26, note: 28 } as const

export function rowsOf(spec: Spec, folded: ReadonlySet<string>): Row[] {
  const rows: Row[] = []
  let number = 0
  let top = 0
  const add = (row: Record<string, unknown> & { kind: Row["kind"] }) => {
    const height = heights[row.kind]
    rows.push({ ...row, top, height } as unknown as Row)
    top += height
  }
  const list = (steps: Instruction[], ref: ListRef, depth: number, level: number, off: boolean) => {
    for (const [index, step] of steps.entries()) {
      number++
      const bodies = bodiesOf(step)
      const shut = folded.has(step.id)
      if (step.note) add({ kind: "note", key: `${step.id}#`, depth, level, text: step.note })
      add({ kind: "step", key: step.id, depth, level, step, number, list: ref, index, of: steps.length, block: bodies.length > 0, folded: shut })
      if (shut) {
        number += countOf(step) - 1
        continue
      }
      const hushed = off || step.disabled === true
      for (const [i, body] of bodies.entries()) {
        // A loop has one list, which needs no heading unless there is nothing in it.
        const headed = body.key !== "body" || body.steps.length === 0
        const arm = { owner: step, body: body.key, empty: body.steps.length === 0, index: i, of: bodies.length, off: hushed }
        if (headed) add({ kind: "arm", key: `${step.id}:${body.key}`, depth: depth + 1, level: level + 1, ...arm })
        list(body.steps, { owner: step.id, key: body.key }, depth + 1, headed ? level + 2 : level + 1, hushed)
      }
    }
  }
  list(spec.instructions, root, 0, 1, false)
  return rows
}

// placeAfter is where a step goes that is added at a row: behind a step, or at the beginning of a branch.
export function placeAfter(row: Row | undefined, spec: Spec): Place {
  if (row?.kind === "step") return { ...row.list, index: row.index + 1 }
  if (row?.kind === "arm") return { owner: row.owner.id, key: row.body, index: 0 }
  return { ...root, index: spec.instructions.length }
}

// placeWithin is where a step goes that is added inside a row.
export function placeWithin(row: Row | undefined, spec: Spec): Place {
  const body = row?.kind === "step" ? bodiesOf(row.step)[0] : undefined
  return body && row?.kind === "step" ? { owner: row.step.id, key: body.key, index: body.steps.length } : placeAfter(row, spec)
}

// rowAt is the row at a height, by halving.
export function rowAt(rows: readonly Row[], y: number): number {
  let low = 0
  let high = rows.length - 1
  while (low < high) {
    const mid = (low + high + 1) >> 1
    if ((rows[mid]?.top ?? 0) <= y) low = mid
    else high = mid - 1
  }
  return low
}

export interface Drop {
  place: Place
  top: number
  depth: number
}

// dropAt is the place a pointer is over: above or below the middle of a row, and, behind the last step of a block, the
// further to the left the further out of it.
export function dropAt(rows: readonly Row[], spec: Spec, y: number, depth: number): Drop {
  const row = rows[rowAt(rows, y)]
  if (!row) return { place: { ...root, index: 0 }, top: 0, depth: 0 }
  const bottom = row.top + row.height
  if (row.kind === "arm") return { place: { owner: row.owner.id, key: row.body, index: 0 }, top: bottom, depth: row.depth }
  if (row.kind === "note") {
    const next = rows[rows.indexOf(row) + 1] as StepRow
    return { place: { ...next.list, index: next.index }, top: row.top, depth: row.depth }
  }
  if (y < row.top + row.height / 2) return { place: { ...row.list, index: row.index }, top: row.top, depth: row.depth }
  const body = row.folded ? undefined : bodiesOf(row.step)[0]
  if (body) return { place: { owner: row.step.id, key: body.key, index: 0 }, top: bottom, depth: row.depth + 1 }
  let at: { list: ListRef; index: number; of: number; depth: number } = row
  const index = stepsById(spec)
  while (at.depth > depth && at.index === at.of - 1 && at.list.owner !== undefined) {
    const owner = index.get(at.list.owner)
    if (!owner || bodiesOf(owner.step).at(-1)?.key !== at.list.key) break
    const siblings =
      owner.list.owner === undefined
        ? spec.instructions
        : bodiesOf(index.get(owner.list.owner)?.step as Instruction).find((b) => b.key === owner.list.key)?.steps
    at = { list: owner.list, index: owner.index, of: siblings?.length ?? 0, depth: owner.depth }
  }
  return { place: { ...at.list, index: at.index + 1 }, top: bottom, depth: at.depth }
}

// dropsOf are all places that dropAt gives, from top to bottom.
export function dropsOf(rows: readonly Row[], spec: Spec): Drop[] {
  const drops = new Map<string, Drop>()
  const add = (drop: Drop) => drops.set(`${drop.place.owner ?? ""} ${drop.place.key} ${drop.place.index}`, drop)
  for (const row of rows) {
    add(dropAt(rows, spec, row.top + 1, row.depth))
    for (let depth = row.depth; depth >= 0; depth--) add(dropAt(rows, spec, row.top + row.height - 1, depth))
  }
  return [...drops.values()].sort((a, b) => a.top - b.top || b.depth - a.depth)
}

export type Mark = "added" | "changed" | "moved"

// marksOf says which steps differ from the saved version.
export function marksOf(diff: SpecDiff | undefined): ReadonlyMap<string, Mark> {
  const marks = new Map<string, Mark>()
  for (const c of diff?.changes ?? [])
    if ((c.what === "instruction" || c.what === "case") && c.kind !== "removed")
      marks.set(c.id, c.kind === "added" && c.what === "case" ? "changed" : c.kind)
  return marks
}

// problemsOf groups problems by step; those of no step stand under "".
export function problemsOf(spec: Spec, problems: readonly Detail[]): ReadonlyMap<string, Detail[]> {
  const by = new Map<string, Detail[]>()
  for (const p of problems) {
    const id = p.instruction_id && stepsById(spec).has(p.instruction_id) ? p.instruction_id : (stepAt(spec, p.pointer ?? "")?.step.id ?? "")
    const there = by.get(id)
    if (there) there.push(p)
    else by.set(id, [p])
  }
  return by
}

// equalsOf is what a case is compared with.
export function equalsOf(step: Instruction, body: string): unknown[] {
  const m = /^cases\/(\d+)\//.exec(body)
  const equals = m ? casesOf(step)[Number(m[1])]?.equals : undefined
  return equals === undefined ? [] : Array.isArray(equals) ? equals : [equals]
}
