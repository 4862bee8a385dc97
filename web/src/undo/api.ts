import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import type { RecordPath } from "../record/api"
import type { V } from "../trace/api"

// What can be taken back: all that one run, or one call of a fixed webhook, wrote; what the maker of one change of a record
// wrote to that record; or an undo, with all that it did.
export type Undoable = Run | OneChange | { of: "undo"; id: string; run: Run }

interface Run {
  of: "execution" | "call"
  id: string
}

export interface OneChange {
  of: "change"
  path: RecordPath
  id: string // of the record
  change: string | undefined // nothing: that it was made
  by: Of<"Maker">
}

export type Restored = Of<"Restored", { from: V; to: V }>
export type Undone = Of<"Undone", { set_back: Restored[] }>
export type Undo = Of<"Undo", { things: Undone[] }>
export type DoneUndo = Of<"DoneUndo">
export type Touched = Of<"Thing">

type Answer = Promise<Undo>

const routes = {
  execution: { undo: "/v1/executions/{id}/undo", redo: "/v1/executions/{id}/redo" },
  call: { undo: "/v1/source-executions/{id}/undo", redo: "/v1/source-executions/{id}/redo" },
} as const

const redo = (run: Run, undo: string, preview = false) =>
  thing(
    api.POST(routes[run.of].redo as "/v1/executions/{id}/redo", { params: { path: { id: run.id } }, body: { undo_id: undo, preview } }),
  ) as unknown as Answer

function undoOf(what: Undoable, preview: boolean): Answer {
  if (what.of === "undo") return redo(what.run, what.id, preview)
  if (what.of !== "change")
    return thing(
      api.POST(routes[what.of].undo as "/v1/executions/{id}/undo", { params: { path: { id: what.id } }, body: { preview } }),
    ) as unknown as Answer
  return thing(
    api.POST(`/v1/${what.path}/{id}/undo` as "/v1/sales/{id}/undo", {
      params: { path: { id: what.id } },
      body: { preview, ...(what.change && { change_id: what.change }) },
    }),
  ) as unknown as Answer
}

// redoOf takes one undo back, not what others undid of the same run since. A change is that of a run, or of the call that
// brought its delivery.
async function redoOf(what: Undoable, undo: string): Answer {
  if (what.of === "undo") return redo(what.run, undo)
  if (what.of !== "change") return redo(what, undo)
  if (what.by.execution_id) return redo({ of: "execution", id: what.by.execution_id }, undo)
  const delivery = await thing(api.GET("/v1/deliveries/{id}", { params: { path: { id: what.by.delivery_id ?? "" } } }))
  return redo({ of: "call", id: delivery.source_execution_id }, undo)
}

// previewQuery is what an undo would do at this moment; it changes nothing.
export const previewQuery = (what: Undoable) => queryOptions({ queryKey: ["undo", what], queryFn: () => undoOf(what, true), staleTime: 0, gcTime: 0 })

// doneUndoQuery is an undo that was done, or the undo of one.
export const doneUndoQuery = (id: string) =>
  queryOptions({
    queryKey: ["done-undo", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/undos/{id}", { params: { path: { id } }, signal })) as Promise<DoneUndo>,
  })

export function useUndo(what: Undoable) {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["records", "record", "identities", "entities", "executions", "journal", "done-undo"])
      queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    undo: useMutation({ mutationFn: () => undoOf(what, false), onSuccess }),
    redo: useMutation({ mutationFn: (undo: string) => redoOf(what, undo), onSuccess }),
  }
}
