import { expect, it } from "vitest"
import { offsetOf } from "./position"

it.each([
  [1, 1, 0],
  [2, 3, 8],
  [3, 2, 15], // behind a character of two units
  [2, 99, 12],
  [9, 1, 17],
])("line %i, column %i is offset %i", (line, column, want) => expect(offsetOf("spec:\nvar: e\n🙂 x", line, column)).toBe(want))
