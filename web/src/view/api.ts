import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type Of, thing } from "../api/client"

export type View = Of<"Saved">

export const viewsQuery = (list: string) =>
  queryOptions({
    queryKey: ["views", list],
    queryFn: ({ signal }) => thing(api.GET("/v1/views", { params: { query: { list } }, signal })) as unknown as Promise<View[]>,
    staleTime: 60_000,
  })

export function useSaveView(list: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (v: { name: string; search: string; shared: boolean }) => thing(api.POST("/v1/views", { body: { list, ...v } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["views", list] }),
  })
}

export function useDeleteView(list: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => done(api.DELETE("/v1/views/{id}", { params: { path: { id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["views", list] }),
  })
}
