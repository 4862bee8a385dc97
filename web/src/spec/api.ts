// What the Spec Builder asks of the server.
import { queryOptions } from "@tanstack/react-query"
import { api, done, type Of, thing } from "../api/client"
import type { Step, V } from "../trace/api"
import type { Spec } from "./document"
import type { Checked, Kept, TraceEntry } from "./store"

export type SpecDiff = Of<"SpecDiff">

// DryRun is what a spec would do with a delivery; steps are as in a trace.
export type DryRun = Of<
  "DryRun",
  {
    trace: { var: string; item: V; constants: Record<string, V> | null; enrichments: Record<string, V> | null; steps: Step[] } | null
    spec: { version: number; text: string; tree: Spec }
  }
>

// What is sent is YAML as text or the tree as JSON; the header says which.
function sending(content: Spec | string) {
  const yaml = typeof content === "string"
  return {
    body: (yaml ? content : JSON.stringify(content)) as never,
    bodySerializer: (sent: unknown) => String(sent),
    headers: { "Content-Type": yaml ? "application/yaml" : "application/json" },
  }
}

export const check = (processor: string, content: Spec | string, signal: AbortSignal) =>
  thing(api.POST("/v1/processors/{id}/spec/check", { params: { path: { id: processor } }, ...sending(content), signal })) as Promise<Checked>

export const compare = (processor: string, content: Spec | string, against: number, signal: AbortSignal) =>
  thing(
    api.POST("/v1/processors/{id}/spec/diff", { params: { path: { id: processor }, query: { against } }, ...sending(content), signal }),
  ) as Promise<SpecDiff>

// dryRun runs as much of a spec as can: what is still to be filled in, and what needs that, is left out and told.
export const dryRun = async (processor: string, spec: Spec, of: TraceEntry, signal: AbortSignal): Promise<DryRun> => {
  const run = (await thing(
    api.POST("/v1/processors/{id}/dry-run", {
      params: { path: { id: processor } },
      body: { spec, delivery_id: of.delivery, partly: true } as never,
      signal,
    }),
  )) as unknown as DryRun
  // A spec without steps has a trace without any.
  return run.trace ? { ...run, trace: { ...run.trace, steps: run.trace.steps ?? [] } } : run
}

// save makes a version of a spec, unless nothing changed. It is refused where another version than base is the current one.
export const save = (processor: string, content: Spec | string, base: number, note: string) =>
  thing(
    api.PUT("/v1/processors/{id}/spec", {
      params: { path: { id: processor }, query: { base_version: base, ...(note && { note }) } },
      ...sending(content),
    }),
  )

export const coverageQuery = (processor: string, version: number) =>
  queryOptions({
    queryKey: ["processor", processor, "coverage", version],
    queryFn: ({ signal }) =>
      thing(api.GET("/v1/processors/{id}/coverage", { params: { path: { id: processor }, query: { deliveries: 500, version } }, signal })) as Promise<
        Of<"Coverage">
      >,
    staleTime: 60_000,
    enabled: version > 0,
  })

export const versionDiffQuery = (processor: string, n: number) =>
  queryOptions({
    queryKey: ["processor", processor, "versions", n, "diff"],
    queryFn: ({ signal }) =>
      thing(api.GET("/v1/processors/{id}/versions/{n}/diff", { params: { path: { id: processor, n } }, signal })) as Promise<SpecDiff>,
    staleTime: Number.POSITIVE_INFINITY,
  })

// TraceSchemaRow is one stored delivery to try the spec with, and the last execution on it.
export type TraceSchemaRow = Of<"SchemaEntry">

export interface TraceSchemaRows {
  rows: TraceSchemaRow[]
  missed: number // branches that none of them takes; only of a varied set
}

