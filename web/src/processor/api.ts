import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type FiltersOf, given, type Of, page, thing } from "../api/client"
import type { Constant } from "../constant/value"

export type Processor = Of<"Processor">
export type Spec = Of<"Spec", { constants: Constant[] }> // text is YAML as the formatter prints it; problems have its lines
export type Version = Of<"Version">

export const processorsQuery = (query: FiltersOf<"/v1/processors"> = {}) =>
  queryOptions({
    queryKey: ["processors", query],
    queryFn: ({ signal }) => page(api.GET("/v1/processors", { params: { query: { per_page: 100, ...given(query) } }, signal })),
  })

export const processorQuery = (id: string) =>
  queryOptions({ queryKey: ["processor", id], queryFn: ({ signal }) => thing(api.GET("/v1/processors/{id}", { params: { path: { id } }, signal })) })

export const specQuery = (id: string) =>
  queryOptions({
    queryKey: ["processor", id, "spec"],
    queryFn: ({ signal }) => thing(api.GET("/v1/processors/{id}/spec", { params: { path: { id } }, signal })) as Promise<Spec>,
  })

export const versionQuery = (id: string, n: number) =>
  queryOptions({
    queryKey: ["processor", id, "versions", n],
    queryFn: ({ signal }) => thing(api.GET("/v1/processors/{id}/versions/{n}", { params: { path: { id, n } }, signal })) as Promise<Spec>,
    staleTime: Number.POSITIVE_INFINITY, // a version never changes
  })

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["processor", id, "versions"],
    queryFn: ({ signal }) => page(api.GET("/v1/processors/{id}/versions", { params: { path: { id }, query: { per_page: 100 } }, signal })),
  })

export const dependentsQuery = (id: string) => ({
  queryKey: ["processor", id, "dependents"] as const,
  queryFn: () => thing(api.GET("/v1/processors/{id}/dependents", { params: { path: { id } } })),
})

export function useProcessorActions() {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["processors", "processor", "sources", "source", "links"]) queries.invalidateQueries({ queryKey: [key] })
  }
  const path = (id: string) => ({ params: { path: { id } } })
  return {
    create: useMutation({ mutationFn: (body: Of<"ProcessorInputBody">) => thing(api.POST("/v1/processors", { body })), onSuccess }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => thing(api.PATCH("/v1/processors/{id}", { ...path(id), body: { name } })),
      onSuccess,
    }),
    save: useMutation({
      mutationFn: ({ id, text }: { id: string; text: string }) =>
        thing(
          api.PUT("/v1/processors/{id}/spec", {
            ...path(id),
            body: text,
            bodySerializer: (yaml: unknown) => String(yaml),
            headers: { "Content-Type": "application/yaml" },
          }),
        ),
      onSuccess,
    }),
    restore: useMutation({
      mutationFn: ({ id, n }: { id: string; n: number }) =>
        thing(api.POST("/v1/processors/{id}/versions/{n}/restore", { params: { path: { id, n } } })),
      onSuccess,
    }),
    enable: useMutation({ mutationFn: (id: string) => thing(api.POST("/v1/processors/{id}/enable", path(id))), onSuccess }),
    disable: useMutation({ mutationFn: (id: string) => thing(api.POST("/v1/processors/{id}/disable", path(id))), onSuccess }),
    remove: useMutation({
      mutationFn: (id: string) => done(api.DELETE("/v1/processors/{id}", { params: { path: { id }, query: { confirm: true } } })),
      onSuccess,
    }),
  }
}
