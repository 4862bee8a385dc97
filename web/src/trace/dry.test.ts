import { describe, expect, it } from "vitest"
import type { Step } from "./api"
import { firstDifference } from "./dry"

const step = (id: string, more: Partial<Step> = {}): Step => ({ id, type: "upsert_sale", title: id, summary: id, state: "ran", ...more })

describe("the first difference", () => {
  const value = (v: number) => ({ fields: [{ name: "value", formula: "", value: v }] })
  it("is the first step that did something else", () =>
    expect(firstDifference({ steps: [step("a"), step("b", value(1)), step("c")] }, { steps: [step("a"), step("b", value(2))] })).toBe("b"))
  it("may be a step the other does not have", () => expect(firstDifference({ steps: [step("a"), step("b")] }, { steps: [step("a")] })).toBe("b"))
  it("is none where both did the same, wherever it stands", () =>
    expect(firstDifference({ steps: [step("a", { pointer: "/1" })] }, { steps: [step("a", { pointer: "/0" })] })).toBe(undefined))
})
