import { describe, expect, it } from "vitest"
import { Exact } from "../api/exact"
import { duration, fieldName, fieldOf, inUnits } from "./fields"

describe("the fields of a record", () => {
  it.each([
    ["energy_meta.electricity_usage", 3200, false, "3,200 kWh"],
    ["energy_meta.electricity_return", new Exact("0.10"), false, "0.10 kWh"],
    ["energy_meta.gas_usage", 1450.5, false, "1,450.5 m³"],
    ["energy_meta.connection_count", 1, false, "1 connection"],
    ["energy_meta.connection_count", 1200, false, "1,200 connections"],
    ["contract_value", 1250.5, false, "€ 1,250.50"],
    ["value", 12, true, "€ 12.00"],
    ["value", 12, false, "12"],
    ["duration", 192, false, "3:12 min"],
    ["duration", 3725, false, "1:02:05 h"],
  ])("%s of %s", (name, value, isMoney, want) => {
    const f = fieldOf(name)
    expect(f && inUnits(f, value, isMoney)).toBe(want)
  })

  it("have words of people", () => {
    expect(fieldName("energy_meta.gas_usage")).toBe("Gas used")
    expect(fieldName("something_new")).toBe("something new")
    expect(duration("soon")).toBe("soon")
  })
})
