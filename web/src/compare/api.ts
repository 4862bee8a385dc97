// What the compare screen asks of the server: a spec over the last deliveries, beside the live version.
import { queryOptions } from "@tanstack/react-query"
import { api, Failed, given, knows, type Of, page, refused, thing } from "../api/client"
import { type Num, parseExact } from "../api/exact"
import type { Definition } from "../metric/api"
import { check, type DryRun, dryRunAsTest } from "../spec/api"
import type { Spec } from "../spec/document"
import { language, t } from "../text"
import type { V } from "../trace/api"

export type Group = Of<"BacktestGroup", { examples: Of<"BacktestExample", { before: V; after: V }>[] }>
export type StatusGroup = Of<"StatusGroup">
export type MoveFor = Of<"MetricMoveFor", { id: string | null; now: Num | null; then: Num | null }>
export type MetricMove = Of<
  "MetricMove",
  {
    definition: Definition
    now: Num | null
    then: Num | null
    agents: MoveFor[]
    teams: MoveFor[]
  }
>
export type MetricMoves = Of<"MetricMoves", { from: string | null; to: string | null; moves: MetricMove[] }>
export type Backtest = Of<"Backtest", { differences: Group[]; records: Group[]; statuses: StatusGroup[]; tally: Of<"Tally">; metrics: MetricMoves }>
export type Draft = Of<"Draft", { tree: Spec | null }>

// Tried is which spec is held against the live one: a saved version, or one's own draft.
export type Tried = { version: number } | { spec: Spec | string }

export interface Ask {
  deliveries: number
  source_id?: string | undefined
  received_from?: string | undefined
  received_until?: string | undefined
  failing?: boolean | undefined
  identified_by?: string | undefined
}

export interface Progress {
  done: number
  total?: number
}

// draftQuery is one's own draft of a processor's spec; null: there is none.
export const draftQuery = (processor: string) =>
  queryOptions({
    queryKey: ["processor", processor, "draft", "compared"], // the builder keeps another shape of it
    queryFn: async ({ signal }) => {
      const answer = await thing(api.GET("/v1/processors/{id}/draft", { params: { path: { id: processor } }, signal }))
      return answer.draft as Draft | null
    },
    staleTime: 0,
  })

export const contentOf = (draft: Draft): Spec | string => draft.tree ?? draft.text ?? ""

// backtest runs it, telling how far it is, until it ends or the signal does.
export async function backtest(processor: string, tried: Tried, ask: Ask, signal: AbortSignal, progress: (p: Progress) => void): Promise<Backtest> {
  const answer = await fetch(`/v1/processors/${encodeURIComponent(processor)}/backtest`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/x-ndjson, application/json", "Accept-Language": language() },
    body: JSON.stringify({ ...tried, ...given(ask) }),
    signal,
  }).catch((cause: unknown) => {
    if (signal.aborted) throw cause
    throw new Failed(0, "NO_ANSWER", t("The server did not answer. Check that it runs and that this machine is online."))
  })
  knows(answer.status)
  if (!answer.ok || !answer.body) throw refused(answer.status, await readable(answer))
  const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let kept = ""
  for (;;) {
    const { done, value } = await lines.read()
    kept += value ?? ""
    const parts = kept.split("\n")
    kept = done ? "" : (parts.pop() ?? "")
    for (const line of parts) {
      if (line === "") continue
      const said = parseExact(line) as { progress?: Progress; data?: Backtest; error?: unknown }
      if (said.progress) progress(said.progress)
      if (said.error) throw refused(answer.status, said)
      if (said.data) return said.data
    }
    if (done) throw new Failed(0, "CUT_OFF", t("The answer ended before it was whole. Run it again."))
  }
}

// saveTries is how much is tried before a save of what is live: so much that it says something, so little that nobody waits.
const saveTries = { deliveries: 250, milliseconds: 2_000 } as const

// Foreseen is what the last deliveries would come to under a version that is to replace what runs.
export interface Foreseen {
  nowFails: number // that the live version does not fail on
  of: number // deliveries that were tried
  since: string | null
  untried: boolean // it could not be told in time: a save waits for nobody
}

export const nothingForeseen: Foreseen = { nowFails: 0, of: 0, since: null, untried: false }

// foresee tries a version on the last deliveries, for as long as somebody who saves can wait.
export async function foresee(processor: string, tried: Tried): Promise<Foreseen> {
  try {
    const found = await backtest(processor, tried, { deliveries: saveTries.deliveries }, AbortSignal.timeout(saveTries.milliseconds), () => {})
    return { nowFails: found.tally.now_fails, of: found.deliveries, since: found.since, untried: false }
  } catch (e) {
    // What does not read or check is refused by the save itself, and without a source there is nothing to try.
    const told = e instanceof Failed && (e.status === 422 || e.status === 409)
    return { ...nothingForeseen, untried: !told }
  }
}