export const traceSchemaQuery = (processor: string, search: string) =>
  queryOptions({
    queryKey: ["processor", processor, "trace-schema", search],
    queryFn: async ({ signal }): Promise<TraceSchemaRows> => {
      const query = search ? { search, n: 100 } : { n: 100 }
      const rows = await thing(api.GET("/v1/processors/{id}/trace-schema", { params: { path: { id: processor }, query }, signal }))
      return { rows: rows as TraceSchemaRow[], missed: 0 }
    },
  })

// variedQuery is a few deliveries that together take each branch of the spec, and have optional fields present and absent.
export const variedQuery = (processor: string, spec: Spec | undefined) =>
  queryOptions({
    queryKey: ["processor", processor, "varied", spec],
    queryFn: async ({ signal }): Promise<TraceSchemaRows> => {
      const found = await thing(
        api.POST("/v1/processors/{id}/trace-schema/varied", { params: { path: { id: processor } }, body: { spec } as never, signal }),
      )
      return { rows: (found.entries ?? []) as TraceSchemaRow[], missed: found.missed?.length ?? 0 }
    },
    staleTime: 60_000,
  })

export const checklistQuery = (processor: string, spec: Spec | undefined) =>
  queryOptions({
    queryKey: ["processor", processor, "checklist", spec],
    queryFn: ({ signal }) =>
      thing(
        spec
          ? api.POST("/v1/processors/{id}/checklist", { params: { path: { id: processor } }, body: { spec } as never, signal })
          : (api.GET("/v1/processors/{id}/checklist", { params: { path: { id: processor } }, signal }) as never),
      ) as Promise<Of<"Checklist", { items: Of<"CheckItem", { places: Of<"CheckPlace">[] }>[] }>>,
    staleTime: 0,
  })

export interface Drafts {
  mine: Kept | undefined
  others: Of<"DraftOfOthers">[]
}

export const draftQuery = (processor: string) =>
  queryOptions({
    queryKey: ["processor", processor, "draft"],
    queryFn: async ({ signal }): Promise<Drafts> => {
      const found = await thing(api.GET("/v1/processors/{id}/draft", { params: { path: { id: processor } }, signal }))
      const d = found.draft as Of<"Draft"> | null
      return {
        mine: d ? { content: d.text ?? (d.tree as Spec), base: d.base_version, revision: d.revision, at: d.updated_at } : undefined,
        others: found.others ?? [],
      }
    },
    staleTime: 0,
    gcTime: 0, // the store has it from here on
  })

export const keepDraft = async (processor: string, content: Spec | string, base: number, revision: number) => {
  const stamp = await thing(
    api.PUT("/v1/processors/{id}/draft", { params: { path: { id: processor }, query: { base_version: base, revision } }, ...sending(content) }),
  )
  return { revision: stamp.revision, at: stamp.updated_at }
}

export const forgetDraft = (processor: string) => done(api.DELETE("/v1/processors/{id}/draft", { params: { path: { id: processor } } }))

export type TestSide = Of<"TestSide">

export const runTests = (processor: string, spec: Spec) =>
  thing(api.POST("/v1/processors/{id}/spec/tests", { params: { path: { id: processor } }, ...sending(spec) })) as Promise<
    Of<"TestRuns", { tests: Of<"TestRun", { sides: TestSide[] }>[] }>
  >

export const executionAsTest = (execution: string, name: string) =>
  thing(api.POST("/v1/executions/{id}/as-test", { params: { path: { id: execution } }, body: { name } }))

// expectedTest is a test of a spec with what comes of it now as what it expects.
export const expectedTest = (processor: string, spec: Spec, name: string) =>
  thing(api.POST("/v1/processors/{id}/spec/tests/expected", { params: { path: { id: processor }, query: { name } }, ...sending(spec) }))

// dryRunAsTest is a test of what a spec would do with a delivery now.
export const dryRunAsTest = (processor: string, spec: Spec, delivery: string, name: string) =>
  thing(
    api.POST("/v1/processors/{id}/dry-run/as-test", { params: { path: { id: processor } }, body: { spec, delivery_id: delivery, name } as never }),
  )
