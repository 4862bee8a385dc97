import { describe, expect, it } from "vitest"
import { Exact } from "../api/exact"
import { difference, duration, rounded, write, writeChange } from "./write"

describe("values of a metric", () => {
  it("are rounded on their digits", () => {
    for (const [value, decimals, want] of [
      ["1.005", 2, "1.01"],
      ["0.5", 0, "1"],
      ["-0.4", 0, "0"],
      ["-2.5", 0, "-3"],
      ["999.999", 2, "1000.00"],
      ["12345678901234567890.125", 2, "12345678901234567890.13"],
      ["7", 3, "7.000"],
    ] as const)
      expect(rounded(value, decimals), value).toBe(want)
  })
  it("are written in their format", () => {
    expect(duration("3723")).toBe("1:02:03")
    expect(write("1234.5", { format: "currency", decimals: 2 })).toBe("€ 1,234.50")
    expect(write("1234.5", { format: "currency", decimals: 0 })).toBe("€ 1,235")
    expect(write("12.34", { format: "percentage", decimals: 1 })).toBe("12.3 %")
    expect(write("1200", { format: "number", unit: "kilowatt-hours", short_unit: "kWh" }, true)).toBe("1,200 kWh")
    expect(write(null, { format: "number" })).toBe("–")
  })
  it("differ exactly, and say which way", () => {
    expect(difference(90.5, 140)).toBe("49.5")
    expect(difference(0.3, 0.1)).toBe("-0.2")
    expect(difference(new Exact("12345678901234567890.125"), new Exact("12345678901234567890.5"))).toBe("0.375")
    expect(difference(null, 1)).toBe(null)
    expect(writeChange("49.5", { format: "currency", decimals: 2 })).toBe("+ € 49.50")
    expect(writeChange("-2", { format: "number", unit: "deals" })).toBe("− 2 deals")
    expect(writeChange("-6.66", { format: "percentage", decimals: 1 })).toBe("− 6.7 points")
    expect(writeChange("0.4", { format: "number" })).toBe("+ 0.4")
    expect(writeChange("0.00", { format: "number" })).toBe("same")
  })
})
