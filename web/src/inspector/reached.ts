import type { Step } from "../trace/api"

// stepsNamed are all steps of a trace by their ids, one for each time a loop came by.
export function stepsNamed(steps: readonly Step[], into = new Map<string, Step[]>()): Map<string, Step[]> {
  for (const s of steps) {
    into.set(s.id, [...(into.get(s.id) ?? []), s])
    for (const b of s.branches ?? []) stepsNamed(b.steps, into)
    for (const i of s.items ?? []) stepsNamed(i.steps, into)
  }
  return into
}
