import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page, thing } from "../api/client"

export type DataError = Of<"Error">
export type Execution = Of<"Execution", { error: DataError | null }> // the first of errors

export const statuses = ["succeeded", "partial", "failed", "skipped", "waiting", "running"] as const

export type ExecutionFilters = FiltersOf<"/v1/executions">

export const executionsQuery = (filters: ExecutionFilters) =>
  queryOptions({
    queryKey: ["executions", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/executions", { params: { query: given(filters) }, signal })) as Promise<Page<Execution>>,
  })

// countQuery is how many executions have a status now.
export const countQuery = (status: ExecutionFilters["status"]) =>
  queryOptions({
    queryKey: ["executions", "count", status],
    queryFn: async ({ signal }) =>
      (await page(api.GET("/v1/executions", { params: { query: given({ status, per_page: 1 }) }, signal }))).meta.total ?? 0,
    refetchInterval: 15_000,
  })

// useReplay runs the delivery of an execution again, with the processor's current spec.
export function useReplay() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ id, overwriteNewer }: { id: string; overwriteNewer: boolean }) =>
      thing(api.POST("/v1/executions/{id}/replay", { params: { path: { id } }, body: { overwrite_newer: overwriteNewer } })),
    onSuccess: () => {
      for (const key of ["executions", "records", "identities"]) queries.invalidateQueries({ queryKey: [key] })
    },
  })
}

// useTest runs a processor, enabled or not, on a stored delivery, for real.
export function useTest() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ processorId, deliveryId, overwriteNewer }: { processorId: string; deliveryId: string; overwriteNewer: boolean }) =>
      thing(
        api.POST("/v1/processors/{id}/test", {
          params: { path: { id: processorId } },
          body: { delivery_id: deliveryId, overwrite_newer: overwriteNewer },
        }),
      ),
    onSuccess: () => {
      for (const key of ["executions", "records", "identities"]) queries.invalidateQueries({ queryKey: [key] })
    },
  })
}
