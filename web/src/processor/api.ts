import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { type Detail, get, list, patch, post, put, type Query, remove } from "../api/client"
import type { Constant, ConstantValue } from "../constant/value"
import type { Dependents } from "../ui/DeleteWithDependents"

export interface ProcessorLink {
  source_id: string
  source_name: string
  provider_id?: string
  provider_name?: string
  state: "complete" | "incomplete"
  missing?: string[]
  constants: Record<string, ConstantValue>
}

export interface Processor {
  id: string
  name: string
  provider_id: string
  provider_name?: string
  source_model: string
  state: "enabled" | "disabled" | "suspended"
  why?: string // why it cannot be enabled, or is suspended
  current_version: number // 0: no spec saved yet
  constants?: Constant[]
  links?: ProcessorLink[]
  created_at: string
  updated_at: string
}

export interface Spec {
  version: number
  text: string // YAML, as the formatter prints it
  warnings?: Detail[]
}

export interface Version {
  version: number
  note: string
  created_by: string
  created_at: string
}

export const processorsQuery = (query: Query = {}) =>
  queryOptions({
    queryKey: ["processors", query],
    queryFn: ({ signal }) => list<Processor>("/v1/processors", { per_page: 100, ...query }, signal),
  })

export const processorQuery = (id: string) =>
  queryOptions({
    queryKey: ["processor", id],
    queryFn: ({ signal }) => get<Processor>(`/v1/processors/${id}`, undefined, signal),
  })

export const specQuery = (id: string, version?: number) =>
  queryOptions({
    queryKey: ["processor", id, "spec", version ?? "current"],
    queryFn: ({ signal }) =>
      get<Spec>(version ? `/v1/processors/${id}/versions/${version}` : `/v1/processors/${id}/spec`, undefined, signal),
  })

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["processor", id, "versions"],
    queryFn: ({ signal }) => list<Version>(`/v1/processors/${id}/versions`, { per_page: 100 }, signal),
  })

export const dependentsQuery = (id: string) => ({
  queryKey: ["processor", id, "dependents"] as const,
  queryFn: () => get<Dependents>(`/v1/processors/${id}/dependents`),
})

export function useProcessorActions() {
  const queries = useQueryClient()
  const changed = () => {
    for (const key of ["processors", "processor", "sources", "source"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({
      mutationFn: (body: { name: string; provider_id: string; source_model: string }) => post<Processor>("/v1/processors", body),
      onSuccess: changed,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => patch<Processor>(`/v1/processors/${id}`, { name }),
      onSuccess: changed,
    }),
    save: useMutation({
      mutationFn: ({ id, text }: { id: string; text: string }) =>
        put<Spec>(`/v1/processors/${id}/spec`, text, "application/yaml"),
      onSuccess: changed,
    }),
    enable: useMutation({ mutationFn: (id: string) => post<Processor>(`/v1/processors/${id}/enable`), onSuccess: changed }),
    disable: useMutation({ mutationFn: (id: string) => post<Processor>(`/v1/processors/${id}/disable`), onSuccess: changed }),
    remove: useMutation({ mutationFn: (id: string) => remove(`/v1/processors/${id}`), onSuccess: changed }),
  }
}
