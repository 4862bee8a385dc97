import { describe, expect, it } from "vitest"
import { library } from "../expression/fixture"
import type { DryRun } from "../spec/api"
import type { Instruction, Spec } from "../spec/document"
import type { Expr, Step } from "../trace/api"
import { applyFix } from "./fix"
import { changeType, lost } from "./keep"
import { exprOf, rowNear, rowOf, valuesOf } from "./live"
import { namesBefore } from "./names"
import { stepsNamed } from "./reached"

const v = (path: string) => ({ type: "var", var: path })
const type = (name: string) => library.instruction(name) ?? expect.fail(name)

describe("a step of another type", () => {
  const sale: Instruction = {
    type: "upsert_sale",
    id: "s1",
    note: "why",
    external_id: v("event.id"),
    agent_external_identity: v("agent"),
    sold_at: v("at"),
    contact_key: v("event.ref"),
    return_as: "sale",
    "x-team": 1,
  }
  it("keeps what goes by the same name, and what is not of a type", () => {
    const made = changeType(sale, type("upsert_activity"), library)
    expect(made).toEqual({
      type: "upsert_activity",
      id: "s1",
      note: "why",
      external_id: v("event.id"),
      agent_external_identity: v("agent"),
      contact_key: v("event.ref"),
      return_as: "sale",
      "x-team": 1,
    })
    expect(Object.keys(made).slice(0, 4)).toEqual(["type", "id", "note", "external_id"])
    expect(lost(sale, made)).toEqual(["sold_at"])
  })
  it("gets back what it held when it was of that type", () => {
    const activity = changeType(sale, type("upsert_activity"), library)
    const changed = { ...activity, external_id: v("event.other") }
    const back = changeType(changed, type("upsert_sale"), library, sale)
    expect(back.sold_at).toEqual(v("at"))
    expect(back.external_id).toEqual(v("event.other")) // what is there now counts
  })
  it("becomes a block with its lists, and a block of a block keeps the steps within", () => {
    expect(changeType(sale, type("if_else"), library)).toMatchObject({ type: "if_else", then: [], id: "s1" })
    expect(changeType(sale, type("if_else"), library).return_as).toBeUndefined()
    const loop: Instruction = { type: "for_each", id: "s2", list: v("event.lines"), item_var: "line", body: [sale] }
    expect(changeType(loop, type("if_else"), library)).toMatchObject({ type: "if_else", then: [sale] })
    const branch: Instruction = { type: "if_else", id: "s3", condition: v("a"), then: [sale], else: [] }
    expect(changeType(branch, type("for_each"), library)).toMatchObject({ body: [sale], item_var: "item" })
  })
  it("lets a literal go that cannot stand in the other field", () => {
    const stop: Instruction = { type: "stop", id: "s4", reason: { type: "literal", value: "no" } }
    expect(changeType(stop, type("upsert_sale"), library).reason).toBeUndefined()
  })
})

describe("a quick fix", () => {
  const spec: Spec = {
    spec: 1,
    source_model: "webhook.payload",
    instructions: [{ type: "upsert_sale", id: "s1", contract_value: v("event.amount"), vaule: 1 }],
  }
  it("makes its edits one after the other, and changes nothing in place", () => {
    const wrapped = applyFix(spec, {
      title: "",
      edits: [{ op: "replace", path: "/instructions/0/contract_value", value: { type: "parse_number", text: v("event.amount") } }],
    })
    expect(wrapped.instructions[0]?.contract_value).toMatchObject({ type: "parse_number" })
    expect(spec.instructions[0]?.contract_value).toEqual(v("event.amount"))
    const moved = applyFix(spec, { title: "", edits: [{ op: "move", from: "/instructions/0/vaule", path: "/instructions/0/value" }] })
    expect(Object.keys(moved.instructions[0] ?? {})).toEqual(["type", "id", "contract_value", "value"])
    const gone = applyFix(spec, { title: "", edits: [{ op: "remove", path: "/instructions/0/vaule" }] })
    expect(gone.instructions[0]).not.toHaveProperty("vaule")
    const before = applyFix(spec, { title: "", edits: [{ op: "add", path: "/instructions/0", value: { type: "stop" } }] })
    expect(before.instructions.map((s) => s.type)).toEqual(["stop", "upsert_sale"])
    expect(before.instructions[0]?.id).toBeTruthy()
  })
})

