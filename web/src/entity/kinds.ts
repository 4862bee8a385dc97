import type { IconName } from "../ui/icons"
import type { EntityPath } from "./api"

// What external identities are linked to.
export interface EntityKind {
  id: string
  path: EntityPath
  one: string
  many: string
  title: string
  icon: IconName
}

export const entityKinds: readonly EntityKind[] = [
  { id: "agent", path: "agents", one: "agent", many: "agents", title: "Agents", icon: "person" },
  { id: "team", path: "teams", one: "team", many: "teams", title: "Teams", icon: "team" },
  { id: "project", path: "projects", one: "project", many: "projects", title: "Projects", icon: "folder" },
  { id: "segment", path: "segments", one: "segment", many: "segments", title: "Segments", icon: "tagi" },
  { id: "proposition", path: "propositions", one: "proposition", many: "propositions", title: "Propositions", icon: "box" },
]
