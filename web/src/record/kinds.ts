import { t } from "../text"
import type { IconName } from "../ui/icons"
import type { RecordPath } from "./api"

// The kinds of records, in the order of the menu. `id` is the word of the settings, `path` the one of URLs.
export interface Kind {
  id: string
  path: RecordPath
  one: string
  many: string
  title: string
  icon: IconName
  agents: boolean // its records are somebody's
}

export const kinds: readonly Kind[] = [
  { id: "activity", path: "activities", one: t("activity"), many: t("activities"), title: t("Activities"), icon: "pulse", agents: true },
  { id: "sale", path: "sales", one: t("sale"), many: t("sales"), title: t("Sales"), icon: "euro", agents: true },
  { id: "call", path: "calls", one: t("call"), many: t("calls"), title: t("Calls"), icon: "phone", agents: true },
  { id: "period", path: "periods", one: t("period"), many: t("periods"), title: t("Periods"), icon: "period", agents: true },
  {
    id: "anonymous_activity",
    path: "anonymous-activities",
    one: t("anonymous activity"),
    many: t("anonymous activities"),
    title: t("Anonymous activities"),
    icon: "ghost",
    agents: false,
  },
]
