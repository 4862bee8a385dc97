import { queryOptions } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"

export type Named = Of<"Named">
export type Usual = Of<"Usual">
export type SourcePulse = Of<"SourcePulse", { source: Named | null; usual: Usual | null; deliveries: number[]; band: Usual[] }>
export type Need = Of<
  "Need",
  {
    thing: Named | null
    since: string | null
    reason: string | null
    entity_kind: string | null
    code: string | null
    message: string | null
    execution_id: string | null
  }
>
export type Outcomes = Record<"created" | "updated" | "unchanged" | "skipped" | "failed", number[]>
export type Latency = Of<"LatencyOf">
export type Times = Record<"p50_ms" | "p95_ms", (number | null)[]>
export type FailureStrip = Of<"FailureOf", { executions: number[] }>
export type LinkRates = Of<"LinkRate", { named: number[]; linked: number[]; backlog: Of<"BacklogOf">[] }>
export type FreshSource = Of<"FreshnessOf", { source: Named | null; medians_ms: (number | null)[] }>
export type FlowRuns = Of<"FlowRuns">
export type FlowRecords = Of<"FlowRecords", { provider_id: string | null; processor_id: string | null }>
export interface Flow {
  runs: FlowRuns[]
  records: FlowRecords[]
}
export type VersionMark = Of<"VersionMark">
export type HomeData = Of<
  "Home",
  {
    edges: string[]
    sources: SourcePulse[]
    outcomes: Outcomes
    versions: VersionMark[]
    needs: Need[]
    latency: Latency[]
    took: Times
    failures: FailureStrip[]
    links: LinkRates
    freshness: FreshSource[]
    flow: Flow
  }
>

export const ranges = ["1h", "24h", "7d", "30d"] as const
export type Range = (typeof ranges)[number]

// How often the page looks again, in milliseconds.
const looks = 20_000

export const homeQuery = (range: Range) =>
  queryOptions({
    queryKey: ["home", range],
    queryFn: ({ signal }) => thing(api.GET("/v1/home", { params: { query: { range } }, signal })) as unknown as Promise<HomeData>,
    refetchInterval: looks,
  })
