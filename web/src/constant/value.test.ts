import { expect, it } from "vitest"
import { parse, toText } from "./value"

it.each([
  ["string", "Deal", { value: "Deal" }],
  ["string", "", { absent: true }],
  ["number", "1.21", { value: 1.21 }],
  ["number", "1,21", { error: "A number is written like 1250 or -0.50, with a point." }],
  ["boolean", "true", { value: true }],
  ["boolean", "yes", { error: "Write true or false." }],
  ["table<string>", "won = accepted\nlost=cancelled", { value: { won: "accepted", lost: "cancelled" } }],
  ["table<number>", "a = 1\nb", { error: "Line 2 has no “=” between key and value." }],
  ["table<number>", "a = 1\na = 2", { error: "Line 2 has the key a a second time." }],
  ["table<number>", "", { absent: true }],
])("%s %j", (type, text, want) => expect(parse(type, text)).toEqual(want))

it("writes what it reads", () => {
  expect(toText({ won: "accepted", lost: "cancelled" })).toBe("won = accepted\nlost = cancelled")
  expect(toText(false)).toBe("false")
  expect(toText(undefined)).toBe("")
})