describe("the value of a slot in a trace", () => {
  const leaf = (formula: string, value: string): Expr => ({ type: "var", formula, evaluated: true, value })
  const concat: Expr = {
    type: "concat",
    formula: "concat(event.a, event.b)",
    evaluated: true,
    value: "xy",
    arguments: [
      { name: "arguments[0]", expr: leaf("event.a", "x") },
      { name: "arguments[1]", expr: leaf("event.b", "y") },
    ],
  }
  const step = {
    fields: [
      { name: "external_id", formula: "=concat(event.a, event.b)", tree: concat },
      { name: "energy_meta.gas_usage", formula: "=event.gas", tree: leaf("event.gas", "9") },
      { name: "period_types", formula: "", list: [leaf("event.p", "p"), leaf("event.q", "q")] },
    ],
  } as unknown as Step
  it("is found for a field, a part of one, one of a group and one of a list", () => {
    expect(exprOf(step, "/external_id")?.value).toBe("xy")
    expect(exprOf(step, "/external_id/arguments/1")?.value).toBe("y")
    expect(exprOf(step, "/energy_meta/gas_usage")?.value).toBe("9")
    expect(exprOf(step, "/period_types/1")?.value).toBe("q")
    for (const no of ["/moment", "/external_id/arguments/7", "/energy_meta", "/period_types/4"]) expect(exprOf(step, no), no).toBeUndefined()
  })
})

describe("the values at a step", () => {
  const step = (id: string, more: Partial<Step> = {}): Step => ({ id, type: "stop", title: "", summary: "", state: "ran", ...more })
  const instructions = [
    { type: "stop", id: "a" },
    { type: "for_each", id: "loop", body: [{ type: "stop", id: "in" }] },
    { type: "stop", id: "new" },
  ]
  const spec: Spec = { spec: 1, source_model: "webhook.payload", instructions }
  const run = {
    spec: { version: 0, text: "", tree: spec },
    trace: {
      var: "event",
      item: { day: "gisteren" },
      constants: { prefix: "x" },
      enrichments: null,
      steps: [step("a", { returns: { name: "agent", value: "A" } } as Partial<Step>), step("loop", { state: "disabled" })],
    },
  } as unknown as DryRun
  const seen = (id: string) => Object.fromEntries(valuesOf(run, rowOf(run, id, {}) ?? rowNear(run, spec, id, {})))
  it("are there where the step was left out, is within what was, or is newer than the run", () => {
    const all = { event: { day: "gisteren" }, prefix: "x", agent: "A" }
    expect(seen("loop")).toEqual(all)
    expect(seen("in")).toEqual(all)
    expect(seen("new")).toEqual(all)
  })
  it("are those of the delivery where nothing ran", () => {
    const bare = { ...run, trace: { ...run.trace, steps: [] } } as unknown as DryRun
    expect(Object.fromEntries(valuesOf(bare, rowNear(bare, spec, "a", {})))).toEqual({ event: { day: "gisteren" }, prefix: "x" })
  })
})

describe("the names at a step", () => {
  const spec: Spec = {
    spec: 1,
    source_model: "webhook.payload",
    var: "deal",
    constants: [{ name: "prefix", type: "string" }],
    instructions: [
      { type: "upsert_sale", id: "s1", return_as: "sale" },
      {
        type: "for_each",
        id: "s2",
        list: v("deal.lines"),
        item_var: "line",
        body: [
          { type: "stop", id: "s3" },
          { type: "stop", id: "s4" },
        ],
      },
      { type: "upsert_sale", id: "s5", return_as: "other" },
    ],
  }
  it("are those bound before it and around it, and no others", () => {
    const at = (id: string) => namesBefore(spec, id, library).map((n) => n.name)
    expect(at("s1")).toEqual(["deal", "prefix"])
    expect(at("s4")).toEqual(["deal", "prefix", "sale", "line"])
    expect(at("s5")).toEqual(["deal", "prefix", "sale"])
    expect(namesBefore(spec, "s4", library).find((n) => n.name === "line")).toMatchObject({ origin: "item", data: "lines[]" })
  })
})

it("a trace tells each time a step ran, within loops too", () => {
  const step = (id: string, more: Partial<Step> = {}): Step => ({ id, type: "stop", title: "", summary: "", state: "ran", ...more })
  const steps = [step("a", { items: [1, 2].map((index) => ({ index, value: null, status: "succeeded" as const, steps: [step("b")] })) })]
  expect(stepsNamed(steps).get("b")).toHaveLength(2)
})
