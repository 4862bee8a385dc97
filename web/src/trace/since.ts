// What became of the steps of an older version: those that the live spec no longer has, and those that were changed.
import { queryOptions, useQuery } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import { processorQuery } from "../processor/api"

export type SpecDiff = Of<"SpecDiff">
export type SpecChange = SpecDiff["changes"][number]
export type Since = ReadonlyMap<string, SpecChange> // by the id of the step

const sinceQuery = (processor: string, live: number, ran: number) =>
  queryOptions({
    queryKey: ["processor", processor, "versions", live, "diff", ran],
    queryFn: ({ signal }) =>
      thing(
        api.GET("/v1/processors/{id}/versions/{n}/diff", { params: { path: { id: processor, n: live }, query: { against: ran } }, signal }),
      ) as Promise<SpecDiff>,
    staleTime: Number.POSITIVE_INFINITY, // versions never change
  })

export interface Older {
  live: number
  diff: SpecDiff
  since: Since
  gone: number
  changed: number
  added: number
}

// useOlder is how the live spec differs from the version that ran; nothing where that is the live one.
export function useOlder(processor: string, ran: number, known: boolean): Older | undefined {
  const of = useQuery({ ...processorQuery(processor), enabled: known && ran > 0 })
  const live = of.data?.version ?? 0
  const diff = useQuery({ ...sinceQuery(processor, live, ran), enabled: live > 0 && ran > 0 && live !== ran })
  return diff.data && live !== ran ? olderOf(live, diff.data) : undefined
}

export function olderOf(live: number, diff: SpecDiff): Older {
  const steps = diff.changes.filter((c) => c.what === "instruction" || c.what === "case")
  const ran = steps.filter((c) => c.kind !== "added")
  const since = new Map<string, SpecChange>()
  // A step that moved may have changed as well; what a case of it changed counts as the step's, unless it has its own.
  for (const c of ran) if (c.what === "instruction" || !since.has(c.id)) since.set(c.id, c.what === "case" ? { ...c, kind: "changed" } : c)
  const count = (kind: (k: SpecChange["kind"]) => boolean) => [...since.values()].filter((c) => kind(c.kind)).length
  return {
    live,
    diff,
    since,
    gone: count((k) => k === "removed"),
    changed: count((k) => k === "changed" || k === "moved"),
    added: steps.filter((c) => c.what === "instruction" && c.kind === "added").length,
  }
}
