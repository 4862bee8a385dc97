import { t } from "../text"
import type { IconName } from "../ui/icons"

export const kindIcon: Record<string, IconName> = {
  agent: "person",
  team: "team",
  project: "folder",
  segment: "tagi",
  proposition: "box",
}

const articles: Record<string, string> = {
  agent: t("an agent"),
  team: t("a team"),
  project: t("a project"),
  segment: t("a segment"),
  proposition: t("a proposition"),
}

export const article = (kind: string) => articles[kind] ?? kind

const news: Record<string, string> = {
  agent: t("A new agent"),
  team: t("A new team"),
  project: t("A new project"),
  segment: t("A new segment"),
  proposition: t("A new proposition"),
}

export const aNew = (kind: string) => news[kind] ?? kind
