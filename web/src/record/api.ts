import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page, thing } from "../api/client"
import type { Num } from "../api/exact"
import type { V } from "../trace/api"

// Who or what a record is about: the identity it came with, and what that is linked to at this moment, if it is.
export type Agent = Of<"Agent">
export type Proposition = Of<"Proposition">
export type Whose = Of<"Whose">

interface Belonging {
  project: Whose | null
  segment: Whose | null
}

export type Activity = Of<"Activity", Belonging & { agent: Agent | null; team: Whose | null; value: Num | null }>
export type AnonymousActivity = Of<"Anonymous", Belonging & { team: Whose | null; value: Num | null }>
export type Sale = Of<"Sale", Belonging & { agent: Agent | null; proposition: Proposition | null; contract_value: Num | null }>
export type CallRecord = Of<"CallRecord", Belonging & { agent: Agent | null; duration: Num | null }>
export type Period = Of<"Period", Belonging & { agent: Agent | null; value: Num | null }>

export interface Records {
  activities: Activity
  "anonymous-activities": AnonymousActivity
  sales: Sale
  calls: CallRecord
  periods: Period
}

export type RecordPath = keyof Records

// A record of some kind: what kinds share, and what one of them has.
export type AnyRecord = Omit<AnonymousActivity, "activity_type" | "moment" | "value" | "value_is_money" | "team"> &
  Partial<Activity> &
  Partial<Sale> &
  Partial<CallRecord> &
  Partial<Period>

export type Change = Of<"Change", { fields: Of<"Field", { before: V }>[] }>

// The filters all kinds share, and those some have; a list page gives only what its kind takes.
export type RecordFilters = FiltersOf<"/v1/activities"> & FiltersOf<"/v1/sales"> & FiltersOf<"/v1/periods">

export const recordsQuery = <P extends RecordPath>(path: P, filters: RecordFilters) =>
  queryOptions({
    queryKey: ["records", path, filters],
    queryFn: ({ signal }) =>
      page(api.GET(`/v1/${path}` as "/v1/activities", { params: { query: given(filters) }, signal })) as unknown as Promise<Page<Records[P]>>,
  })

export const recordQuery = (path: RecordPath, id: string) =>
  queryOptions({
    queryKey: ["record", path, id],
    queryFn: ({ signal }) =>
      thing(api.GET(`/v1/${path}/{id}` as "/v1/sales/{id}", { params: { path: { id } }, signal })) as unknown as Promise<AnyRecord>,
  })

// historyQuery is what happened to a record, the newest first, a hundred at a time.
export const historyQuery = (path: RecordPath, id: string) =>
  infiniteQueryOptions({
    queryKey: ["record", path, id, "history"],
    queryFn: ({ pageParam, signal }) =>
      page(
        api.GET(`/v1/${path}/{id}/history` as "/v1/sales/{id}/history", {
          params: { path: { id }, query: given({ per_page: 100, cursor: pageParam }) },
          signal,
        }),
      ) as unknown as Promise<Page<Change>>,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.meta.next_cursor || undefined,
  })

// useUnlock lets locked fields of a record be changed again.
export function useUnlock(path: RecordPath, id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (fields: string[]) =>
      thing(api.POST(`/v1/${path}/{id}/unlock` as "/v1/sales/{id}/unlock", { params: { path: { id } }, body: { fields } })),
    onSuccess: () => {
      for (const key of ["record", "records"]) queries.invalidateQueries({ queryKey: [key] })
    },
  })
}
