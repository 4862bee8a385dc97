import { queryOptions } from "@tanstack/react-query"
import { api, page } from "../api/client"

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => page(api.GET("/v1/users", { params: { query: { per_page: 100 } }, signal })),
  staleTime: 60_000,
})
