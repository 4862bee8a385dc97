import { expect, it } from "vitest"
import { ago, count, fullMoment, initials, moment, momentsIn, money, number } from "./format"

const now = new Date("2026-11-20T10:00:00Z")

it.each([
  ["2026-11-20T09:42:07Z", "10:42:07"],
  ["2026-11-19T23:30:00Z", "00:30:00"], // already today in Amsterdam
  ["2026-03-01T05:00:00Z", "1 Mar, 06:00:00"],
  ["2025-12-10T18:00:00Z", "10 Dec 2025, 19:00:00"],
  ["no date", "no date"],
])("moment %s reads %s", (iso, want) => expect(moment(iso, "Europe/Amsterdam", now)).toBe(want))

it("a full moment names day and offset", () => {
  expect(fullMoment("2026-11-19T15:20:00Z", "Europe/Amsterdam")).toBe("Thu 19 Nov 2026, 16:20:00 +01:00")
  expect(fullMoment("2026-07-01T00:00:00Z", "UTC")).toBe("Wed 1 Jul 2026, 00:00:00 +00:00")
})

it("the moments of a sentence are in the zone, those in ids are not", () =>
  expect(momentsIn("“a | 2026-11-19T15:20:00Z” came at 2026-11-19T15:20:00Z.", "Europe/Amsterdam")).toBe(
    "“a | 2026-11-19T15:20:00Z” came at Thu 19 Nov 2026, 16:20:00 +01:00.",
  ))

it.each([
  ["2026-11-20T09:59:58Z", "just now"],
  ["2026-11-20T09:59:20Z", "40 s ago"],
  ["2026-11-20T09:15:00Z", "45 min ago"],
  ["2026-11-19T10:00:00Z", "1 d ago"],
])("%s was %s", (iso, want) => expect(ago(iso, now)).toBe(want))

it.each([
  ["1250", "1,250", "€ 1,250.00"],
  ["399.95", "399.95", "€ 399.95"],
  ["-0.5", "-0.5", "−€ 0.50"],
  ["12345678901234567890.123", "12,345,678,901,234,567,890.123", "€ 12,345,678,901,234,567,890.123"],
])("%s is %s and %s", (text, plain, euros) => {
  expect(number(text)).toBe(plain)
  expect(money(text)).toBe(euros)
})

it("counts and initials", () => {
  expect(count(1, "record")).toBe("1 record")
  expect(count(1204, "record")).toBe("1,204 records")
  expect(count(2, "activity", "activities")).toBe("2 activities")
  expect(initials("Sanne de Vries")).toBe("SV")
  expect(initials("webhooks")).toBe("W")
})
