import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type Of, page, thing } from "../api/client"
import type { Declared } from "../ui/DeclaredForm"

export type ProviderKey = Of<"ProviderKey">
export type Provider = Of<"Provider"> // api_key only in the answer that made it
export type ProviderType = Of<"ProviderType", { fields: Declared[]; sources: SourceType[] }>
export type SourceType = Of<"SourceType", { fields: Declared[] }>

export const providersQuery = (search?: string) =>
  queryOptions({
    queryKey: ["providers", search ?? ""],
    queryFn: ({ signal }) => page(api.GET("/v1/providers", { params: { query: { per_page: 100, ...(search && { search }) } }, signal })),
  })

export const providerQuery = (id: string) =>
  queryOptions({
    queryKey: ["provider", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/providers/{id}", { params: { path: { id } }, signal })),
  })

export const providerTypesQuery = queryOptions({
  queryKey: ["provider-types"],
  queryFn: ({ signal }) => thing(api.GET("/v1/provider-types", { signal })) as Promise<ProviderType[]>,
  staleTime: 300_000,
})

export const dependentsQuery = (id: string) => ({
  queryKey: ["provider", id, "dependents"] as const,
  queryFn: () => thing(api.GET("/v1/providers/{id}/dependents", { params: { path: { id } } })),
})

export function useProviderActions() {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["providers", "provider"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({
      mutationFn: (body: Of<"ProviderInputBody">) => thing(api.POST("/v1/providers", { body })),
      onSuccess,
    }),
    test: useMutation({
      mutationFn: (body: Of<"ProviderTestInputBody">) => thing(api.POST("/v1/providers/test", { body })),
    }),
    change: useMutation({
      mutationFn: ({ id, settings }: { id: string; settings: Record<string, string> }) =>
        thing(api.PATCH("/v1/providers/{id}", { params: { path: { id } }, body: { settings } })),
      onSuccess,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) =>
        thing(api.PATCH("/v1/providers/{id}", { params: { path: { id } }, body: { name } })),
      onSuccess,
    }),
    renewKey: useMutation({
      mutationFn: ({ id, minutes }: { id: string; minutes: number }) =>
        thing(api.POST("/v1/providers/{id}/keys", { params: { path: { id } }, body: { overlap_minutes: minutes } })),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => done(api.DELETE("/v1/providers/{id}", { params: { path: { id }, query: { confirm: true } } })),
      onSuccess,
    }),
  }
}
