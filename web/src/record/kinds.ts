import type { IconName } from "../ui/icons"

// The kinds of records, in the order of the menu. `id` is the word of the settings, `path` the one of URLs.
export interface Kind {
  id: string
  path: string
  one: string
  many: string
  title: string
  icon: IconName
}

export const kinds: readonly Kind[] = [
  { id: "activity", path: "activities", one: "activity", many: "activities", title: "Activities", icon: "pulse" },
  { id: "sale", path: "sales", one: "sale", many: "sales", title: "Sales", icon: "euro" },
  { id: "call", path: "calls", one: "call", many: "calls", title: "Calls", icon: "phone" },
  { id: "period", path: "periods", one: "period", many: "periods", title: "Periods", icon: "period" },
  {
    id: "anonymous_activity",
    path: "anonymous-activities",
    one: "anonymous activity",
    many: "anonymous activities",
    title: "Anonymous activities",
    icon: "ghost",
  },
]
