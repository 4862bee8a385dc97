import { describe, expect, it } from "vitest"
import {
  afterStep,
  countOf,
  duplicate,
  type Expr,
  type Instruction,
  insert,
  move,
  outermost,
  placeBeside,
  remove,
  type Spec,
  setField,
  stepAt,
  stepOf,
  stepsById,
  walk,
  withIds,
} from "./document"
import { reach, readsOf, refusal, renameEnrichment, renameLoopName, renameResult, renameRoot, usesOf } from "./names"

const v = (path: string): Expr => ({ type: "var", var: path })
const lit = (value: string): Expr => ({ type: "literal", value })
const step = (id: string, type: string, more: object = {}): Instruction => ({ type, id, ...more })

// outline writes a spec as ids in brackets, so that a test reads as what it shows.
function outline(spec: Spec): string {
  const list = (steps: Instruction[]): string =>
    steps
      .map((s) => {
        const inside = [s.then, s.else, s.body].flatMap((b) => (b ? [`(${list(b as Instruction[])})`] : []))
        return s.id + inside.join("")
      })
      .join(" ")
  return list(spec.instructions)
}

const spec: Spec = {
  spec: 1,
  source_model: "webhook.payload",
  var: "deal",
  constants: [{ name: "prefix", type: "string" }],
  enrichments: [
    { name: "contact", of: "deal", use: "contact" },
    { name: "owner", of: "deal.contact", use: "user" },
  ],
  instructions: [
    step("a", "upsert_agent_external_identity", { external_id: v("deal.user.id"), return_as: "agent" }),
    step("b", "if_else", {
      condition: { type: "equals", left: v("deal.status"), right: lit("won") },
      then: [step("c", "upsert_sale", { external_id: v("deal.id"), agent_external_identity: v("agent"), return_as: "sale" }), step("d", "stop")],
      else: [],
    }),
    step("e", "for_each", { list: v("deal.lines"), item_var: "line", body: [step("f", "upsert_activity", { external_id: v("line.id") })] }),
    step("g", "define_variable", {
      value: { type: "concat", arguments: [v("prefix"), v("deal.contact.owner.name")] },
      return_as: "word",
    }),
  ],
}

describe("a spec", () => {
  it("is walked in order, with numbers and pointers", () => {
    const seen: string[] = []
    walk(spec, (f) => {
      seen.push(`${f.number} ${f.step.id} ${f.depth} ${f.pointer}`)
      return f.step.id !== "b"
    })
    expect(seen).toEqual([
      "1 a 0 /instructions/0",
      "2 b 0 /instructions/1",
      "5 e 0 /instructions/2",
      "6 f 1 /instructions/2/body/0",
      "7 g 0 /instructions/3",
    ])
    expect(countOf(spec.instructions[1] as Instruction)).toBe(3)
    expect(stepAt(spec, "/instructions/1/then/0/external_id/arguments/1")).toEqual({
      step: stepOf(spec, "c"),
      rest: ["external_id", "arguments", "1"],
    })
  })

  it("keeps what an edit leaves alone", () => {
    const next = setField(spec, "c", ["external_id"], v("deal.number"))
    expect(stepOf(next, "c")?.external_id).toEqual(v("deal.number"))
    expect(stepOf(next, "d")).toBe(stepOf(spec, "d"))
    expect(next.instructions[0]).toBe(spec.instructions[0])
    expect(stepOf(spec, "c")?.external_id).toEqual(v("deal.id"))
  })

  it("loses an empty group with its last field", () => {
    const set = setField(spec, "c", ["energy_meta", "gas_usage"], 5)
    expect(stepOf(set, "c")?.energy_meta).toEqual({ gas_usage: 5 })
    expect(stepOf(setField(set, "c", ["energy_meta", "gas_usage"], undefined), "c")).toEqual(stepOf(spec, "c"))
  })

  it("takes steps in, out and elsewhere", () => {
    expect(outline(spec)).toBe("a b(c d)() e(f) g")
    expect(outline(insert(spec, { owner: "b", key: "else", index: 0 }, [step("x", "fail")]).spec)).toBe("a b(c d)(x) e(f) g")
    expect(outline(remove(spec, ["c", "b", "g"]))).toBe("a e(f)")
    expect(outline(move(spec, ["a"], { key: "instructions", index: 3 }))).toBe("b(c d)() e(f) a g")
    expect(outline(move(spec, ["g", "d"], { owner: "b", key: "else", index: 0 }))).toBe("a b(c)(d g) e(f)")
    expect(outline(move(spec, ["a", "e"], { key: "instructions", index: 2 }))).toBe("b(c d)() a e(f) g")
    expect(outermost(spec, ["g", "c", "b"])).toEqual(["b", "g"])
  })

  it("gives what it copies ids of its own, within blocks as well", () => {
    const { spec: twice, ids } = duplicate(spec, ["b", "a"])
    expect(ids).toHaveLength(2)
    expect(stepsById(twice).size).toBe(11)
    expect(twice.instructions[2]?.id).toBe(ids[0])
    const same = withIds({ ...spec, instructions: [...spec.instructions, ...spec.instructions] })
    expect(stepsById(same).size).toBe(14)
    expect(same.instructions[0]?.id).toBe("a")
  })

  it("knows where one key takes a step", () => {
    expect(placeBeside(spec, "a", "up")).toBeUndefined()
    expect(placeBeside(spec, "c", "up")).toEqual({ key: "instructions", index: 1 })
    expect(placeBeside(spec, "d", "down")).toEqual({ owner: "b", key: "else", index: 0 })
    expect(placeBeside(spec, "f", "down")).toEqual({ key: "instructions", index: 3 })
    expect(placeBeside(spec, "f", "out")).toEqual({ key: "instructions", index: 3 })
    expect(placeBeside(spec, "g", "in")).toEqual({ owner: "e", key: "body", index: 1 })
    expect(afterStep(spec, undefined)).toEqual({ key: "instructions", index: 4 })
  })
})

