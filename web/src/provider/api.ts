import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { get, list, patch, post, type Query, remove } from "../api/client"
import type { Dependents } from "../ui/DeleteWithDependents"

export interface ProviderKey {
  id: string
  hint: string // the last four characters
  created_at: string
  expires_at: string | null // set when a newer key replaces it
  last_used_at: string | null
  uses: number
}

export interface Provider {
  id: string
  type: string
  name: string
  webhook_urls: Record<string, string>
  keys?: ProviderKey[]
  refused?: { status: number; calls: number; last_at: string }[] // strangers' calls are counted, not kept
  created_at: string
  updated_at: string
}

export interface ProviderWithKey extends Provider {
  api_key: string // this once
}

export interface ProviderType {
  type: string
  title: string
  help?: string
}

export const providersQuery = (query: Query = {}) =>
  queryOptions({
    queryKey: ["providers", query],
    queryFn: ({ signal }) => list<Provider>("/v1/providers", { per_page: 100, ...query }, signal),
  })

export const providerQuery = (id: string) =>
  queryOptions({ queryKey: ["provider", id], queryFn: ({ signal }) => get<Provider>(`/v1/providers/${id}`, undefined, signal) })

export const providerTypesQuery = queryOptions({
  queryKey: ["provider-types"],
  queryFn: ({ signal }) => list<ProviderType>("/v1/provider-types", undefined, signal),
  staleTime: 300_000,
})

export const dependentsQuery = (id: string) => ({
  queryKey: ["provider", id, "dependents"] as const,
  queryFn: () => get<Dependents>(`/v1/providers/${id}/dependents`),
})

export function useProviderActions() {
  const queries = useQueryClient()
  const changed = () => {
    queries.invalidateQueries({ queryKey: ["providers"] })
    queries.invalidateQueries({ queryKey: ["provider"] })
  }
  return {
    create: useMutation({
      mutationFn: (body: { type: string; name: string }) => post<ProviderWithKey>("/v1/providers", body),
      onSuccess: changed,
    }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => patch<Provider>(`/v1/providers/${id}`, { name }),
      onSuccess: changed,
    }),
    renewKey: useMutation({
      mutationFn: ({ id, hours }: { id: string; hours: number }) =>
        post<{ api_key: string }>(`/v1/providers/${id}/key`, { overlap_hours: hours }),
      onSuccess: changed,
    }),
    remove: useMutation({ mutationFn: (id: string) => remove(`/v1/providers/${id}`), onSuccess: changed }),
  }
}
