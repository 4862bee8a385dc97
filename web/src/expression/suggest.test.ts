import { describe, expect, it } from "vitest"
import { library, param } from "./fixture"
import { parse, print } from "./formula"
import { converter, entriesOf, fillRate, fitOf, type Name, namesAt, type Sample, typeAt, typeOf } from "./scope"
import { type Asked, suggest } from "./suggest"
import type { Type } from "./types"

const sample = (path: string, kinds: Record<string, number>, examples: string[] = []): Sample => ({
  path,
  around: 100,
  present: Object.values(kinds).reduce((a, b) => a + b, 0),
  kinds,
  distinct: 3,
  examples,
})

const samples = [
  sample("id", { number: 100 }, ["88124"]),
  sample("amount", { text: 91 }, ["1.250,00"]),
  sample("paid", { number: 98 }, ["1250"]),
  sample("email", { personal: 96 }),
  sample("odd key", { text: 4, null: 6 }),
  sample("lines", { list: 100 }),
  sample("lines[]", { object: 300 }),
  sample("lines[].sku", { text: 300 }, ["battery"]),
]

const names: Name[] = [
  { name: "event", type: { kind: "any" }, origin: "model", data: "" },
  { name: "prefix", type: { kind: "string" }, origin: "constant" },
  {
    name: "agent",
    type: { kind: "identity", noun: "agent", fields: [{ name: "external_id", type: { kind: "string" } }] },
    origin: "result",
    note: "step 1",
  },
]

const values = new Map([["event", { id: 7, lines: [{ sku: "x" }], amount: "1.250,00" }]])
const entries = entriesOf(names, samples, values)
const asked = (typed: string, of: Parameters<typeof param>[1], more: Partial<Asked> = {}): Asked => ({
  typed,
  param: param("field", of),
  entries,
  library,
  zone: "UTC",
  taken: new Set(["event"]),
  ...more,
})
const entry = (path: string) => entries.find((e) => e.path === path) ?? expect.fail(path)

describe("what can be read at a place", () => {
  it("are the names, what their types say and what the deliveries had", () => {
    expect(entries.map((e) => e.path)).toEqual([
      "event",
      "event.id",
      "event.amount",
      "event.paid",
      "event.email",
      'event["odd key"]',
      "event.lines",
      "prefix",
      "agent",
      "agent.external_id",
    ])
    expect(entry("event.id").example).toBe(7)
    expect(fillRate(entry('event["odd key"]'))).toBeCloseTo(0.04)
    expect(fillRate(entry("prefix"))).toBeUndefined()
  })
  it("are within a function the items it goes over too, with what is known of them", () => {
    const e = parse("map(event.lines, line, line.sku)", library)
    if ("problem" in e) return expect.fail(e.problem.message)
    const inner = namesAt(e.expr, ["value"], names, library)
    expect(inner[0]).toMatchObject({ name: "line", origin: "item", data: "lines[]" })
    expect(entriesOf(inner, samples, values).map((x) => x.path)).toContain("line.sku")
    expect(namesAt(e.expr, ["list"], names, library)).toBe(names)
  })
})

describe("what fits", () => {
  it("fits as it is, through a conversion, or not, and says why", () => {
    expect(fitOf(entry("event.paid"), { kind: "number" }, library)).toEqual({ how: "fits" })
    expect(fitOf(entry("event.amount"), { kind: "number" }, library)).toMatchObject({ how: "converts", func: { name: "parse_number" } })
    expect(fitOf(entry("event.amount"), { kind: "datetime" }, library)).toMatchObject({ how: "converts", func: { name: "parse_datetime" } })
    expect(fitOf(entry("event.id"), { kind: "string" }, library)).toMatchObject({ how: "converts", func: { name: "concat" } })
    expect(fitOf(entry("event.email"), { kind: "string" }, library)).toMatchObject({ how: "converts", func: { name: "pseudonym" } })
    expect(fitOf(entry("event.email"), { kind: "number" }, library)).toMatchObject({ how: "not" })
    expect(fitOf(entry("prefix"), { kind: "identity", noun: "agent" }, library)).toMatchObject({ how: "not" })
    expect(fitOf(entry("agent"), { kind: "identity", noun: "team" }, library).how).toBe("not")
    expect(fitOf(entry("agent"), { kind: "identity", noun: "agent" }, library).how).toBe("fits")
  })
  it("is never converted by a test", () => {
    for (const to of ["string", "number", "datetime"] as const) {
      const found = converter(library, { kind: "string" }, { kind: to })
      expect(found?.name).toBe({ string: undefined, number: "parse_number", datetime: "parse_datetime" }[to] ?? "concat")
    }
    expect(converter(library, { kind: "string" }, { kind: "boolean" })).toBeUndefined()
  })
  it("has the type that its function gives", () => {
    const of = (source: string) => {
      const e = parse(source, library)
      return "expr" in e ? typeOf(e.expr, names, library).kind : undefined
    }
    expect(of("lower(event.id)")).toBe("string")
    expect(of('if(true, "x", "y")')).toBe("string")
    expect(of("agent.external_id")).toBe("string")
    expect(of("event.anything.there")).toBe("any")
  })
})