describe("names", () => {
  it("are followed through branches and loops", () => {
    expect([...reach(spec).missing]).toEqual([])
    const broken = setField(spec, "g", ["value"], v("sale.id"))
    expect([...reach(broken).missing]).toEqual([["g", new Set(["sale"])]])
    expect([
      ...readsOf(step("x", "stop", { reason: '=concat("a.b", deal.x, map(deal.lines, line, line.y), round(n, decimals=two))' })).names,
    ]).toEqual(["deal", "line", "n", "two"])
  })

  it("refuse places where they would not be there, or twice", () => {
    expect(refusal(spec, ["b"], { owner: "b", key: "then", index: 0 })).toEqual({ why: "inside" })
    expect(refusal(spec, ["a"], { key: "instructions", index: 2 })).toEqual({ why: "missing", id: "c", name: "agent" })
    expect(refusal(spec, ["f"], { key: "instructions", index: 0 })).toEqual({ why: "missing", id: "f", name: "line" })
    expect(refusal(spec, ["g"], { key: "instructions", index: 0 })).toBeUndefined()
    const twice = insert(spec, { owner: "b", key: "else", index: 0 }, [step("h", "upsert_sale", { return_as: "word" })]).spec
    expect(refusal(twice, ["h"], { key: "instructions", index: 4 })).toEqual({ why: "taken", id: "h", name: "word" })
  })

  it("are renamed with all that reads them, and nothing else", () => {
    const next = renameResult(spec, "a", "seller")
    expect(stepOf(next, "a")?.return_as).toBe("seller")
    expect(stepOf(next, "c")?.agent_external_identity).toEqual(v("seller"))
    expect(next.instructions[3]).toBe(spec.instructions[3])
    const literal = setField(spec, "g", ["value"], lit("=agent"))
    expect(stepOf(renameResult(literal, "a", "seller"), "g")?.value).toEqual(lit("=agent"))
  })

  it("that every branch binds are renamed in every branch", () => {
    const both: Spec = {
      ...spec,
      instructions: [
        step("i", "if_else", {
          condition: true,
          then: [step("j", "define_variable", { value: 1, return_as: "x" })],
          else: [step("k", "define_variable", { value: 2, return_as: "x" })],
        }),
        step("l", "fail", { message: '=concat("x", x, event.x)' }),
      ],
    }
    const next = renameResult(both, "j", "y")
    expect(stepOf(next, "k")?.return_as).toBe("y")
    expect(stepOf(next, "l")?.message).toBe('=concat("x", y, event.x)')
    const alone = { ...both, instructions: both.instructions.map((s) => (s.id === "i" ? { ...s, else: undefined } : s)) as Instruction[] }
    expect(stepOf(renameResult(alone, "j", "y"), "l")?.message).toBe('=concat("x", x, event.x)')
  })

  it("of constants, loops, models and enrichments are renamed everywhere they are read", () => {
    expect(stepOf(renameRoot(spec, "prefix", "word2"), "g")?.value).toEqual({ type: "concat", arguments: [v("word2"), v("deal.contact.owner.name")] })
    const model = renameRoot(spec, "deal", "event")
    expect(model.var).toBe("event")
    expect(model.enrichments?.map((e) => e.of)).toEqual(["event", "event.contact"])
    expect([...reach(model).missing]).toEqual([])
    expect(stepOf(renameLoopName(spec, "e", "item_var", "row"), "f")?.external_id).toEqual(v("row.id"))
    const person = renameEnrichment(spec, 0, "person")
    expect(person.enrichments?.[1]?.of).toBe("deal.person")
    expect(stepOf(person, "g")?.value).toEqual({ type: "concat", arguments: [v("prefix"), v("deal.person.owner.name")] })
  })

  it("in use are told with their places", () => {
    expect(usesOf(spec, "prefix")).toEqual([{ id: "g", number: 7 }])
    expect(usesOf(spec, "deal.contact")).toEqual([{ enrichment: "owner" }, { id: "g", number: 7 }])
    expect(usesOf(spec, "deal.cont")).toEqual([])
  })
})
