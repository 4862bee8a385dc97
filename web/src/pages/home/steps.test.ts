import { expect, it } from "vitest"
import { steps, type There } from "./steps"

const provider = { id: "prv_1" }
const processor = { id: "prc_1", version: 0, state: "disabled" as const, sources: 0 }
const source = { id: "src_1", provider_id: "prv_1", processors: 0 }

const there = (more: Partial<There>): There => ({ providers: [], sources: [], processors: [], ...more })

it.each<[string, There, number]>([
  ["nothing", there({}), 0],
  ["a provider", there({ providers: [provider] }), 1],
  ["a source", there({ providers: [provider], sources: [source] }), 2],
  ["a processor", there({ providers: [provider], sources: [source], processors: [processor] }), 3],
  ["a link", there({ providers: [provider], sources: [{ ...source, processors: 1 }], processors: [{ ...processor, sources: 1 }] }), 4],
  ["a spec", there({ providers: [provider], sources: [{ ...source, processors: 1 }], processors: [{ ...processor, sources: 1, version: 1 }] }), 5],
])("with %s, the next step is seen", (_, state, done) => {
  expect(steps(state).map((s) => s.done)).toEqual([0, 1, 2, 3, 4, 5].map((i) => i < done))
})

it("leads to the thing that is there", () => {
  const all = steps(there({ providers: [provider], sources: [source], processors: [processor] }))
  expect(all.map((s) => s.to)).toEqual([
    "/providers",
    "/providers/prv_1",
    "/processors",
    "/providers/prv_1",
    "/processors/prc_1/spec",
    "/processors/prc_1",
  ])
})
