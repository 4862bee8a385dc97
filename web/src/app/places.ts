import type { Of } from "../api/client"
import { entityKinds } from "../entity/kinds"
import { kinds } from "../record/kinds"
import type { IconName } from "../ui/icons"

export type Found = Of<"Found">

interface Place {
  icon: IconName
  to: string
  search?: Record<string, string>
}

const places: Record<string, (x: Found) => Place> = {
  provider: (x) => ({ icon: "plug", to: `/providers/${x.id}` }),
  source: (x) => ({ icon: "inbox", to: `/providers/${x.provider_id}`, search: { source: x.id } }),
  processor: (x) => ({ icon: "flow", to: `/processors/${x.id}` }),
  execution: (x) => ({ icon: "runs", to: `/executions/${x.id}` }),
  source_execution: (x) => ({ icon: "inbox", to: "/source-executions", search: { call: x.id } }),
  undo: (x) => ({ icon: "undo", to: `/undos/${x.id}` }),
  delivery: (x) => ({ icon: "envelope", to: `/deliveries/${x.id}` }),
}

// placeOf is where a thing is shown.
export function placeOf(x: Found): Place | undefined {
  const known = places[x.noun]
  if (known) return known(x)
  const record = kinds.find((k) => k.id === x.noun)
  if (record) return { icon: record.icon, to: `/records/${record.path}/${x.id}` }
  const entity = entityKinds.find((k) => k.id === x.noun)
  if (entity) return { icon: entity.icon, to: `/${entity.path}/${x.id}` }
  const kind = entityKinds.find((k) => `${k.id}_identity` === x.noun)
  if (kind) return { icon: kind.icon, to: "/identities", search: { id: x.id, kind: kind.id, search: x.external_id ?? "" } }
}
