// What the Spec Builder asks of the server.
import { api, type Of, thing } from "../api/client"
import type { Step, V } from "../trace/api"
import type { Spec } from "./document"
import type { Checked, TraceEntry } from "./store"

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

export const dryRun = (processor: string, spec: Spec, of: TraceEntry, signal: AbortSignal) =>
  thing(
    api.POST("/v1/processors/{id}/dry-run", { params: { path: { id: processor } }, body: { spec, delivery_id: of.delivery } as never, signal }),
  ) as unknown as Promise<DryRun>
