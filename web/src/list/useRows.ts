import { keepPreviousData, type QueryKey, useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import type { Page } from "../api/client"
import { live } from "../api/query"
import { younger } from "./filters"

export type Load<T> = (cursor: string | undefined, size: number, signal: AbortSignal) => Promise<Page<T>>

const size = 100 // rows of one page

// useRows is the rows of a list from the newest on, page after page as they are looked at, and those that came since: they
// are let in when the list stands at its beginning, and wait to be asked for when somebody reads further down.
export function useRows<T extends { id: string }>(key: QueryKey, load: Load<T>, tailing: boolean, atTop: boolean) {
  const name = JSON.stringify(key)
  const pages = useInfiniteQuery({
    queryKey: [...key, "rows"],
    queryFn: ({ pageParam, signal }) => load(pageParam, size, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.next_cursor || undefined,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: tailing ? Number.POSITIVE_INFINITY : 2_000,
    placeholderData: keepPreviousData,
  })
  const tail = useQuery({
    queryKey: [...key, "tail"],
    queryFn: ({ signal }) => load(undefined, size, signal),
    enabled: tailing && pages.isSuccess && !pages.isPlaceholderData,
    refetchInterval: live,
  })
  const [arrived, setArrived] = useState<{ name: string; rows: T[] }>({ name, rows: [] })
  const mine = arrived.name === name ? arrived.rows : []
  const first = pages.data?.pages[0]?.rows
  const top = mine[0]?.id ?? first?.[0]?.id
  const waiting = useMemo(() => {
    // What the tail said before the pages were read anew may be gone by now.
    if (!tailing || !tail.data || !first || tail.dataUpdatedAt < pages.dataUpdatedAt) return []
    return top === undefined ? tail.data.rows : tail.data.rows.filter((r) => younger(r.id, top))
  }, [tail.data, tail.dataUpdatedAt, pages.dataUpdatedAt, tailing, top, first])

  const refetch = pages.refetch
  const latest = useRef({ waiting, mine, name })
  latest.current = { waiting, mine, name }
  const letIn = useCallback(() => {
    const { waiting, mine, name } = latest.current
    if (waiting.length === 0) return
    if (waiting.length < size) setArrived({ name, rows: [...waiting, ...mine] })
    else {
      setArrived({ name, rows: [] }) // there may be more between them and the rows that are here
      refetch()
    }
  }, [refetch])
  useEffect(() => {
    if (atTop && waiting.length > 0) letIn()
  }, [atTop, waiting, letIn])

  const rows = useMemo(() => {
    const now = new Map((tail.data?.rows ?? []).map((r) => [r.id, r]))
    const seen = new Set<string>()
    return [...mine, ...(pages.data?.pages.flatMap((p) => p.rows) ?? [])].flatMap((r) => {
      if (seen.has(r.id)) return []
      seen.add(r.id)
      return [now.get(r.id) ?? r] // what waited may have run since
    })
  }, [mine, pages.data, tail.data])
  const fresh = useMemo(() => new Set(mine.map((r) => r.id)), [mine])
  return { pages, rows, fresh, waiting: waiting.length, letIn, total: pages.data?.pages[0]?.meta.total, size }
}
