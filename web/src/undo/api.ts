import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import type { V } from "../trace/api"

// What can be taken back: all that one run, or one call of a fixed webhook, wrote.
export type Undoable = "execution" | "call"

export type Restored = Of<"Restored", { from: V; to: V }>
export type Undone = Of<"Undone", { set_back: Restored[] }>
export type Undo = Of<"Undo", { things: Undone[] }>

const routes = {
  execution: { undo: "/v1/executions/{id}/undo", redo: "/v1/executions/{id}/redo" },
  call: { undo: "/v1/source-executions/{id}/undo", redo: "/v1/source-executions/{id}/redo" },
} as const

const ask = (of: Undoable, way: "undo" | "redo", id: string, preview: boolean) =>
  thing(api.POST(routes[of][way] as "/v1/executions/{id}/undo", { params: { path: { id } }, body: { preview } })) as unknown as Promise<Undo>

// previewQuery is what an undo would do at this moment; it changes nothing.
export const previewQuery = (of: Undoable, id: string) =>
  queryOptions({ queryKey: ["undo", of, id], queryFn: () => ask(of, "undo", id, true), staleTime: 0, gcTime: 0 })

export function useUndo(of: Undoable, id: string) {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["records", "record", "identities", "entities", "executions"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    undo: useMutation({ mutationFn: () => ask(of, "undo", id, false), onSuccess }),
    redo: useMutation({ mutationFn: () => ask(of, "redo", id, false), onSuccess }),
  }
}
