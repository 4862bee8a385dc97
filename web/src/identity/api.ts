import { type InfiniteData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page, thing } from "../api/client"

export type Identity = Of<"Identity", { entity: Of<"Named"> | null }>
export type Reason = Of<"LikenessReason">
export type Suggestion = Of<"Suggestion", { entity: Of<"Named">; team: Of<"Named"> | null; reasons: Reason[] }>
export type Standing = Of<"Standing", { match: Suggestion | null }>
export type Moving = Of<"MovingKind">
export type Change = Of<"IdentityChange">
export type Changed = Of<"Changed", { before: Identity | null; after: Identity | null }>
export type LinkChange = Of<"LinkChange", { from: Of<"Named"> | null; to: Of<"Named"> | null }>

export type IdentityFilters = FiltersOf<"/v1/identities">

export const identitiesQuery = (filters: IdentityFilters) =>
  queryOptions({
    queryKey: ["identities", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/identities", { params: { query: given(filters) }, signal })) as Promise<Page<Identity>>,
  })

export const identityQuery = (id: string) =>
  queryOptions({
    queryKey: ["identities", "one", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/identities/{id}", { params: { path: { id } }, signal })) as Promise<Identity>,
  })

export const standingOf = (ids: string[], signal?: AbortSignal) =>
  thing(api.GET("/v1/identities/standing", { params: { query: { ids } }, ...(signal && { signal }) })) as Promise<Standing[]>

export const standingQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ["identities", "standing", ids],
    queryFn: ({ signal }) => standingOf(ids, signal),
    staleTime: 60_000,
  })

export const suggestionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["identities", "suggestions", id],
    queryFn: async ({ signal }) => {
      const of = await thing(api.GET("/v1/identities/{id}/suggestions", { params: { path: { id } }, signal }))
      return of as unknown as { suggestions: Suggestion[]; team: Of<"Named"> | null }
    },
  })

export const movingQuery = (id: string, entityId: string | undefined) =>
  queryOptions({
    queryKey: ["identities", "moving", id, entityId],
    queryFn: async ({ signal }) => {
      const query = given({ entity_id: entityId })
      const of = await thing(api.GET("/v1/identities/{id}/records", { params: { path: { id }, query }, signal }))
      return of as unknown as { first_seen: Of<"Maker">; kinds: Moving[]; latest: Of<"NamingRecordOut">[] }
    },
  })

export const linkHistoryQuery = (id: string) =>
  queryOptions({
    queryKey: ["identities", "history", id],
    queryFn: ({ signal }) =>
      page(api.GET("/v1/identities/{id}/history", { params: { path: { id }, query: {} }, signal })) as unknown as Promise<Page<LinkChange>>,
  })

const most = 500 // changes of one call

// useIdentityChanges does one thing or many, and says what came of each. Who changed leaves the lists that are on the screen
// at once; a list that somebody comes to is asked again.
export function useIdentityChanges() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ changes, told }: { changes: Change[]; told?: (done: number) => void }) => {
      const all: Changed[] = []
      for (let at = 0; at < changes.length; at += most) {
        const part = changes.slice(at, at + most)
        all.push(...((await thing(api.POST("/v1/identities/changes", { body: { changes: part } }))) as unknown as Changed[]))
        told?.(all.length)
      }
      return all
    },
    onSuccess: (all) => {
      const gone = new Set(all.filter((c) => c.done).map((c) => c.id))
      queries.setQueriesData<InfiniteData<Page<Identity>>>({ queryKey: ["identities", "inbox"], type: "active" }, (was) => was && without(was, gone))
      queries.invalidateQueries({ queryKey: ["identities", "inbox"], refetchType: "none" })
      queries.invalidateQueries({ queryKey: ["identities"], predicate: (q) => q.queryKey[1] !== "inbox" && q.queryKey[1] !== "standing" })
      for (const key of ["entities", "records"]) queries.invalidateQueries({ queryKey: [key] })
    },
  })
}

function without(was: InfiniteData<Page<Identity>>, gone: Set<string>): InfiniteData<Page<Identity>> {
  let taken = 0
  const pages = was.pages.map((p) => {
    const rows = p.rows.filter((r) => !gone.has(r.id))
    taken += p.rows.length - rows.length
    return { ...p, rows }
  })
  return {
    ...was,
    pages: pages.map((p) => (p.meta.total === undefined ? p : { ...p, meta: { ...p.meta, total: p.meta.total - taken } })),
  }
}
