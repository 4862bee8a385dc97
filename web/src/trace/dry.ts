// A dry run as a trace, so that one viewer shows both.
import type { DryRun } from "../spec/api"
import type { Step, Trace, TraceError } from "./api"
import { rowsOf } from "./model"

export function asTrace(run: DryRun, of: { processor: string; processorName: string; delivery: string }): Trace | undefined {
  if (!run.trace) return undefined
  return {
    execution: {
      id: "",
      delivery_id: of.delivery,
      source_id: "",
      source_name: "",
      processor_id: of.processor,
      processor_name: of.processorName,
      version: run.version ?? 0,
      status: run.status,
      kind: "dry",
      received_at: "",
      ran_at: null,
      error: (run.errors[0] as TraceError | undefined) ?? null,
      counts: run.counts,
    },
    spec: run.spec as unknown as Trace["spec"],
    digest_matches: true,
    language_revision: 0,
    ...run.trace,
  }
}

// firstDifference is the row of a at which b did something else, or which b does not have.
export function firstDifference(a: Pick<Trace, "steps">, b: Pick<Trace, "steps">): string | undefined {
  const other = new Map(rowsOf(b, {}).flatMap((r) => (r.kind === "step" ? [[r.key, told(r.step)] as const] : [])))
  return rowsOf(a, {}).find((r) => r.kind === "step" && other.get(r.key) !== told(r.step))?.key
}

// told is what a step itself did, without the steps inside it and without where it stands.
function told(s: Step): string {
  const fields = (s.fields ?? []).map((f) => [f.name, f.value ?? null])
  return JSON.stringify([s.state, s.outcome, s.branch, s.count, s.error?.code, s.record?.external_id, fields, s.returns?.value ?? null])
}