async function readable(answer: Response): Promise<unknown> {
  try {
    return parseExact(await answer.text())
  } catch {
    return undefined // a proxy's page: the status says enough
  }
}

// dryRunQuery is what a spec does with one delivery, now.
export const dryRunQuery = (processor: string, tried: Tried, delivery: string, name: string) =>
  queryOptions({
    queryKey: ["dry-run", processor, delivery, name],
    queryFn: ({ signal }) =>
      thing(
        api.POST("/v1/processors/{id}/dry-run", { params: { path: { id: processor } }, body: { ...tried, delivery_id: delivery } as never, signal }),
      ) as unknown as Promise<DryRun>,
    staleTime: 30_000,
    structuralSharing: false, // a trace is large, and another one is another one
  })

// runOf is the last run of a processor on a delivery that can be made a test.
async function runOf(processor: string, delivery: string): Promise<string | undefined> {
  const runs = await page(api.GET("/v1/executions", { params: { query: { processor_id: processor, delivery_id: delivery, per_page: 10 } } }))
  return runs.rows.find((e) => e.status !== "waiting" && e.status !== "running")?.id
}

export interface Added {
  made: number
  without: number // deliveries on which it never ran
}

// addTests makes tests of the runs on deliveries: into the draft where one is compared, else into the saved spec.
export async function addTests(
  processor: string,
  deliveries: { id: string; name: string }[],
  draft: Draft | null,
  ofDraft: boolean, // what it would do with them, instead of what ran
): Promise<Added> {
  if (draft && ofDraft) {
    await addMade(processor, deliveries, draft, (d, name, tree) => dryRunAsTest(processor, tree as Spec, d.id, name))
    return { made: deliveries.length, without: 0 }
  }
  const runs: { id: string; name: string }[] = []
  for (const d of deliveries) {
    const id = await runOf(processor, d.id)
    if (id) runs.push({ id, name: d.name })
  }
  await addRuns(processor, runs, draft)
  return { made: runs.length, without: deliveries.length - runs.length }
}

// addRuns makes tests of executions.
export const addRuns = (processor: string, runs: { id: string; name: string }[], draft: Draft | null): Promise<void> =>
  addMade(processor, runs, draft, (run, name, tree) =>
    thing(api.POST("/v1/executions/{id}/as-test", { params: { path: { id: run.id } }, body: { name, save: tree === undefined } })),
  )

async function addMade(
  processor: string,
  from: { id: string; name: string }[],
  draft: Draft | null,
  make: (one: { id: string; name: string }, name: string, tree: Spec | undefined) => Promise<{ tree: unknown }>,
): Promise<void> {
  let tree = draft?.tree ?? undefined
  if (draft && !tree) tree = (await check(processor, draft.text ?? "", new AbortController().signal)).tree
  if (draft && !tree)
    throw new Failed(422, "UNREADABLE", t("The draft cannot be read as it stands, so no test can be added to it. Mend it in the builder first."))
  for (const one of from) {
    const made = await make(one, unused(one.name, tree), tree)
    if (tree) tree = { ...tree, tests: [...(tree.tests ?? []), made.tree as never] }
  }
  if (tree && draft && from.length > 0)
    await thing(
      api.PUT("/v1/processors/{id}/draft", {
        params: { path: { id: processor }, query: { base_version: draft.base_version, revision: draft.revision } },
        body: JSON.stringify(tree) as never,
        bodySerializer: (sent: unknown) => String(sent),
        headers: { "Content-Type": "application/json" },
      }),
    )
}

function unused(name: string, tree: Spec | undefined): string {
  const taken = new Set((tree?.tests ?? []).map((x) => (x as { name?: string }).name))
  for (let n = 1; ; n++) {
    const one = n === 1 ? name : `${name} (${n})`
    if (!taken.has(one)) return one
  }
}

// saveDraft makes the draft the live version, unless somebody saved another one meanwhile.
export async function saveDraft(processor: string, draft: Draft): Promise<number> {
  const content = contentOf(draft)
  const saved = await thing(
    api.PUT("/v1/processors/{id}/spec", {
      params: { path: { id: processor }, query: { base_version: draft.base_version } },
      body: (typeof content === "string" ? content : JSON.stringify(content)) as never,
      bodySerializer: (sent: unknown) => String(sent),
      headers: { "Content-Type": typeof content === "string" ? "application/yaml" : "application/json" },
    }),
  )
  await api.DELETE("/v1/processors/{id}/draft", { params: { path: { id: processor } } })
  return saved.version
}
