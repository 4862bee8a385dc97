import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type Of, page, thing } from "../api/client"

export type Source = Of<"Source">

export const sourcesQuery = (providerId: string) =>
  queryOptions({
    queryKey: ["sources", providerId],
    queryFn: ({ signal }) => page(api.GET("/v1/providers/{id}/sources", { params: { path: { id: providerId }, query: { per_page: 100 } }, signal })),
  })

// All sources of the tenant, for filters.
export const allSourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: ({ signal }) => page(api.GET("/v1/sources", { params: { query: { per_page: 100 } }, signal })),
})

export const sourceQuery = (id: string) =>
  queryOptions({ queryKey: ["source", id], queryFn: ({ signal }) => thing(api.GET("/v1/sources/{id}", { params: { path: { id } }, signal })) })

export const dependentsQuery = (id: string) => ({
  queryKey: ["source", id, "dependents"] as const,
  queryFn: () => thing(api.GET("/v1/sources/{id}/dependents", { params: { path: { id } } })),
})

export function useSourceActions() {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["sources", "source", "links", "processors", "processor"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({
      mutationFn: ({ providerId, ...body }: { providerId: string } & Of<"SourceInputBody">) =>
        thing(api.POST("/v1/providers/{id}/sources", { params: { path: { id: providerId } }, body })),
      onSuccess,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => thing(api.PATCH("/v1/sources/{id}", { params: { path: { id } }, body: { name } })),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => done(api.DELETE("/v1/sources/{id}", { params: { path: { id }, query: { confirm: true } } })),
      onSuccess,
    }),
  }
}
