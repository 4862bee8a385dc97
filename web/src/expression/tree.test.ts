import { describe, expect, it } from "vitest"
import { library } from "./fixture"
import { parse, print } from "./formula"
import { type Expr, firstHole, numeral, put, rename, replaceCall, shift, stopsOf, unwrap, variable, wrap } from "./tree"

function tree(formula: string): Expr {
  const parsed = parse(formula, library)
  if ("problem" in parsed) throw new Error(`${formula}: ${parsed.problem.message}`)
  return parsed.expr
}
const func = (name: string) => library.func(name) ?? expect.fail(name)
const text = (e: Expr | undefined) => print(e, library)

describe("an expression", () => {
  it("is wrapped, at any depth, as the argument that it fits", () => {
    expect(text(wrap(tree("event.id"), [], func("concat")))).toBe("concat(event.id)")
    expect(text(wrap(tree("concat(event.id, event.sku)"), ["arguments", 1], func("lower")))).toBe("concat(event.id, lower(event.sku))")
    // A condition goes where a condition is asked for, anything else into what is chosen.
    expect(text(wrap(tree("is_empty(event.id)"), [], func("if"), { kind: "boolean" }))).toBe("if(is_empty(event.id))")
    expect(wrap(tree("event.name"), [], func("if"), { kind: "string" })).toMatchObject({ type: "if", then: { var: "event.name" } })
  })
  it("is unwrapped to its first argument, or to nothing", () => {
    expect(text(unwrap(tree("concat(lower(event.sku), event.id)"), ["arguments", 0], library))).toBe("concat(event.sku, event.id)")
    expect(text(unwrap(tree("concat(event.id, event.sku)"), [], library))).toBe("event.id")
    expect(unwrap(tree("now()"), [], library)).toBeUndefined()
    expect(text(unwrap(tree("concat(now(), event.id)"), ["arguments", 0], library))).toBe("concat(event.id)")
  })
  it("unwraps what was wrapped", () => {
    for (const f of library.functions) {
      if (!f.arguments.some((p) => p.form !== "name" && !p.literal_only)) continue
      expect(text(unwrap(wrap(variable("event.id"), [], f), [], library)), f.name).toBe("event.id")
    }
  })
  it("is replaced by another function, which keeps what it can", () => {
    expect(text(replaceCall(tree("concat(event.a, event.b)"), [], func("coalesce"), library))).toBe("coalesce(event.a, event.b)")
    expect(text(replaceCall(tree("equals(event.a, event.b)"), [], func("equals_one_off"), library))).toBe("equals_one_off(event.a, event.b)")
    expect(text(replaceCall(tree("lower(event.a)"), [], func("string_replace"), library))).toBe("string_replace(event.a)")
    expect(text(replaceCall(tree("map(event.lines, line, line.sku)"), [], func("filter"), library))).toBe("filter(event.lines, line, line.sku)")
  })
  it("loses an argument, or gets one", () => {
    const e = tree("concat(event.a, event.b)")
    expect(text(put(e, ["arguments", 0], undefined))).toBe("concat(event.b)")
    expect(text(put(e, ["arguments", 2], variable("event.c")))).toBe("concat(event.a, event.b, event.c)")
    expect(put(tree("lower(event.a)"), ["text"], undefined)).toEqual({ type: "lower" })
    expect(put(e, [], undefined)).toBeUndefined()
    expect(text(e)).toBe("concat(event.a, event.b)") // nothing is changed in place
  })
  it("moves arguments among those of which there may be many", () => {
    const e = tree("concat(event.a, event.b)")
    const moved = shift(e, ["arguments", 0], 1)
    expect([text(moved.expr), moved.path]).toEqual(["concat(event.b, event.a)", ["arguments", 1]])
    expect(shift(e, ["arguments", 0], -1).expr).toBe(e)
    expect(shift(tree("lower(event.a)"), ["text"], 1).path).toEqual(["text"])
  })
  it("renames what a function calls its items, with all uses within", () => {
    const e = tree("concat(line, map(event.lines, line, concat(line.sku, line, event.line)))")
    // The list itself and what is outside mean another line.
    expect(text(rename(e, ["arguments", 1], "item_var", "row", library))).toBe(
      "concat(line, map(event.lines, row, concat(row.sku, row, event.line)))",
    )
  })
  it("tells its places in reading order, with what is still empty", () => {
    const stops = stopsOf(tree("if(equals(event.a), concat())"), library).map((s) => `${s.path.join(".")}${s.hole ? " hole" : ""}`)
    expect(stops).toEqual(["", "condition", "condition.left", "condition.right hole", "then", "then.arguments.0 hole", "else hole"])
    expect(firstHole(tree("if(equals(event.a), concat())"), library)).toEqual(["condition", "right"])
    expect(firstHole(tree("concat(event.a)"), library)).toBeUndefined()
    expect(firstHole(tree("concat(event.a, lower())"), library, ["arguments", 1])).toEqual(["arguments", 1, "text"])
  })
  it("keeps every digit of a number", () => {
    expect(numeral("12.50")).toEqual({ type: "literal", value: 12.5 })
    expect(numeral("12345678901234567890")).toEqual({ type: "literal", number: "12345678901234567890" })
    for (const no of ["", "-", "1e5", "007", ".5", "1.", "1,5", "0x1F"]) expect(numeral(no), no).toBeUndefined()
  })
})
