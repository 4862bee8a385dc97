import { describe, expect, it } from "vitest"
import type { Backtest, Group } from "./api"
import { changeWords, kindsOf, sentence } from "./model"

const group = (more: Partial<Group>): Group => ({
  noun: "sale",
  field: "contract_value",
  change: "number changed",
  kind: "changed",
  step: "s1",
  cause: null,
  count: 1,
  held_back: 0,
  examples: [],
  ...more,
})
const example = (before: number, after: number) => ({ delivery_id: "dlv_1", external_id: "1", before, after, why: "" })
const status = (live: string, tried: string, count: number) =>
  ({ live, tried, code: null, step: null, count, examples: [{ delivery_id: "dlv_1", message: "no" }] }) as unknown as Backtest["statuses"][number]

describe("kinds of change", () => {
  it("come in the order in which they matter, the bigger first", () => {
    const kinds = kindsOf({
      statuses: [status("failed", "succeeded", 45), status("succeeded", "failed", 1), status("failed", "failed", 2)],
      differences: [
        group({ count: 3 }),
        group({ count: 9, field: "sold_at" }),
        group({ field: null, change: "zou ook geschreven worden", kind: "new" }),
        group({ field: null, change: "zou niet meer geschreven worden", kind: "gone" }),
      ],
    })
    expect(kinds.map((k) => `${k.weight} ${k.count}`)).toEqual(["fails 1", "succeeds 45", "ends 2", "gone 1", "changed 9", "changed 3", "new 1"])
  })
  it("partly failing is worse than succeeding, and better than failing", () => {
    const weights = (live: string, tried: string) => kindsOf({ statuses: [status(live, tried, 1)], differences: [] })[0]?.weight
    expect([weights("succeeded", "partial"), weights("failed", "partial"), weights("skipped", "succeeded")]).toEqual(["fails", "succeeds", "ends"])
  })
  it("that fail alike say how they end today", () =>
    expect(kindsOf({ statuses: [status("succeeded", "failed", 2), status("skipped", "failed", 1)], differences: [] }).map((k) => k.what)).toEqual([
      "succeeds today: no",
      "is skipped today: no",
    ]))
  it("say which way numbers go, where all go the same way", () => {
    const what = (...examples: ReturnType<typeof example>[]) => kindsOf({ statuses: [], differences: [group({ examples })] })[0]?.what
    expect(what(example(1, 2), example(3, 4))).toBe("number changed, higher")
    expect(what(example(2, 1))).toBe("number changed, lower")
    expect(what(example(2, 1), example(1, 2))).toBe("number changed")
  })
  it("under another id of the same shape tell the ids", () => {
    const change = "would be written under another external_id: x → x"
    const one = group({ field: null, change, examples: [{ delivery_id: "dlv_1", external_id: "v017", before: "V017", after: "v017", why: "" }] })
    expect(kindsOf({ statuses: [], differences: [one] })[0]?.what).toBe("would be written under another external id: V017 → v017")
  })
  it("are in words", () => {
    expect(changeWords("null → text")).toBe("empty → text")
    expect(changeWords("would be written under another external_id: 9 → a-9")).toBe("would be written under another external id: 9 → a-9")
  })
})

describe("the sentence on top", () => {
  const of = (tally: Partial<Backtest["tally"]>, deliveries = 500, statuses: Backtest["statuses"] = []) =>
    sentence({ deliveries, statuses, tally: { now_fails: 0, now_succeeds: 0, changed: 0, new: 0, gone: 0, same: 0, ...tally } } as Backtest)
  it("counts what differs, and says what fails and what is mended", () =>
    expect(of({ now_fails: 1, now_succeeds: 45, same: 405 })).toEqual({
      title: "95 of 500 deliveries come out differently",
      more: ["45 that fail today would succeed.", "1 that succeeds today would fail."],
    }))
  it("tells those that are skipped today from those that succeed", () =>
    expect(of({ now_fails: 312, same: 188 }, 500, [status("succeeded", "failed", 299), status("skipped", "failed", 13)]).more).toEqual([
      "299 that succeed today would fail.",
      "13 that are skipped today would fail.",
    ]))
  it("says that nothing differs", () => expect(of({ same: 500 }).title).toBe("500 deliveries, and nothing comes out differently"))
  it("says that there was nothing to try", () => expect(of({}, 0).title).toBe("No delivery could be tried"))
})
