import { queryOptions } from "@tanstack/react-query"
import { type Detail, get, list, type Query } from "../api/client"

// A call is one request that came in, with its answer: the API's source execution. Refused ones are here too.
export interface Call {
  id: string
  provider_id: string
  provider_name?: string
  source_id: string | null
  source_name?: string | null
  door: string // "activity", "sale", "call", "period", "anonymous-activity" or "in"
  received_at: string
  status: "succeeded" | "failed"
  http_status: number
  items: number
  error?: { code: string; message: string; details?: Detail[] } | null
  remarks?: string[]
  body?: string | null // only with a single call
}

export const callsQuery = (query: Query) =>
  queryOptions({ queryKey: ["calls", query], queryFn: ({ signal }) => list<Call>("/v1/source-executions", query, signal) })

export const callQuery = (id: string) =>
  queryOptions({ queryKey: ["call", id], queryFn: ({ signal }) => get<Call>(`/v1/source-executions/${id}`, undefined, signal) })
