// The executions before and after one, in the list that somebody came from.
import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import type { Page } from "../api/client"
import { loadOf } from "../list/load"
import type { Execution } from "./api"

const load = loadOf<Execution>("/v1/executions")
const size = 100 // rows of one page
const deepest = 20 // pages that are looked through for the execution

export interface Neighbours {
  before: string | undefined // the newer one, above it in the list
  after: string | undefined
  known: boolean // where it stands was found
}

// useNeighbours knows the list by its filters as they stand in an address; without any it is the list of all.
export function useNeighbours(list: string, id: string): Neighbours {
  const queries = useQueryClient()
  const rowsOf = (data: InfiniteData<Page<Execution>> | undefined) => data?.pages.flatMap((p) => p.rows) ?? []
  const query = useInfiniteQuery({
    queryKey: ["executions", list, "around"],
    queryFn: ({ pageParam, signal }) => load(Object.fromEntries(new URLSearchParams(list)))(pageParam, size, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Execution>) => last.meta.next_cursor || undefined,
    // What the list has read already need not be read again.
    initialData: () => {
      const seen = queries.getQueryData<InfiniteData<Page<Execution>, string | undefined>>(["executions", list, "rows"])
      return rowsOf(seen).some((r) => r.id === id) ? seen : undefined
    },
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
  const rows = rowsOf(query.data)
  const at = rows.findIndex((r) => r.id === id)
  const { hasNextPage, isFetching, fetchNextPage } = query
  const pages = query.data?.pages.length ?? 0
  const more = hasNextPage && !isFetching && pages < deepest && (at < 0 || at === rows.length - 1)
  useEffect(() => {
    if (more) fetchNextPage()
  }, [more, fetchNextPage])
  return { before: rows[at - 1]?.id, after: at < 0 ? undefined : rows[at + 1]?.id, known: at >= 0 }
}
