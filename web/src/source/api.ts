import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { get, list, patch, post, put, remove } from "../api/client"
import type { ConstantValue } from "../constant/value"
import type { Dependents } from "../ui/DeleteWithDependents"

export interface LinkedProcessor {
  processor_id: string
  processor_name: string
  state: "complete" | "incomplete"
  missing?: string[] // constants without a value
  constants: Record<string, ConstantValue>
}

export interface Source {
  id: string
  provider_id: string
  provider_name?: string
  type: string
  source_model: string
  name: string
  url: string
  processors: LinkedProcessor[]
  created_at: string
  updated_at: string
}

export const sourcesQuery = (providerId: string) =>
  queryOptions({
    queryKey: ["sources", providerId],
    queryFn: ({ signal }) => list<Source>(`/v1/providers/${providerId}/sources`, { per_page: 100 }, signal),
  })

// All sources of the tenant, for filters.
export const allSourcesQuery = queryOptions({
  queryKey: ["sources"],
  queryFn: ({ signal }) => list<Source>("/v1/sources", { per_page: 100 }, signal),
})

export const sourceQuery = (id: string) =>
  queryOptions({ queryKey: ["source", id], queryFn: ({ signal }) => get<Source>(`/v1/sources/${id}`, undefined, signal) })

export const dependentsQuery = (id: string) => ({
  queryKey: ["source", id, "dependents"] as const,
  queryFn: () => get<Dependents>(`/v1/sources/${id}/dependents`),
})

export interface Link {
  processor_id: string
  constants: Record<string, ConstantValue>
}

export function useSourceActions() {
  const queries = useQueryClient()
  const changed = () => {
    for (const key of ["sources", "source", "processor", "processors"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({
      mutationFn: ({ providerId, name, type }: { providerId: string; name: string; type: string }) =>
        post<Source>(`/v1/providers/${providerId}/sources`, { type, name }),
      onSuccess: changed,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => patch<Source>(`/v1/sources/${id}`, { name }),
      onSuccess: changed,
    }),
    link: useMutation({
      mutationFn: ({ id, links }: { id: string; links: Link[] }) => put<unknown>(`/v1/sources/${id}/processors`, links),
      onSuccess: changed,
    }),
    remove: useMutation({ mutationFn: (id: string) => remove(`/v1/sources/${id}`), onSuccess: changed }),
  }
}
