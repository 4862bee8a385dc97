import { queryOptions } from "@tanstack/react-query"
import { list, type Query } from "../api/client"
import type { Counts } from "../ui/Outcomes"

export interface DataError {
  code: string
  instruction?: string
  place?: string
  field?: string
  message: string
  remedy?: string
}

export interface Execution {
  id: string
  delivery_id: string
  source_id: string
  source_name?: string
  processor_id: string
  processor_name?: string
  version: number
  status: "waiting" | "running" | "succeeded" | "skipped" | "partial" | "failed"
  reason?: string // waiting: why
  kind: "live" | "test" | "replay"
  received_at: string
  ran_at: string
  counts: Counts
  errors?: DataError[]
}

export const statuses = ["succeeded", "partial", "failed", "skipped", "waiting", "running"] as const

export const executionsQuery = (query: Query) =>
  queryOptions({ queryKey: ["executions", query], queryFn: ({ signal }) => list<Execution>("/v1/executions", query, signal) })
