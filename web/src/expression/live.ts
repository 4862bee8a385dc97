// What an expression, or a part of it, came to in a trace. A trace shows an expression as it ran, which may be of before
// the last edit: a part that is another now has no value.

import type { Expr as Traced } from "../trace/api"
import type { Path } from "./tree"

// part is the result of a place within an expression; item chooses which of a loop's.
export function part(of: Traced | undefined, path: Path, item = 0): Traced | undefined {
  let here = of
  for (let i = 0; i < path.length && here; i++) {
    const key = path[i]
    const next = path[i + 1]
    const name = typeof next === "number" ? `${key}[${next}]` : String(key)
    if (typeof next === "number") i++
    const argument: Traced | undefined = here.arguments?.find((a) => a.name === name)?.expr
    here = argument ?? here.items?.[item]?.expr
  }
  return here
}
