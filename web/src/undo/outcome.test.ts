import { describe, expect, it } from "vitest"
import { said, takesBack } from "./outcome"

const none = { set_back: 0, removed: 0, made_again: 0, left: 0 }

describe("what an undo did", () => {
  it.each([
    [none, "nothing to take back", false],
    [{ ...none, left: 2 }, "2 left alone, whole or in part", false],
    [{ ...none, set_back: 1 }, "1 thing set back", true],
    [{ set_back: 2, removed: 1, made_again: 0, left: 1 }, "2 things set back, 1 removed, 1 left alone, whole or in part", true],
    [{ ...none, made_again: 3 }, "3 made again", true],
  ])("%o: %s", (counts, text, changes) => {
    expect(said(counts)).toBe(text)
    expect(takesBack(counts)).toBe(changes)
  })
})
