import { describe, expect, it } from "vitest"
import { Exact } from "../api/exact"
import { brief, childrenOf, pathIn, same, shapeOf } from "./values"

describe("brief", () => {
  it.each([
    [null, "null"],
    ["won", "“won”"],
    [1250, "1250"],
    [new Exact("12345678901234567890"), "12345678901234567890"],
    [{ $datetime: "2026-11-19T15:20:00Z" }, "Thu 19 Nov 2026, 16:20:00 +01:00"],
    [{ $ref: { noun: "sale", external_id: "opp 1" } }, "opp 1"],
    [{ $personal: { length: 24 } }, "text, 24"],
    [[1, 2], "[2]"],
    [{ a: 1, b: 2 }, "{2}"],
  ])("%j reads %s", (v, want) => expect(brief(v as never, "Europe/Amsterdam")).toBe(want))
})

it.each([
  ["event.user.id", ["event", "user", "id"]],
  ['event["odd key"][0].id', ["event", "odd key", "0", "id"]],
  ["agent", ["agent"]],
])("the path %s", (formula, want) => expect(pathIn(formula)).toEqual(want))

it("an object that only looks special is an object", () => {
  expect(shapeOf({ $datetime: "x", more: 1 }).is).toBe("object")
  expect(childrenOf({ a: 1 })).toEqual([["a", 1]])
  expect(same(new Exact("1.10"), new Exact("1.1"))).toBe(false)
  expect(same({ a: [1] }, { a: [1] })).toBe(true)
})
