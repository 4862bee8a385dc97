import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page, thing } from "../api/client"

export type Identity = Of<"Identity", { entity: Of<"Named"> | null }>

export type IdentityFilters = FiltersOf<"/v1/identities">

export const identitiesQuery = (filters: IdentityFilters) =>
  queryOptions({
    queryKey: ["identities", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/identities", { params: { query: given(filters) }, signal })) as Promise<Page<Identity>>,
  })

export function useIdentityActions() {
  const queries = useQueryClient()
  // Linking changes who records count for, so lists of those are asked again, too.
  const onSuccess = () => {
    for (const key of ["identities", "entities", "records"]) queries.invalidateQueries({ queryKey: [key] })
  }
  const path = (id: string) => ({ params: { path: { id } } })
  return {
    link: useMutation({
      mutationFn: ({ id, entityId }: { id: string; entityId: string }) =>
        thing(api.POST("/v1/identities/{id}/link", { ...path(id), body: { entity_id: entityId } })),
      onSuccess,
    }),
    create: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => thing(api.POST("/v1/identities/{id}/link-new", { ...path(id), body: { name } })),
      onSuccess,
    }),
    unlink: useMutation({ mutationFn: (id: string) => thing(api.POST("/v1/identities/{id}/unlink", path(id))), onSuccess }),
    ignore: useMutation({ mutationFn: (id: string) => thing(api.POST("/v1/identities/{id}/ignore", path(id))), onSuccess }),
    unignore: useMutation({ mutationFn: (id: string) => thing(api.POST("/v1/identities/{id}/unignore", path(id))), onSuccess }),
  }
}
