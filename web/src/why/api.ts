// Where what is held comes from, and why something is not there.
import { queryOptions } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import type { RecordPath } from "../record/api"
import type { Expr, StepField, V } from "../trace/api"

export type Source = Of<"WhySource", { value: V }>
export type Condition = Of<"Condition", { value: V; sources: Source[] }>
export type WhyStep = Of<"WhyStep", { field: (Omit<StepField, "tree" | "list"> & { tree?: Expr; list?: Expr[] }) | null; conditions: Condition[] }>
export type Write = Of<"Write", { execution: Of<"Execution"> | null; step: WhyStep | null; sources: Source[] }>
export type WhyChange = Of<"WhyChange", { before: V }>
export type WhyField = Of<
  "WhyField",
  {
    value: V
    set_by: Write | null
    changed: WhyChange | null
    before: WhyChange[]
    lock: Of<"Lock", { made_by: Of<"Maker"> | null }> | null
    held_back: Of<"Attempt", { value: V }>[]
  }
>
export type Why = Of<"Why", { fields: WhyField[]; looked: Of<"Looked"> | null }>

export type Reason = Of<"Reason", { conditions: Condition[] }>
export type Sighting = Of<"Sighting", { places: Source[]; outcomes: Of<"WhyOutcome", { execution: Of<"Execution"> | null; reasons: Reason[] }>[] }>
export type Absent = Of<"Absent", { deliveries: Sighting[]; rekeyed: Of<"MovedID"> | null }>

// What has a why: a record of some kind, or an external identity.
export type Explained = RecordPath | "identities"

// whyQuery is where all that one thing holds comes from. It reads traces, so it is asked for once.
export const whyQuery = (path: Explained, id: string) =>
  queryOptions({
    queryKey: ["record", path, id, "why"],
    queryFn: ({ signal }) =>
      thing(api.GET(`/v1/${path}/{id}/why` as "/v1/sales/{id}/why", { params: { path: { id } }, signal })) as unknown as Promise<Why>,
  })

export const absentKinds = ["sale", "activity", "call", "period", "anonymous_activity", "agent", "team", "project", "segment", "proposition"] as const

export type AbsentKind = (typeof absentKinds)[number]

export const absentQuery = (kind: AbsentKind, externalId: string, providerId: string | undefined) =>
  queryOptions({
    queryKey: ["why", kind, externalId, providerId ?? ""],
    queryFn: ({ signal }) =>
      thing(
        api.GET("/v1/why", { params: { query: { kind, external_id: externalId, ...(providerId && { provider_id: providerId }) } }, signal }),
      ) as unknown as Promise<Absent>,
    staleTime: 10_000,
  })
