import { queryOptions } from "@tanstack/react-query"
import { list, type Query } from "../api/client"
import type { Num } from "../api/exact"

// Who or what a record is about: the identity it came with, and what that is linked to, if it is.
export interface Party {
  identity_id: string
  external_id: string
  external_name: string
  agent_id?: string | null
  team_id?: string | null
  project_id?: string | null
  segment_id?: string | null
  proposition_id?: string | null
  name?: string | null // of what it is linked to
}

export interface RecordRow {
  id: string
  external_id: string
  provider_id: string
  provider_name?: string
  activity_type?: string
  period_type?: string
  moment?: string
  sold_at?: string
  cancelled_at?: string | null
  started_at?: string
  starts_at?: string
  ends_at?: string | null
  value?: Num | null
  value_is_money?: boolean
  contract_value?: Num | null
  is_retention?: boolean
  duration?: Num | null
  direction?: string | null
  result?: string | null
  contact_key?: string | null
  energy_meta?: {
    electricity_usage?: Num | null
    electricity_return?: Num | null
    gas_usage?: Num | null
    connection_count?: Num | null
  } | null
  agent?: Party | null
  team?: Party | null
  project?: Party | null
  segment?: Party | null
  proposition?: Party | null
  created_at: string
  updated_at: string
}

export const recordsQuery = (path: string, query: Query) =>
  queryOptions({ queryKey: ["records", path, query], queryFn: ({ signal }) => list<RecordRow>(`/v1/${path}`, query, signal) })
