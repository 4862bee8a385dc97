import { t } from "../text"
import type { IconName } from "../ui/icons"
import type { EntityPath } from "./api"

// What external identities are linked to.
export interface EntityKind {
  id: string
  path: EntityPath
  one: string
  fresh: string // what making one is called
  many: string
  title: string
  icon: IconName
}

export const entityKinds: readonly EntityKind[] = [
  { id: "agent", path: "agents", one: t("agent"), fresh: t("New agent"), many: t("agents"), title: t("Agents"), icon: "person" },
  { id: "team", path: "teams", one: t("team"), fresh: t("New team"), many: t("teams"), title: t("Teams"), icon: "team" },
  { id: "project", path: "projects", one: t("project"), fresh: t("New project"), many: t("projects"), title: t("Projects"), icon: "folder" },
  { id: "segment", path: "segments", one: t("segment"), fresh: t("New segment"), many: t("segments"), title: t("Segments"), icon: "tagi" },
  {
    id: "proposition",
    path: "propositions",
    one: t("proposition"),
    fresh: t("New proposition"),
    many: t("propositions"),
    title: t("Propositions"),
    icon: "box",
  },
]
