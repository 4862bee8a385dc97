import type { Act } from "./keys"

// stepFor is the row that a key goes to from the one that has the cursor; nothing: the key does not walk.
export function stepFor(does: Act<"lists"> | undefined, at: number, last: number, pageful: number): number | undefined {
  switch (does) {
    case "down":
      return at + 1
    case "up":
      return at - 1
    case "first":
      return 0
    case "last":
      return last
    case "pageDown":
      return at + pageful
    case "pageUp":
      return at - pageful
  }
  return undefined
}
