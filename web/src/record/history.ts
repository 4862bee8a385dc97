import type { V } from "../trace/api"
import type { AnyRecord, Change } from "./api"

export interface ChangedField {
  name: string
  before: V
  after: V
}

// The journal holds what was there before a change. What was there after it is what the next change found, or what the
// record holds now.
export function withAfter(record: AnyRecord, newestFirst: Change[]): { change: Change; fields: ChangedField[] }[] {
  const next = new Map<string, V>()
  return newestFirst.map((change) => {
    const fields = change.fields.map(({ name, before }) => ({ name, before, after: next.has(name) ? (next.get(name) ?? null) : holds(record, name) }))
    for (const f of fields) next.set(f.name, f.before)
    return { change, fields }
  })
}

// has says whether records of its kind have a field of the journal at all.
export function has(record: AnyRecord, name: string): boolean {
  return wholeOf(name) in record
}

function wholeOf(name: string): string {
  return /^(.+)_external_identity$/.exec(name)?.[1] ?? name.split(".", 1)[0] ?? name
}

// holds is what a record holds in a field of the journal: an identity is its id there, and energy_meta has parts.
export function holds(record: AnyRecord, name: string): V {
  const all = record as unknown as Record<string, V>
  const part = name.endsWith("_external_identity") ? "identity_id" : name.split(".", 2)[1]
  const value = all[wholeOf(name)] ?? null
  return part === undefined || value === null ? value : ((value as Record<string, V>)[part] ?? null)
}