describe("what is offered", () => {
  it("is for the id of an agent what is named so, before the id of the event", () => {
    const seen = [
      sample("id", { number: 100 }),
      sample("owner", { object: 100 }),
      sample("owner.id", { number: 100 }),
      sample("owner.name", { text: 100 }),
    ]
    const of = (what: string) => {
      const given = entriesOf(names, seen, values)
      return suggest({ ...asked("", { kind: "one_of", among: ["string", "number"] }), entries: given, about: { noun: "agent", what } })
    }
    expect(of("id")[0]).toMatchObject({ label: "event.owner.id", group: "Named so" })
    expect(of("name")[0]?.label).toBe("event.owner.name")
    const all = of("id").map((o) => o.label)
    expect(all.indexOf("event.owner.id")).toBeLessThan(all.indexOf("event.id"))
    expect(new Set(all).size).toBe(all.length)
  })
  it("is what fits first, then what converts, then functions, then what does not, with the reason", () => {
    const offered = suggest(asked("", { kind: "number" }))
    const order = offered.map((o) => o.label)
    expect(order.indexOf("event.paid")).toBeLessThan(order.indexOf("event.amount"))
    expect(order.indexOf("event.amount")).toBeLessThan(order.indexOf("parse_number"))
    expect(order.indexOf("parse_number")).toBeLessThan(order.indexOf("event.email"))
    const amount = offered.find((o) => o.label === "event.amount")
    expect(print(amount?.expr, library)).toBe("parse_number(event.amount)")
    expect(offered.find((o) => o.label === "agent")?.refused).toBeTruthy()
  })
  it("is found by name, type and sample, never by a personal value", () => {
    const found = (typed: string) => suggest(asked(typed, { kind: "one_of" }, { variablesOnly: true })).map((o) => o.label)
    expect(found("sku")).toEqual([])
    expect(found("amou")).toEqual(["event.amount"])
    expect(found("1.250")).toEqual(["event.amount"])
    expect(found("event am")).toEqual(["event.amount"])
    expect(found("identity")).toContain("agent")
  })
  it("is the text itself where text can stand, and a number where a number can", () => {
    expect(suggest(asked("Deal", { kind: "string" }))[0]).toMatchObject({ kind: "literal", expr: { type: "literal", value: "Deal" } })
    expect(suggest(asked("12,5", { kind: "number" }))[0]).toMatchObject({ kind: "literal", expr: { type: "literal", value: 12.5 } })
    expect(suggest(asked("t", { kind: "boolean" }))[0]).toMatchObject({ kind: "literal", expr: { type: "literal", value: true } })
    expect(suggest(asked("Deal", { kind: "datetime" })).some((o) => o.kind === "literal")).toBe(false)
    const words = suggest(
      asked("fl", { kind: "string" }, { param: param("mode", { kind: "string" }, { options: ["half_up", "floor"], literal_only: true }) }),
    )
    expect(words.map((o) => o.label)).toEqual(["floor"])
  })
})

describe("what is personal in data without a schema", () => {
  const event: Type = {
    kind: "any",
    personal: {
      whole: false,
      marks: [
        { path: "contact.email", kind: "email" },
        { path: "lines[].name", kind: "name" },
        { path: "answers.*.text", kind: "text" },
        { path: "**.phone", kind: "phone" },
      ],
    },
  }
  const at = (path: string) => {
    const type = typeAt(path, [{ name: "event", type: event, origin: "model", data: "" }])
    return type.personal?.whole ? "personal" : type.personal ? "has some" : "free"
  }
  it("is what the marks lead to, and nothing beside it", () => {
    expect(at("event")).toBe("has some")
    expect(at("event.contact.email")).toBe("personal")
    expect(at("event.contact.email.domain")).toBe("personal")
    expect(at("event.lines[0].name")).toBe("personal")
    expect(at("event.answers.first.text")).toBe("personal")
    expect(at("event.deep.down.phone")).toBe("personal")
  })
  it("leaves the rest alone", () => {
    const only: Type = { kind: "any", personal: { whole: false, marks: [{ path: "contact.email", kind: "email" }] } }
    const names: Name[] = [{ name: "event", type: only, origin: "model", data: "" }]
    expect(typeAt("event.id", names).personal).toBeUndefined()
    expect(typeAt("event.contact", names).personal?.whole).toBe(false)
    expect(typeAt("event.contact.name", names).personal).toBeUndefined()
  })
})
