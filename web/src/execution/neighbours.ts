// The executions above and below one, in the list that somebody came from.
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query"
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

// useNeighbours asks for those beside the next one as well where somebody goes on, so that going on does not wait. Who only
// opened one does not have the server look further: in a list by words it reads many rows.
export function useNeighbours(list: string, id: string, going?: "newer" | "older"): Neighbours | undefined {
  const queries = useQueryClient()
  const { data } = useQuery(neighboursQuery(list, id))
  const next = going && data?.[going]
  useEffect(() => {
    if (next) queries.prefetchQuery(neighboursQuery(list, next))
  }, [queries, list, next])
  return data
}
