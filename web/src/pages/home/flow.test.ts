import { expect, it } from "vitest"
import type { HomeData } from "../../pulse/api"
import { graphOf } from "./flow"

const source = (provider: string, id: string | null, total: number, state = "usual") =>
  ({ provider: { id: provider, name: provider }, source: id && { id, name: id }, total, state }) as HomeData["sources"][number]

const given: Parameters<typeof graphOf>[0] = {
  edges: ["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"],
  sources: [source("prv_1", "src_1", 10, "burst"), source("prv_1", null, 4), source("prv_2", "src_2", 20), source("prv_2", "src_3", 0, "silent")],
  flow: {
    runs: [
      { source_id: "src_1", processor: { id: "prc_1", name: "One" }, executions: 10, failed: 3 },
      { source_id: "src_2", processor: { id: "prc_1", name: "One" }, executions: 20, failed: 0 },
    ],
    records: [
      { provider_id: null, processor_id: "prc_1", kind: "sale", records: 27 },
      { provider_id: "prv_1", processor_id: null, kind: "call", records: 4 },
      { provider_id: null, processor_id: "prc_9", kind: "call", records: 1 }, // a processor that is deleted by now
    ],
  },
}

it("leads from providers by sources and processors to records", () => {
  const { columns, edges, more } = graphOf(given)
  expect(columns.map((nodes) => nodes.map((n) => n.id))).toEqual([
    ["prv_2", "prv_1"],
    ["src_2", "src_1", "fixed prv_1"],
    ["by fixed prv_1", "by prc_1"],
    ["sale", "call"],
  ])
  expect(columns[1].map((n) => n.is)).toEqual([undefined, "burst", undefined])
  expect(columns[2].map((n) => n.is)).toEqual([undefined, "failing"])
  expect(edges.map((e) => `${e.from} → ${e.to} ${e.n}${e.bad ? " bad" : ""}`)).toEqual([
    "prv_2 → src_2 20",
    "prv_1 → src_1 10",
    "prv_1 → fixed prv_1 4",
    "fixed prv_1 → by fixed prv_1 4",
    "src_1 → by prc_1 10 bad",
    "src_2 → by prc_1 20",
    "by prc_1 → sale 27",
    "by fixed prv_1 → call 4",
  ])
  const ids = new Set(columns.flat().map((n) => n.id))
  expect(edges.every((e) => ids.has(e.from) && ids.has(e.to))).toBe(true)
  expect(more).toBe(false)
})

it("shows the busiest sources where there are many, and says so", () => {
  const { columns, more } = graphOf(given, 1)
  expect(columns[1].map((n) => n.id)).toEqual(["src_2"])
  expect(more).toBe(true)
})
