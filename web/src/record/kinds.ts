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
  { id: "activity", path: "activities", one: "activity", many: "activities", title: "Activities", icon: "pulse", agents: true },
  { id: "sale", path: "sales", one: "sale", many: "sales", title: "Sales", icon: "euro", agents: true },
  { id: "call", path: "calls", one: "call", many: "calls", title: "Calls", icon: "phone", agents: true },
  { id: "period", path: "periods", one: "period", many: "periods", title: "Periods", icon: "period", agents: true },
  {
    id: "anonymous_activity",
    path: "anonymous-activities",
    one: "anonymous activity",
    many: "anonymous activities",
    title: "Anonymous activities",
    icon: "ghost",
    agents: false,
  },
]
