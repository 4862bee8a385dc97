// The executions above and below one, in the list that somebody came from.
import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { api, given, type Of, thing } from "../api/client"

export type Neighbours = Of<"Neighbours", { newer: string | null; older: string | null }>

// neighboursQuery knows the list by its filters as they stand in an address; without any it is the list of all.
const neighboursQuery = (list: string, id: string) =>
  queryOptions({
    queryKey: ["executions", list, "beside", id],
    queryFn: ({ signal }) =>
      thing(
        api.GET("/v1/executions/{id}/neighbours", {
          params: { path: { id }, query: given(Object.fromEntries(new URLSearchParams(list))) as never },
          signal,
        }),
      ) as unknown as Promise<Neighbours>,
    staleTime: 10_000, // newer ones come in
    refetchOnWindowFocus: false,
  })

// useNeighbours asks for those beside the neighbours as well, so that going on and on does not wait.
export function useNeighbours(list: string, id: string): Neighbours | undefined {
  const queries = useQueryClient()
  const { data } = useQuery(neighboursQuery(list, id))
  const [newer, older] = [data?.newer, data?.older]
  useEffect(() => ahead(queries, list, newer), [queries, list, newer])
  useEffect(() => ahead(queries, list, older), [queries, list, older])
  return data
}

function ahead(queries: QueryClient, list: string, id: string | null | undefined) {
  if (id) queries.prefetchQuery(neighboursQuery(list, id))
}
