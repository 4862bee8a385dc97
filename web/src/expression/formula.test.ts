import { describe, expect, it } from "vitest"
import { library, param } from "./fixture"
import { caretIn, parse, print, read, takenAt } from "./formula"
import { momentOf, momentParts } from "./moment"

const whole = [
  "event.user.id",
  'event["odd key"][0].id',
  '"Deal \\"won\\" | "',
  "-12.5",
  "12345678901234567890",
  "true",
  "null",
  "now()",
  'concat(event.id, " | ", lower(event.product.code))',
  "round(event.amount, decimals=2)",
  'parse_number(event.amount, decimal=",", default=0)',
  "map(event.lines, line, multiply(line.price, 100))",
  'if(equals(event.status, "won"), 1, null)',
]

describe("a formula", () => {
  for (const source of whole)
    it(`reads and prints ${source}`, () => {
      const parsed = parse(source, library)
      if ("problem" in parsed) return expect.fail(parsed.problem.message)
      expect(print(parsed.expr, library)).toBe(source)
    })
  it("is printed in one way, however it was written", () => {
    const one = (source: string) => {
      const parsed = parse(source, library)
      return "expr" in parsed ? print(parsed.expr, library) : parsed.problem.message
    }
    expect(one(" concat( event.id ,1.50 ) ")).toBe("concat(event.id, 1.5)")
    expect(one("string_replace(replacement = event.c, text=event.a, search=event.b)")).toBe("string_replace(event.a, event.b, event.c)")
    expect(one('literal("x")')).toBe('"x"')
    expect(one("var(event.id)")).toBe("event.id")
    expect(one("event [0]")).toContain("should end here")
  })
  it("says where it goes wrong", () => {
    const at = (source: string) => {
      const parsed = parse(source, library)
      return "problem" in parsed ? parsed.problem.at : undefined
    }
    expect(at("")).toBe(0)
    expect(at("concat(event.id")).toBe(15)
    expect(at("concat(event.id,)")).toBe(16)
    expect(at("nothing_such(1)")).toBe(0)
    expect(at("lower(event.a, event.b)")).toBe(15)
    expect(at("round(decimals=2, event.a)")).toBe(18)
    expect(at('concat("abc')).toBe(7)
    expect(at("event.")).toBe(5)
    expect(at("1e5")).toBe(0)
  })
  it("is kept as text where a spec holds one that cannot be read", () => {
    expect(read("=concat(", library)).toEqual({ type: "formula", text: "=concat(" })
    expect(read("==x", library)).toEqual({ type: "literal", value: "=x" })
    expect(read("x", library)).toEqual({ type: "literal", value: "x" })
    expect(read("=event.id", library)).toEqual({ type: "var", var: "event.id" })
    expect(read(5, library)).toEqual({ type: "literal", value: 5 })
    expect(read(null, library)).toEqual({ type: "literal", value: null })
    expect(read(undefined, library)).toBeUndefined()
  })
})

describe("the caret in a formula", () => {
  const at = (marked: string) => {
    const caret = marked.indexOf("|")
    const source = marked.replace("|", "")
    const found = caretIn(source, caret)
    return { word: found.word, rest: source.slice(found.from, found.to), takes: takenAt(found, library)?.name, inText: found.inText }
  }
  it("is in a word, of an argument of a function", () => {
    expect(at("=eve|")).toEqual({ word: "eve", rest: "eve", takes: undefined, inText: false })
    expect(at("=concat(event.us|er, 1)")).toEqual({ word: "event.us", rest: "event.user", takes: "arguments", inText: false })
    expect(at("=if(equals(a, b), lower(x), |)")).toMatchObject({ word: "", takes: "else" })
    expect(at('=round(event.x, mode="fl|")')).toMatchObject({ inText: true, takes: "mode" })
    expect(at("=round(event.x, decimals=ev|)")).toMatchObject({ word: "ev", takes: "decimals" })
    expect(at('=concat("a, b(", ev|)')).toMatchObject({ word: "ev", takes: "arguments" })
  })
})

describe("a moment as a value", () => {
  const of = param("sold_at", { kind: "datetime" })
  const tree = (source: string) => {
    const parsed = parse(source, library)
    return "expr" in parsed ? parsed.expr : undefined
  }
  it("is a day, a time and a zone", () => {
    expect(momentParts(tree('parse_datetime("2025-12-10 19:00", zone="UTC")'), of, library)).toEqual({
      day: "2025-12-10",
      time: "19:00",
      zone: "UTC",
    })
    expect(momentParts(tree('parse_datetime("2025-12-10")'), of, library)).toEqual({ day: "2025-12-10", time: "", zone: "" })
    for (const other of ["parse_datetime(event.at)", 'parse_datetime("10-12-2025", format="DD-MM-YYYY")', "now()", "event.at"])
      expect(momentParts(tree(other), of, library), other).toBeUndefined()
  })
  it("is written as the function that reads one", () => {
    const made = momentOf({ day: "2025-12-10", time: "19:00", zone: "Europe/Paris" }, of, library)
    expect(print(made, library)).toBe('parse_datetime("2025-12-10 19:00", zone="Europe/Paris")')
  })
})
