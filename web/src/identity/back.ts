import type { Change, Changed } from "./api"

// back is what takes changes back, the last first. What was created stays, linked to nothing.
export function back(all: Changed[]): Change[] {
  return all.toReversed().flatMap(({ done, before, after }): Change[] => {
    if (!done || !before || !after) return []
    const changes: Change[] = []
    if (before.entity?.id !== after.entity?.id)
      changes.push(before.entity ? { id: before.id, do: "link", entity_id: before.entity.id } : { id: before.id, do: "unlink" })
    if (before.ignored !== after.ignored) changes.push({ id: before.id, do: before.ignored ? "ignore" : "unignore" })
    return changes
  })
}
