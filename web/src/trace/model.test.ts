import { describe, expect, it } from "vitest"
import type { Expr, Item, Step, Trace } from "./api"
import { changesOf, choose, firstChanged, firstFailed, itemOrder, itemOutcome, keyOf, leftOut, readsOf, rowsOf, stepAt, valuesAt } from "./model"

// A small trace: agent, then a branch with a sale and a loop over two lines, the second of which failed.
const literal: Expr = { type: "literal", formula: "1", evaluated: true, value: 1 }
const step = (id: string, more: Partial<Step> = {}): Step => ({ id, type: "upsert_activity", title: id, summary: id, state: "ran", ...more })
const record = (external_id: string) => ({ noun: "activity", external_id, fields_after: [], before: [], locked: [], stale: [] })
const error = { code: "unreadable", message: "no number", field: "value" }
const items: Item[] = [
  {
    index: 1,
    value: { sku: "a" },
    status: "succeeded",
    steps: [step("s4", { outcome: "created", record: record("a") }), step("s5", { type: "define_variable", returns: { name: "total", value: 1 } })],
  },
  { index: 2, value: { sku: "b" }, status: "failed", error, steps: [step("s4", { state: "failed", error }), step("s5", { state: "not_reached" })] },
]
const trace: Trace = {
  execution: {
    id: "exe_1",
    delivery_id: "dlv_1",
    source_id: "src_1",
    source_name: "",
    processor_id: "prc_1",
    processor_name: "",
    version: 1,
    status: "partial",
    kind: "live",
    received_at: "",
    ran_at: "",
    counts: { created: 1, updated: 0, unchanged: 0, skipped: 0, failed: 1 },
  },
  spec: {
    version: 1,
    text: "",
    tree: {
      instructions: [
        { type: "upsert_agent_external_identity", id: "s1", return_as: "agent" },
        { type: "define_variable", id: "s0", return_as: "total" },
        {
          type: "if_else",
          id: "s2",
          then: [
            { type: "upsert_sale", id: "s3", return_as: "sale" },
            { type: "for_each", id: "s6", item_var: "line", index_var: "n", body: [] },
          ],
          else: [{ type: "stop", id: "s7" }],
        },
        { type: "upsert_activity", id: "s8" },
      ],
    },
  },
  digest_matches: true,
  language_revision: 1,
  var: "event",
  item: { id: 5 },
  constants: { rate: 1.21 },
  enrichments: { "event.contact": { city: "Zwolle" } },
  steps: [
    step("s1", {
      type: "upsert_agent_external_identity",
      outcome: "found",
      record: record("7"),
      returns: { name: "agent", value: { $ref: { noun: "agent", external_id: "7" } } },
    }),
    step("s0", { type: "define_variable", returns: { name: "total", value: 0 } }),
    step("s2", {
      type: "if_else",
      branch: "then",
      branches: [
        {
          name: "then",
          taken: true,
          steps: [
            step("s3", { outcome: "updated", record: record("sale"), returns: { name: "sale", value: "x" } }),
            step("s6", { type: "for_each", count: 2, items }),
          ],
        },
        { name: "else", taken: false, steps: [step("s7", { type: "stop", state: "not_taken" })] },
      ],
    }),
    step("s8", { outcome: "unchanged", record: record("last") }),
  ],
}

const keys = (rows: { key: string }[]) => rows.map((r) => r.key)

