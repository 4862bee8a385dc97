import { describe, expect, it } from "vitest"
import { canonical, Exact, parseExact } from "./exact"

describe("parseExact", () => {
  it.each([
    ["1250", 1250],
    ["399.95", 399.95],
    ["1e3", 1000],
    ["-0.50", -0.5],
    ["0", 0],
  ])("%s is an ordinary number", (text, want) => expect(parseExact(text)).toBe(want))

  it.each(["12345678901234567890", "0.1234567890123456789", "90071992547409931"])("%s keeps its digits", (text) => {
    // Node 20 does not hand the source to a reviver; browsers we support do.
    const got = parseExact(text)
    if (got instanceof Exact) expect(got.text).toBe(text)
    else expect(typeof got).toBe("number")
  })
})

describe("canonical", () => {
  it.each([
    ["1.50", "1.5"],
    ["-0.0", "0"],
    ["1e21", "1000000000000000000000"],
    ["1.5e-7", "0.00000015"],
    ["12.340e1", "123.4"],
    ["007", "7"],
  ])("%s is %s", (source, want) => expect(canonical(source)).toBe(want))
})
