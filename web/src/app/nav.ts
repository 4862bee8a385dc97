import { entityKinds } from "../entity/kinds"
import { kinds } from "../record/kinds"
import type { Tenant } from "../session/api"
import { t } from "../text"
import type { IconName } from "../ui/icons"

export interface NavItem {
  to: string
  label: string
  icon: IconName
}

export interface NavGroup {
  label: string
  items: NavItem[]
}

export const homeItem: NavItem = { to: "/", label: t("Home"), icon: "home" }

// navigation is the menu of a tenant: a record kind that is switched off is not there, nor are projects.
export function navigation(tenant: Tenant): NavGroup[] {
  return [
    {
      label: t("Providers"),
      items: [
        { to: "/providers", label: t("Providers"), icon: "plug" },
        { to: "/processors", label: t("Processors"), icon: "flow" },
        { to: "/executions", label: t("Processor executions"), icon: "runs" },
        { to: "/source-executions", label: t("Source executions"), icon: "inbox" },
        { to: "/deliveries", label: t("Deliveries"), icon: "envelope" },
        { to: "/identities", label: t("Unlinked external identities"), icon: "ident" },
        // Not /webhooks: what is below that is for the calls themselves.
        { to: "/hooks", label: t("Webhooks"), icon: "hook" },
      ],
    },
    {
      label: t("Data"),
      items: [
        ...entityKinds.filter((k) => k.id !== "project" || tenant.projects).map((k) => ({ to: `/${k.path}`, label: k.title, icon: k.icon })),
        ...kinds.filter((k) => tenant.record_kinds.includes(k.id)).map((k) => ({ to: `/${k.path}`, label: k.title, icon: k.icon })),
        { to: "/journal", label: t("Journal"), icon: "history" },
      ],
    },
    {
      label: t("Metrics"),
      items: [
        { to: "/metrics", label: t("Metrics"), icon: "pulse" },
        { to: "/events", label: t("Events"), icon: "note" },
      ],
    },
  ]
}

export const settingsItem: NavItem = { to: "/settings", label: t("Settings"), icon: "sliders" }

// Pages that are reached from others, and so stand in the palette but not in the menu.
export const furtherItems: NavItem[] = [
  { to: "/why", label: t("Why is it not there"), icon: "info" },
  { to: "/settings/users", label: t("Users"), icon: "person" },
  { to: "/settings/api-keys", label: t("API keys"), icon: "key" },
  { to: "/account", label: t("My account"), icon: "person" },
]

// isCurrent says whether a path is that of a menu item, or of something below it.
export function isCurrent(item: NavItem, path: string): boolean {
  return path === item.to || (item.to !== "/" && path.startsWith(`${item.to}/`))
}
