import { describe, expect, it } from "vitest"
import { Exact } from "../api/exact"
import type { V } from "../trace/api"
import { asText } from "./body"

describe("what came in", () => {
  it.each<[V, string]>([
    [null, "null"],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [[], "[]"],
    [{}, "{}"],
    [new Exact("12345678901234567890.5"), "12345678901234567890.5"],
    [{ a: [1, { b: true }] }, '{\n  "a": [\n    1,\n    {\n      "b": true\n    }\n  ]\n}'],
  ])("%o is written with all it has", (body, text) => {
    expect(asText(body)).toBe(text)
  })
})
