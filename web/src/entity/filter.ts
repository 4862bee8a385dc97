import { api, given, page, thing } from "../api/client"
import type { FindFilter } from "../list/filters"
import { entityKinds } from "./kinds"

// entityFilter narrows a list to what counts for an agent, team, project …, found by its name.
export function entityFilter(kind: string, more = false): FindFilter {
  const of = entityKinds.find((k) => k.id === kind)
  const path = of?.path ?? "agents"
  return {
    key: `${kind}_id`,
    label: of?.one ?? kind,
    more,
    find: {
      search: async (text, signal) => {
        const found = await page(
          api.GET(`/v1/${path}`, { params: { query: given({ search: text || undefined, per_page: 30, sort: "name" }) }, signal }),
        )
        return found.rows.map((e) => ({ id: e.id, name: e.name }))
      },
      one: async (id, signal) => (await thing(api.GET(`/v1/${path}/{id}`, { params: { path: { id } }, signal }))).name,
    },
  }
}
