import { expect, it } from "vitest"
import { lasts } from "./lasts"

it.each([
  [0, "1 ms"],
  [999, "999 ms"],
  [1000, "1.0 s"],
  [119_000, "119 s"],
  [120_000, "2.0 min"],
  [7_199_000, "120 min"],
  [7_200_000, "2.0 h"],
  [172_800_000, "2.0 d"],
  [31_536_000_000, "365 d"],
])("%d ms is %s", (ms, text) => {
  expect(lasts(ms)).toBe(text)
})
