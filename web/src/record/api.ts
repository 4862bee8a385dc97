import { queryOptions } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page } from "../api/client"
import type { Num } from "../api/exact"

// Who or what a record is about: the identity it came with, and what that is linked to at this moment, if it is.
export type Agent = Of<"Agent">
export type Proposition = Of<"Proposition">

export type Activity = Of<"Activity", { agent: Agent | null; value: Num | null }>
export type AnonymousActivity = Of<"Anonymous", { value: Num | null }>
export type Sale = Of<"Sale", { agent: Agent | null; proposition: Proposition | null; contract_value: Num | null }>
export type CallRecord = Of<"CallRecord", { agent: Agent | null; duration: Num | null }>
export type Period = Of<"Period", { agent: Agent | null; value: Num | null }>

export interface Records {
  activities: Activity
  "anonymous-activities": AnonymousActivity
  sales: Sale
  calls: CallRecord
  periods: Period
}

export type RecordPath = keyof Records

// The filters all kinds share, and those some have; a list page gives only what its kind takes.
export type RecordFilters = FiltersOf<"/v1/activities"> & FiltersOf<"/v1/sales"> & FiltersOf<"/v1/periods">

export const recordsQuery = <P extends RecordPath>(path: P, filters: RecordFilters) =>
  queryOptions({
    queryKey: ["records", path, filters],
    queryFn: ({ signal }) =>
      page(api.GET(`/v1/${path}` as "/v1/activities", { params: { query: given(filters) }, signal })) as unknown as Promise<Page<Records[P]>>,
  })
