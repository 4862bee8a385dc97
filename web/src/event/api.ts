import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, done, type FiltersOf, given, type Of, page, thing } from "../api/client"
import type { Num } from "../api/exact"

export type Rule = Of<"EventRule", { types?: string[] }>
export type Event = Of<"Event", { rule: Rule; last_at: string | null }>
export type EventRecord = Of<"EventRecord", { type: string | null; value: Num | null; agent: Of<"Named"> | null }>
export type Notice = Of<"Notice", { record: Of<"NoticeOf", { value: Num | null }> }>
export type Unread = Of<"Unread", { last: Notice[] }>

export const eventsQuery = queryOptions({
  queryKey: ["events"],
  queryFn: ({ signal }) => page(api.GET("/v1/events", { params: { query: { per_page: 100 } }, signal })),
})

export const eventRecordsQuery = (id: string, filters: FiltersOf<"/v1/events/{id}/records">) =>
  queryOptions({
    queryKey: ["event-records", id, filters],
    queryFn: ({ signal }) => page(api.GET("/v1/events/{id}/records", { params: { path: { id }, query: given(filters) }, signal })),
  })

// How often the bell looks, in milliseconds.
const looks = 15_000

export const unreadQuery = queryOptions({
  queryKey: ["unread"],
  queryFn: ({ signal }) => thing(api.GET("/v1/notices/unread", { signal })) as unknown as Promise<Unread>,
  refetchInterval: looks,
})

export function useEventActions() {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["events", "event-records", "unread"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({ mutationFn: (body: { name: string; rule: Rule }) => thing(api.POST("/v1/events", { body })), onSuccess }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string; name: string; rule: Rule }) =>
        thing(api.PATCH("/v1/events/{id}", { params: { path: { id } }, body })),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => done(api.DELETE("/v1/events/{id}", { params: { path: { id } } })), onSuccess }),
    read: useMutation({ mutationFn: (upto: string) => done(api.POST("/v1/notices/read", { body: { upto } })), onSuccess }),
  }
}
