import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type FiltersOf, given, type Of, page, thing } from "../api/client"
import type { Num } from "../api/exact"
import { live } from "../api/query"

export type Definition = Of<"MetricDefinition", { types?: string[]; proposition_ids?: string[] }>
export type Metric = Of<"Metric", { definition: Definition }>
export type Series = Of<"MetricSeries", { id: string | null; points: (Num | null)[]; total: Num | null }>
export type Values = Of<"MetricValues", { edges: string[]; all: Series; by: Series[]; mixed: Of<"MetricMixed"> | null }>
export type MetricRecord = Of<"MetricRecord", { type: string | null; value: Num | null; agent: Of<"Named"> | null }>

export type Stretch = FiltersOf<"/v1/metrics/{id}/values">

export const metricsQuery = (filters: FiltersOf<"/v1/metrics"> = {}) =>
  queryOptions({
    queryKey: ["metrics", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/metrics", { params: { query: given(filters) }, signal })),
  })

export const metricQuery = (id: string) =>
  queryOptions({
    queryKey: ["metric", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/metrics/{id}", { params: { path: { id } }, signal })) as Promise<Metric>,
  })

// follows is how often a number is worked out again, in milliseconds: less often than lists, because it reads all of its records.
const follows = 2 * live

export const valuesQuery = (id: string, stretch: Stretch) =>
  queryOptions({
    queryKey: ["metric-values", id, stretch],
    refetchInterval: follows,
    queryFn: ({ signal }) =>
      thing(api.GET("/v1/metrics/{id}/values", { params: { path: { id }, query: given(stretch) }, signal })) as unknown as Promise<Values>,
  })

export const previewQuery = (definition: Definition) =>
  queryOptions({
    queryKey: ["metric-preview", definition],
    queryFn: ({ signal }) => thing(api.POST("/v1/metrics/preview", { body: definition, signal })) as unknown as Promise<Values>,
    retry: false,
  })

export const metricRecordsQuery = (id: string, filters: FiltersOf<"/v1/metrics/{id}/records">) =>
  queryOptions({
    queryKey: ["metric-records", id, filters],
    refetchInterval: follows,
    queryFn: ({ signal }) => page(api.GET("/v1/metrics/{id}/records", { params: { path: { id }, query: given(filters) }, signal })),
  })

export type TypedSource = "activity" | "period" | "anonymous_activity"

export const recordTypesQuery = (source: TypedSource, search: string) =>
  queryOptions({
    queryKey: ["record-types", source, search],
    queryFn: async ({ signal }) => (await thing(api.GET("/v1/metrics/types", { params: { query: given({ source, search }) }, signal }))).types,
  })

export const leftOutQuery = (id: string, stretch: FiltersOf<"/v1/metrics/{id}/left-out">) =>
  queryOptions({
    queryKey: ["metric-left-out", id, stretch],
    refetchInterval: follows,
    queryFn: ({ signal }) => thing(api.GET("/v1/metrics/{id}/left-out", { params: { path: { id }, query: given(stretch) }, signal })),
  })

export function useMetricActions() {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["metrics", "metric", "metric-values", "metric-preview", "metric-records", "metric-left-out"])
      queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({ mutationFn: (body: { name: string; definition: Definition }) => thing(api.POST("/v1/metrics", { body })), onSuccess }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string; name: string; definition: Definition }) =>
        thing(api.PATCH("/v1/metrics/{id}", { params: { path: { id } }, body })),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => done(api.DELETE("/v1/metrics/{id}", { params: { path: { id } } })), onSuccess }),
  }
}
