// What the inspector asks of the server beside what the open spec has already.
import { keepPreviousData, queryOptions } from "@tanstack/react-query"
import { api, page, thing } from "../api/client"
import type { Name, Origin, Sample } from "../expression/scope"
import type { Type } from "../expression/types"
import type { Spec } from "../spec/document"
import { t } from "../text"

interface Scope {
  names: {
    name: string
    type: Type
    origin: "source_model" | "enrichment" | "constant" | "result" | "item" | "index"
    instruction_id?: string
    data: string | null
  }[]
}

const origins: Record<Scope["names"][number]["origin"], Origin> = {
  source_model: "model",
  enrichment: "enrichment",
  constant: "constant",
  result: "result",
  item: "item",
  index: "item",
}

// scopeAt asks what can be used at a place of a spec.
export async function scopeAt(
  processor: string,
  spec: Spec,
  pointer: string,
  signal: AbortSignal,
  numberOf: (id: string) => number | undefined,
): Promise<Name[] | undefined> {
  const checked = (await thing(
    api.POST("/v1/processors/{id}/spec/check", {
      params: { path: { id: processor }, query: { scope: pointer } as never },
      body: JSON.stringify(spec) as never,
      bodySerializer: (sent: unknown) => String(sent),
      headers: { "Content-Type": "application/json" },
      signal,
    }),
  )) as unknown as { scope?: Scope | null }
  return checked.scope?.names.map((n) => {
    const number = n.instruction_id ? numberOf(n.instruction_id) : undefined
    return {
      name: n.name,
      type: n.type,
      origin: origins[n.origin],
      data: n.data ?? undefined,
      note: number === undefined ? undefined : t("step {n}", { n: number }),
    }
  })
}

// samplesQuery is what the last deliveries had at each path.
export const samplesQuery = (processor: string) =>
  queryOptions({
    queryKey: ["processor", processor, "shape"],
    queryFn: async ({ signal }) => {
      const shape = await thing(api.GET("/v1/processors/{id}/shape", { params: { path: { id: processor } }, signal }))
      return ((shape.fields ?? []) as unknown as Sample[]).map((f) => ({ ...f, examples: f.examples ?? [] }))
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })

export interface Changed {
  version: number
  at: string
  by: string
  note: string
  kind: "added" | "removed" | "moved" | "changed"
  fields: { field: string; before: string; after: string }[]
}

// How many versions are looked through for what changed a step.
export const looked = 30

// historyQuery are the versions that changed a step, the newest first.
export const historyQuery = (processor: string, id: string, base: number) =>
  queryOptions({
    queryKey: ["processor", processor, "history", id, base],
    queryFn: async ({ signal }) => {
      const versions = (
        await page(api.GET("/v1/processors/{id}/versions", { params: { path: { id: processor }, query: { per_page: looked } }, signal }))
      ).rows
      const diffs = await Promise.all(
        versions.map(async (v) => ({
          v,
          diff: await thing(
            api.GET("/v1/processors/{id}/versions/{n}/diff", {
              params: { path: { id: processor, n: v.version }, query: { against: v.version - 1 } },
              signal,
            }),
          ),
        })),
      )
      const found: Changed[] = []
      for (const { v, diff } of diffs)
        for (const c of diff.changes ?? [])
          if (c.what === "instruction" && c.id === id)
            found.push({
              version: v.version,
              at: v.created_at,
              by: v.created_by ?? "",
              note: v.note ?? "",
              kind: c.kind,
              fields: (c.fields ?? []).map((f) => ({ field: f.name, before: said(f.before), after: said(f.after) })),
            })
      return { found, all: versions.length < looked }
    },
    staleTime: 60_000,
  })

const said = (value: unknown): string => (value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value))
