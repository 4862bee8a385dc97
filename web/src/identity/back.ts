import type { Change, Changed } from "./api"

// back is what takes changes back, the last first. What was made goes too, unless something else uses it by then.
export function back(all: Changed[]): Change[] {
  return all.toReversed().flatMap(({ done, before, after, made }): Change[] => {
    if (!done || !before || !after) return []
    const changes: Change[] = []
    if (before.entity?.id !== after.entity?.id)
      changes.push(
        before.entity
          ? { id: before.id, do: "link", entity_id: before.entity.id }
          : made && after.entity
            ? { id: before.id, do: "uncreate", entity_id: after.entity.id }
            : { id: before.id, do: "unlink" },
      )
    if (before.ignored !== after.ignored) changes.push({ id: before.id, do: before.ignored ? "ignore" : "unignore" })
    return changes
  })
}
