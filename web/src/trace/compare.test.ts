import { describe, expect, it } from "vitest"
import type { Step } from "./api"
import { differencesOf, fieldsApart, firstOf, merged } from "./compare"
import { rowsOf } from "./model"

const step = (id: string, more: Partial<Step> = {}): Step => ({ id, type: "upsert_activity", title: id, summary: id, state: "ran", ...more })
const value = (v: number) => [{ name: "value", title: "Value", formula: "=x", value: v }]
const run = (...steps: Step[]) => ({ steps })
const loop = (...items: Step[][]) =>
  step("each", {
    type: "for_each",
    count: items.length,
    items: items.map((steps, i) => ({ index: i + 1, value: i, status: "succeeded" as const, steps })),
  })
const fork = (taken: "then" | "else", ...inside: Step[]) =>
  step("fork", {
    type: "if_else",
    branch: taken,
    branches: [{ name: "then", taken: taken === "then", steps: inside.map((s) => (taken === "then" ? s : { ...s, state: "not_taken" as const })) }],
  })

describe("two runs", () => {
  it("that did the same differ in nothing", () => {
    const a = run(step("s1", { fields: value(1) }), loop([step("s2")]))
    expect(differencesOf(a, structuredClone(a))).toEqual([])
  })
  it("part where one went another way, and what is inside it is not told again", () => {
    const all = differencesOf(
      run(step("s1", { fields: value(1) }), fork("then", step("s2"))),
      run(step("s1", { fields: value(2) }), fork("else", step("s2"))),
    )
    expect(all).toEqual([
      { key: "s1", is: "values" },
      { key: "fork", is: "path" },
    ])
    expect(firstOf(all)?.key).toBe("fork")
  })
  it("tell what ended only one of them, and nothing of what neither ran", () => {
    const later = (state: Step["state"]) => step("after", { branches: [{ name: "then", taken: false, steps: [step("in", { state })] }] })
    const all = differencesOf(
      run(fork("else", step("stop", { type: "stop" })), { ...later("not_taken"), state: "ran" }, step("last", { state: "not_taken" })),
      run(fork("then", step("stop", { type: "stop" })), { ...later("not_reached"), state: "ran" }, step("last", { state: "not_reached" })),
    )
    expect(all).toEqual([
      { key: "fork", is: "path" },
      { key: "fork/stop", is: "path" },
    ])
  })
  it("are told apart item by item", () =>
    expect(
      differencesOf(run(loop([step("s2")], [step("s2", { fields: value(1) })])), run(loop([step("s2")], [step("s2", { fields: value(2) })]))),
    ).toEqual([{ key: "each[1]/s2", is: "values" }]))
  it("have the steps of both, each where it would stand", () => {
    const [a, b] = [run(step("s1"), step("old"), step("s3")), run(step("s1"), step("new"), step("s3"), step("last"))]
    expect(differencesOf(a, b)).toEqual([
      { key: "new", is: "there" },
      { key: "old", is: "here" },
      { key: "last", is: "there" },
    ])
    const { rows, only } = merged(rowsOf(a, {}), rowsOf(b, {}))
    expect(rows.map((r) => r.key)).toEqual(["s1", "new", "old", "s3", "last"])
    expect([...only]).toEqual(["new", "last"])
  })
  it("name the fields that came to something else", () =>
    expect(fieldsApart(step("s", { fields: value(1) }), step("s", { fields: value(2) }))).toEqual([
      { name: "value", title: "Value", here: 1, there: 2 },
    ]))
})
