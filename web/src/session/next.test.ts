import { expect, it } from "vitest"
import { nextOf, placeAfter } from "./next"

it.each([
  ["/journal?status=failed#x", "/journal?status=failed#x"],
  ["/sign-in?next=%2Fjournal", "/journal"],
  ["/sign-in?next=%2Fsign-in%3Fnext%3D%252Fjournal", "/journal"],
  ["/sign-in", "/"],
  ["/setup", "/"],
  ["//elsewhere.example/x", "/"],
  ["/\\elsewhere.example", "/"],
  ["https://elsewhere.example", "/"],
  ["", "/"],
  [undefined, "/"],
])("%s leads to %s", (next, want) => {
  expect(placeAfter(next)).toBe(want)
})

it("asks for one place, and for none where that is the first", () => {
  expect(nextOf("/sign-in?next=%2Fjournal")).toEqual({ next: "/journal" })
  expect(nextOf("/")).toEqual({})
})
