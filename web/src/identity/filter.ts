import { api, given, page, thing } from "../api/client"
import type { FindFilter } from "../list/filters"
import type { IdentityFilters } from "./api"

const nameOf = (x: { external_id: string; external_name: string }) => x.external_name || x.external_id

// identityFilter narrows a list to what names an external identity.
export function identityFilter(kind: string, label: string): FindFilter {
  return {
    key: `${kind}_identity_id`,
    label,
    more: true,
    find: {
      search: async (text, signal) => {
        const query = given({ kind: kind as IdentityFilters["kind"], search: text || undefined, per_page: 30 })
        const found = await page(api.GET("/v1/identities", { params: { query }, signal }))
        return found.rows.map((x) => ({ id: x.id, name: nameOf(x), note: x.provider_name }))
      },
      one: async (id, signal) => nameOf(await thing(api.GET("/v1/identities/{id}", { params: { path: { id } }, signal }))),
    },
  }
}
