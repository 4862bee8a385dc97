import { queryOptions } from "@tanstack/react-query"
import { api, type Detail, type FiltersOf, given, type Of, type Page, page, thing } from "../api/client"

// A call is one request that came in, with its answer: the API's source execution. Refused ones are here too, and of those
// that did not get past the door some.
export type Call = Of<"Call", { error: { code: string; message: string; details?: Detail[] } | null }>
export type CallDetail = Of<"CallDetail", { error: Call["error"]; body_bytes: string | null }>

export type CallFilters = FiltersOf<"/v1/source-executions">

export const callsQuery = (filters: CallFilters) =>
  queryOptions({
    queryKey: ["calls", filters],
    queryFn: ({ signal }) => page(api.GET("/v1/source-executions", { params: { query: given(filters) }, signal })) as Promise<Page<Call>>,
  })

export const callQuery = (id: string) =>
  queryOptions({
    queryKey: ["call", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/source-executions/{id}", { params: { path: { id } }, signal })) as Promise<CallDetail>,
  })
