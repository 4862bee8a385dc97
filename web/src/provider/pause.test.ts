import { expect, test } from "vitest"
import { leftAlone } from "./pause"

const failing = { failures: 1, since: "2026-02-05T12:00:00Z", why: "nobody answers" }

test.each([
  ["it does not fail", null, undefined],
  ["it failed once, and is asked again", { ...failing, until: null }, undefined],
  ["it is left alone", { ...failing, until: "2026-02-05T12:10:00Z" }, "2026-02-05T12:10:00Z"],
  ["its pause is over", { ...failing, until: "2026-02-05T12:05:00Z" }, undefined],
])("%s", (_, pause, until) => {
  expect(leftAlone(pause, Date.parse("2026-02-05T12:05:00Z"))).toBe(until)
})
