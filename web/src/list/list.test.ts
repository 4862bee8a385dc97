import { describe, expect, it } from "vitest"
import { asked, queryOf, younger } from "./filters"
import { every, nothing, toggle, upTo } from "./selection"
import { windowOf } from "./windowOf"

describe("the selection of a list", () => {
  const order = ["e", "d", "c", "b", "a"]
  it("toggles one, and picks a range from the last", () => {
    const one = toggle(nothing, "d")
    expect([...one.ids]).toEqual(["d"])
    expect([...upTo(one, order, "b").ids]).toEqual(["d", "c", "b"])
    expect([...upTo(toggle(nothing, "b"), order, "d").ids].sort()).toEqual(["b", "c", "d"])
    expect([...toggle(one, "d").ids]).toEqual([])
    expect(every(order).ids.size).toBe(5)
  })
  it("picks one alone where there is nothing to reach from", () => expect([...upTo(nothing, order, "c").ids]).toEqual(["c"]))
})

describe("the filters of a list", () => {
  it("are those the server takes, in one order", () => {
    const all = [{ key: "status", label: "status", options: [] }]
    const got = asked({ status: "failed", live: "off", search: "x", page: "2" }, all)
    expect(queryOf(got)).toBe("search=x&status=failed")
  })
  it("knows which id is younger, also when they get longer", () => {
    expect(younger("exe_0000000010", "exe_000000000z")).toBe(true)
    expect(younger("exe_10000000000", "exe_zzzzzzzzzz")).toBe(true)
    expect(younger("exe_0000000010", "exe_0000000010")).toBe(false)
  })
})

describe("the rows in sight", () => {
  it("are few, however many there are", () => {
    expect(windowOf({ count: 1_000_000, row: 32, top: 3_200_000, height: 640, spare: 10 })).toEqual({ from: 99_990, to: 100_030 })
    expect(windowOf({ count: 5, row: 32, top: 0, height: 640, spare: 10 })).toEqual({ from: 0, to: 5 })
    expect(windowOf({ count: 0, row: 32, top: 0, height: 0, spare: 10 })).toEqual({ from: 0, to: 0 })
  })
})
