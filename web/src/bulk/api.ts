import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"

export type Problem = Of<"BulkProblem">
export type Tried = Of<"BulkTried">
export type Operation = Omit<Of<"BulkOperation">, "problems" | "tried"> & { problems: Problem[]; tried: Tried | null }
export type Verb = Operation["verb"]

// What an operation is about: those that were picked, or all that match.
export interface Ask {
  verb: Verb
  ids?: string[]
  executions?: Record<string, string | number>
  deliveries?: Record<string, string>
  identities?: Record<string, string>
  overwrite_newer?: boolean
  entity_id?: string
}

const post = (body: Ask & { preview?: boolean }) => thing(api.POST("/v1/bulk-operations", { body: body as never })) as unknown as Promise<Operation>

// previewQuery is to how many it would be done.
export const previewQuery = (ask: Ask) =>
  queryOptions({ queryKey: ["bulk", "preview", ask], queryFn: () => post({ ...ask, preview: true }), staleTime: 0 })

export const begin = (ask: Ask) => post(ask)

export const operationQuery = (id: string) =>
  queryOptions({
    queryKey: ["bulk", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/bulk-operations/{id}", { params: { path: { id } }, signal })) as unknown as Promise<Operation>,
    refetchInterval: (q) => (q.state.data && q.state.data.state !== "running" ? false : 500),
  })

export function useStop(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => thing(api.POST("/v1/bulk-operations/{id}/cancel", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: ["bulk", id] }),
  })
}

export const undo = (id: string) => thing(api.POST("/v1/bulk-operations/{id}/undo", { params: { path: { id } } })) as unknown as Promise<Operation>
