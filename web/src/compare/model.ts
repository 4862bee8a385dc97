// A backtest as a person reads it: kinds of change in the order in which they matter, and one sentence on top.
import type { Num } from "../api/exact"
import { t } from "../text"
import type { V } from "../trace/api"
import type { Backtest, Group, StatusGroup } from "./api"

export type Weight = "fails" | "succeeds" | "ends" | "gone" | "changed" | "new"

export interface Example {
  delivery: string | undefined
  externalId: string
  before?: V
  after?: V
  message?: string
}

// Kind is all differences of one kind: one row of the table.
export interface Kind {
  key: string
  weight: Weight
  noun: string
  field: string
  what: string
  step: string
  count: number
  heldBack: number
  examples: Example[]
}

const rank: Record<string, number> = { succeeded: 0, skipped: 0, waiting: 0, partial: 1, failed: 2 }

function weightOf(g: StatusGroup): Weight {
  const worse = (rank[g.tried] ?? 0) - (rank[g.live ?? "succeeded"] ?? 0)
  return worse > 0 ? "fails" : worse < 0 ? "succeeds" : "ends"
}

const order: Weight[] = ["fails", "succeeds", "ends", "gone", "changed", "new"]

export function kindsOf(b: Pick<Backtest, "statuses" | "differences">): Kind[] {
  const kinds = [...b.statuses.map(ofStatus), ...b.differences.map((g) => ofGroup(g))]
  return kinds.sort((a, z) => order.indexOf(a.weight) - order.indexOf(z.weight) || z.count - a.count)
}

function ofStatus(g: StatusGroup): Kind {
  return {
    key: `end ${g.live} ${g.tried} ${g.code} ${g.step}`,
    weight: weightOf(g),
    noun: "",
    field: "",
    what: [wasBefore(g), g.examples[0]?.message].filter(Boolean).join(": "),
    step: g.step ?? "",
    count: g.count,
    heldBack: 0,
    examples: g.examples.map((e) => ({ delivery: e.delivery_id, externalId: "", message: e.message })),
  }
}

// wasBefore says how the deliveries end under the live version: two groups that fail alike may come from different ends.
function wasBefore(g: StatusGroup): string {
  if (g.live === g.tried) return ""
  const words: Record<string, string> = {
    succeeded: t("succeeds today"),
    skipped: t("is skipped today"),
    waiting: t("waits today"),
    partial: t("fails in part today"),
    failed: t("fails today"),
  }
  return words[g.live ?? ""] ?? ""
}

export function ofGroup(g: Group): Kind {
  return {
    key: `${g.noun} ${g.field} ${g.change} ${g.step} ${g.cause}`,
    weight: g.kind,
    noun: g.noun,
    field: g.field ?? "",
    what: (otherIDs(g) ?? changeWords(g.change)) + sumOf(g),
    step: g.step ?? "",
    count: g.count,
    heldBack: g.held_back,
    examples: g.examples.map((e) => ({ delivery: e.delivery_id ?? undefined, externalId: e.external_id, before: e.before, after: e.after })),
  }
}

// otherIDs names the ids themselves where their shape is the same before and after, which says nothing.
function otherIDs(g: Group): string | undefined {
  const [before, after] = /^would be written under another external_id: (.*)$/s.exec(g.change)?.[1]?.split(" → ", 2) ?? []
  const e = g.examples[0]
  if (before === undefined || before !== after || typeof e?.before !== "string" || typeof e.after !== "string") return undefined
  return t("would be written under another external id: {shape}", { shape: `${e.before} → ${e.after}` })
}

// changeWords says what kind of change it is, which the server tells in a few fixed phrases.
export function changeWords(change: string): string {
  const fixed: Record<string, string> = {
    "would no longer be written": t("would no longer be written"),
    "would be written, too": t("would be written, too"),
    "would be locked": t("would be locked"),
    "would no longer be locked": t("would no longer be locked"),
    "upper and lower case or spaces changed": t("upper and lower case or spaces changed"),
  }
  if (fixed[change]) return fixed[change]
  const id = /^would be written under another external_id: (.*)$/s.exec(change)
  if (id) return t("would be written under another external id: {shape}", { shape: id[1] ?? "" })
  const other = /^(.+) changed$/.exec(change)
  if (other) return t("{what} changed", { what: kindWord(other[1] ?? "") })
  const [before, after] = change.split(" → ", 2)
  return before !== undefined && after !== undefined ? `${kindWord(before)} → ${kindWord(after)}` : change
}

function kindWord(kind: string): string {
  const words: Record<string, string> = {
    null: t("empty"),
    text: t("text"),
    number: t("number"),
    boolean: t("yes or no"),
    datetime: t("moment"),
    list: t("list"),
    object: t("object"),
    true: t("yes"),
    false: t("no"),
  }
  return words[kind] ?? kind
}

// sumOf tells which way numbers go, where all examples go the same way.
function sumOf(g: Group): string {
  const pairs = g.examples.map((e) => [asNumber(e.before), asNumber(e.after)] as const)
  if (pairs.length === 0 || pairs.some(([a, b]) => a === undefined || b === undefined)) return ""
  if (pairs.every(([a, b]) => (b ?? 0) > (a ?? 0))) return `, ${t("higher")}`
  return pairs.every(([a, b]) => (b ?? 0) < (a ?? 0)) ? `, ${t("lower")}` : ""
}

function asNumber(v: V | undefined): number | undefined {
  return typeof v === "number"
    ? v
    : v !== null && typeof v === "object" && !Array.isArray(v) && "text" in v
      ? Number((v as Num).toString())
      : undefined
}

export function differing(b: Backtest): number {
  return b.deliveries - b.tally.same
}

// sentence is what the whole comes to, and what of it matters most.
export function sentence(b: Backtest): { title: string; more: string[] } {
  const { now_fails, now_succeeds } = b.tally
  const more: string[] = []
  if (now_succeeds > 0)
    more.push(t("{n, plural, one {# that fails today would succeed.} other {# that fail today would succeed.}}", { n: now_succeeds }))
  const skipped = b.statuses.filter((g) => g.live === "skipped" && weightOf(g) === "fails").reduce((n, g) => n + g.count, 0)
  const succeeding = now_fails - skipped
  if (succeeding > 0) more.push(t("{n, plural, one {# that succeeds today would fail.} other {# that succeed today would fail.}}", { n: succeeding }))
  if (skipped > 0) more.push(t("{n, plural, one {# that is skipped today would fail.} other {# that are skipped today would fail.}}", { n: skipped }))
  if (b.deliveries === 0) return { title: t("No delivery could be tried"), more }
  const n = differing(b)
  if (n === 0) return { title: t("{n, plural, one {# delivery} other {# deliveries}}, and nothing comes out differently", { n: b.deliveries }), more }
  return { title: t("{n} of {all, plural, one {# delivery comes} other {# deliveries come}} out differently", { n, all: b.deliveries }), more }
}
