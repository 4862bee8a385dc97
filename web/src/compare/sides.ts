// What two runs of one delivery write, beside each other.
import type { DryRun } from "../spec/api"
import type { Step, V } from "../trace/api"
import { changesOf } from "../trace/model"
import { same } from "../trace/values"

export interface SideField {
  name: string
  left: V | undefined // undefined: this side does not set it
  right: V | undefined
}

export interface SideRecord {
  noun: string
  externalId: string
  left: boolean // this side writes it
  right: boolean
  fields: SideField[] // that differ
}

// differencesOf are the records of either side of which something differs.
export function differencesOf(left: Pick<DryRun, "trace"> | undefined, right: Pick<DryRun, "trace"> | undefined): SideRecord[] {
  const [a, b] = [writtenBy(left?.trace?.steps), writtenBy(right?.trace?.steps)]
  const found: SideRecord[] = []
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [l, r] = [a.get(key), b.get(key)]
    const one = (l ?? r) as Written
    const names = new Set([...(l?.fields.keys() ?? []), ...(r?.fields.keys() ?? [])])
    const fields = [...names]
      .map((name) => ({ name, left: l?.fields.get(name), right: r?.fields.get(name) }))
      .filter((f) => (f.left === undefined) !== (f.right === undefined) || !same(f.left, f.right))
    if (!l || !r || fields.length > 0)
      found.push({ noun: one.noun, externalId: one.externalId, left: l !== undefined, right: r !== undefined, fields })
  }
  return found
}

interface Written {
  noun: string
  externalId: string
  fields: Map<string, V>
}

function writtenBy(steps: Step[] | undefined): Map<string, Written> {
  const all = new Map<string, Written>()
  for (const { step } of changesOf({ steps: steps ?? [] })) {
    if (!step?.record || step.undone || step.state === "failed") continue
    const key = `${step.record.noun} ${step.record.external_id}`
    const one = all.get(key) ?? { noun: step.record.noun, externalId: step.record.external_id, fields: new Map<string, V>() }
    for (const f of step.record.fields_after ?? []) one.fields.set(f.name, f.value)
    all.set(key, one)
  }
  return all
}
