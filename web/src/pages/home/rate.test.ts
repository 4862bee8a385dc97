import { expect, it } from "vitest"
import { rate } from "./LinkRate"

it.each([
  [0, 0, null],
  [0, 3, 0],
  [2, 3, 66.7],
  [3, 3, 100],
  [99_999, 100_000, 99.9],
])("%d of %d is %s", (linked, named, want) => {
  expect(rate(linked, named)).toBe(want)
})
