import type { RecordFilters } from "../record/api"
import { kinds } from "../record/kinds"
import type { EntityKind } from "./kinds"

// Which filter of a list of records narrows it to an entity of a kind, and which kinds of records have it.
const filters: Record<string, { by: keyof RecordFilters; has: (kind: (typeof kinds)[number]) => boolean }> = {
  agent: { by: "agent_id", has: (k) => k.agents },
  proposition: { by: "proposition_id", has: (k) => k.id === "sale" },
  project: { by: "project_id", has: () => true },
  segment: { by: "segment_id", has: () => true },
}

// countable are the lists of records that can be narrowed to an entity.
export function countable(kind: EntityKind, id: string, switchedOn: readonly string[]) {
  const filter = filters[kind.id]
  if (!filter) return []
  return kinds
    .filter((k) => switchedOn.includes(k.id) && filter.has(k))
    .map((k) => ({ kind: k, by: filter.by, filters: { [filter.by]: id } as RecordFilters }))
}