describe("rows", () => {
  it("read like the spec, at the item that failed", () => {
    expect(keys(rowsOf(trace, {}))).toEqual(["s1", "s0", "s2", "s2:then", "s2/s3", "s2/s6", "s2/s6[1]/s4", "s2/s6[1]/s5", "s2:else", "s2/s7", "s8"])
  })
  it("show another item when it is chosen, under the same numbers", () => {
    const rows = rowsOf(trace, { "s2/s6": 0 })
    expect(keys(rows)).toContain("s2/s6[0]/s4")
    expect(rows.filter((r) => r.kind === "step").map((r) => r.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(rows.find((r) => r.key === "s2/s7")?.faint).toBe(true)
  })
  it("open at the first record that was made or changed, where nothing failed", () => {
    const same = step("s1", { outcome: "unchanged" })
    const line = (n: number, ...steps: Step[]): Item => ({ index: n, value: {}, status: "succeeded", steps })
    const loop = step("s2", {
      type: "for_each",
      items: [
        line(1, step("s3", { outcome: "unchanged" })),
        line(2, step("s3", { outcome: "created", undone: true }), step("s4", { outcome: "updated" })),
      ],
    })
    expect(firstChanged({ steps: [same, loop] })).toBe("s2[1]/s4")
    expect(firstChanged({ steps: [same] })).toBeUndefined()
  })
  it("open at what failed", () => expect(firstFailed(rowsOf(trace, {}))?.key).toBe("s2/s6[1]/s4"))
  it("a key chooses the items it lies in", () => expect(choose("s2/s6[0]/s9[3]/s4", {})).toEqual({ "s2/s6": 0, "s2/s6[0]/s9": 3 }))
})

describe("values", () => {
  const at = (key: string, chosen = {}) => {
    const row = rowsOf(trace, choose(key, chosen)).find((r) => r.key === key)
    if (!row) throw new Error(`no row ${key}`)
    return Object.fromEntries(valuesAt(trace, row).map((b) => [b.name, b.value]))
  }
  const agent = { $ref: { noun: "agent", external_id: "7" } }
  const event = { id: 5, contact: { city: "Zwolle" } }

  it("begin with the delivery, its enrichments and the constants", () => expect(at("s1")).toEqual({ event, rate: 1.21 }))
  it("have the item and index inside a loop", () =>
    expect(at("s2/s6[0]/s5")).toEqual({ event, rate: 1.21, agent, total: 0, sale: "x", line: { sku: "a" }, n: 1 }))
  it("keep assignments of good items after the loop, and names every open branch binds", () =>
    expect(at("s8")).toEqual({ event, rate: 1.21, agent, total: 1, sale: "x" }))
})

describe("reads", () => {
  it("mark what was read, and what an expression failed on", () => {
    const path = (formula: string): Expr => ({ type: "var", formula, evaluated: true, value: "" })
    const failing: Expr = { type: "parse_number", formula: "", evaluated: true, error, arguments: [{ name: "text", expr: path("line.price") }] }
    const whole: Expr = {
      type: "multiply",
      formula: "",
      evaluated: false,
      error,
      arguments: [
        { name: "0", expr: failing },
        { name: "1", expr: path('event["odd key"][0].id') },
        { name: "2", expr: literal },
      ],
    }
    const field = (name: string, tree: Expr) => ({ name, title: name, formula: "", tree })
    expect([...readsOf(step("s", { fields: [field("value", whole)] }))]).toEqual([
      ["line\nprice", true],
      ["event\nodd key\n0\nid", false],
    ])
  })
})

describe("changes", () => {
  it("come failures first, over all items", () =>
    expect(changesOf(trace).map((c) => `${c.outcome} ${c.key}`)).toEqual([
      "failed s2/s6[1]/s4",
      "changed s2/s3",
      "new s2/s6[0]/s4",
      "same s1",
      "same s8",
    ]))
  it("an item shows the strongest thing it did", () => expect(items.map(itemOutcome)).toEqual(["new", "failed"]))
})

describe("a trace in parts", () => {
  const parts: Trace = {
    ...trace,
    spec: {
      ...trace.spec,
      tree: {
        instructions: [
          { type: "define_variable", id: "s0", return_as: "total" },
          { type: "for_each", id: "s6", item_var: "line", body: [{ type: "if_else", id: "f", then: [{ type: "upsert_activity", id: "s4" }] }] },
        ],
      },
    },
    steps: [
      step("s0", { type: "define_variable", returns: { name: "total", value: 0 } }),
      step("s6", {
        type: "for_each",
        count: 3,
        items: [
          {
            index: 1,
            value: null,
            status: "succeeded",
            steps: [],
            left_out: true,
            did: "created",
            sets: [
              { name: "total", value: 5 },
              { name: "own", value: 1 },
            ],
          },
          {
            index: 2,
            value: { sku: "b" },
            status: "succeeded",
            steps: [step("f", { type: "if_else", branch: "then", branches: [{ name: "then", taken: true, steps: [step("s4")] }] })],
          },
          { index: 3, value: null, status: "failed", steps: [], left_out: true, sets: [] },
        ],
      }),
    ],
    changes: [
      { key: "s6[2]/f/s4", type: "upsert_activity", external_id: "c", failed: true },
      { key: "s6[0]/f/s4", type: "upsert_activity", external_id: "a", outcome: "created" },
    ],
    changes_all: 2,
  }
  const items = parts.steps[1]?.items ?? []
  it("knows what an item did that is not there", () => expect(items.map(itemOutcome)).toEqual(["new", "skipped", "failed"]))
  it("knows which rows are not there", () => {
    expect(["s0", "s6", "s6[1]/f/s4", "s6[0]/f/s4", "s6[2]/f"].map((k) => leftOut(parts, k))).toEqual([false, false, false, true, true])
    expect(stepAt(parts, "s6[1]/f/s4")?.id).toBe("s4")
    expect(stepAt(parts, "s6[0]/f/s4")).toBeUndefined()
  })
  it("finds the row of a step in an item that is not there", () => {
    expect(keyOf(parts, "s4", [3])).toBe("s6[2]/f/s4")
    expect(keyOf(parts, "s4", [])).toBe("s6[1]/f/s4")
  })
  it("has in names from outside what the items before left there, and nothing of their own", () => {
    const row = rowsOf(parts, { s6: 1 }).find((r) => r.key === "s6[1]/f")
    expect(row && Object.fromEntries(valuesAt(parts, row).map((b) => [b.name, b.value]))).toMatchObject({ total: 5, line: { sku: "b" } })
    expect(row && valuesAt(parts, row).some((b) => b.name === "own")).toBe(false)
  })
  it("lists what all items wrote", () =>
    expect(changesOf(parts).map((c) => `${c.outcome} ${c.key} ${c.name}`)).toEqual(["failed s6[2]/f/s4 c", "new s6[0]/f/s4 a"]))
  it("shows failures first where there are more items than fit", () => {
    const many = Array.from({ length: 8 }, (_, i) => ({
      ...(items[1] as Item),
      index: i + 1,
      status: i === 5 ? ("failed" as const) : ("succeeded" as const),
    }))
    expect(itemOrder(many)).toEqual([5, 0, 1, 2, 3, 4, 6, 7])
    expect(itemOrder(many, true)).toEqual([5])
    expect(itemOrder(many.slice(2))).toEqual([0, 1, 2, 3, 4, 5])
  })
})
