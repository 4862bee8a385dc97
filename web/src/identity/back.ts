import type { Change, Changed, Identity } from "./api"

const decided = (x: Identity) => ({ ...(x.entity && { entity_id: x.entity.id }), ignored: x.ignored })

// back is what takes changes back, the last first. An identity that somebody has changed since stays as it is; what was made
// goes too, unless something else uses it by then.
export function back(all: Changed[]): Change[] {
  return all.toReversed().flatMap(({ done, before, after, made }): Change[] => {
    if (!done || !before || !after) return []
    const [was, is] = [decided(before), decided(after)]
    if (was.entity_id === is.entity_id && was.ignored === is.ignored) return []
    return [{ id: before.id, do: "restore", was, is, ...(made && { made }) }]
  })
}
