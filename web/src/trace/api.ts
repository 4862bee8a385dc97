import { queryOptions } from "@tanstack/react-query"
import { api, thing } from "../api/client"
import type { Exact } from "../api/exact"

// The trace as the server recomputes it; package spec/trace declares it.

export type V = null | string | number | boolean | Exact | V[] | { [key: string]: V }

export interface TraceError {
  code: string
  instruction?: string
  place?: string
  field?: string
  message: string
  remedy?: string
}

export interface Expr {
  type: string
  formula: string
  evaluated: boolean
  value?: V
  error?: TraceError
  remarks?: { code: string; message: string }[]
  arguments?: { name: string; expr: Expr }[]
  items?: { value: V; expr?: Expr }[]
}

export interface StepField {
  name: string
  title?: string
  value?: V // what the step took, trimmed or turned into text
  formula: string
  tree?: Expr
  list?: Expr[] // of a field that takes several
  error?: TraceError
}

export interface Branch {
  name: string
  taken: boolean
  steps: Step[]
}

export type ItemStatus = "succeeded" | "skipped" | "partial" | "failed"

export interface Item {
  index: number
  value: V
  status: ItemStatus
  error?: TraceError
  steps: Step[]
  // Of an item whose steps were left out:
  left_out?: boolean
  did?: string // the strongest thing it did to a record
  sets?: { name: string; value: V }[] // what it left in names from outside of the loop
}

// Listed is a change of a record as a trace in parts lists it.
export interface Listed {
  key: string
  type: string
  external_id: string
  outcome?: string
  failed?: boolean
  undone?: boolean
}

export interface Step {
  id: string
  type: string
  pointer?: string
  title: string // of its type
  summary: string
  state: "ran" | "failed" | "not_reached" | "not_taken" | "disabled"
  outcome?: string
  undone?: boolean
  fields?: StepField[]
  branch?: string
  branches?: Branch[]
  count?: number
  items?: Item[]
  body?: Step[]
  record?: {
    noun: string
    external_id: string
    fields_after: { name: string; value: V }[]
    before: { name: string; value: V }[]
    locked: string[]
    stale: string[]
  }
  returns?: { name: string; value: V }
  error?: TraceError
  errors?: TraceError[] // all, where there are several
}

export interface SpecNode {
  type: string
  id?: string
  return_as?: string
  item_var?: string
  index_var?: string
  note?: string
  then?: SpecNode[]
  else?: SpecNode[]
  body?: SpecNode[]
  default?: SpecNode[]
  cases?: { body: SpecNode[] }[]
}

export interface Trace {
  execution: {
    id: string
    delivery_id: string
    source_id: string
    source_name: string
    processor_id: string
    processor_name: string
    version: number
    status: string
    kind: string
    received_at: string
    ran_at: string | null
    reason?: string | null
    error?: TraceError | null
    errors?: TraceError[]
    counts: { created: number; updated: number; unchanged: number; skipped: number; failed: number }
  }
  spec: { version: number; text: string; tree: { var?: string; instructions?: SpecNode[] } }
  digest_matches: boolean
  language_revision: number
  note?: string
  var: string
  item: V
  constants: Record<string, V> | null
  enrichments: Record<string, V> | null
  steps: Step[]
  changes?: Listed[] // of a trace in parts: what all items wrote
  changes_all?: number
}

// traceQuery is a trace with all items of all loops.
export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ["trace", id],
    queryFn: ({ signal }) => thing(api.GET("/v1/executions/{id}/trace", { params: { path: { id } }, signal })) as unknown as Promise<Trace>,
    staleTime: 60_000,
  })

// partQuery is a trace in which a long loop has one item alone: the one that the key of a row lies in, or the first that
// failed. A short loop is whole, and so may be the trace.
export const partQuery = (id: string, at: string) =>
  queryOptions({
    queryKey: ["trace", id, "part", at],
    queryFn: ({ signal }) =>
      thing(
        api.GET("/v1/executions/{id}/trace", { params: { path: { id }, query: { items: "one", ...(at && { at }) } }, signal }),
      ) as unknown as Promise<Trace>,
    staleTime: 60_000,
    structuralSharing: false, // a trace is large, and another one is another one
  })
