import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type Of, page, thing } from "../api/client"

export type ApiKey = Of<"Key">

export const keysQuery = (pageNumber: number) =>
  queryOptions({
    queryKey: ["api-keys", pageNumber],
    queryFn: ({ signal }) => page(api.GET("/v1/api-keys", { params: { query: { page: pageNumber, per_page: 50 } }, signal })),
  })

export function useKeyActions() {
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: ["api-keys"] })
  return {
    create: useMutation({ mutationFn: (body: Of<"KeyInputBody">) => thing(api.POST("/v1/api-keys", { body })), onSuccess }),
    revoke: useMutation({ mutationFn: (id: string) => done(api.DELETE("/v1/api-keys/{id}", { params: { path: { id } } })), onSuccess }),
  }
}
