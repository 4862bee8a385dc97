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
      ],
    },
    {
      label: t("Data"),
      items: [
        ...entityKinds.filter((k) => k.id !== "project" || tenant.projects).map((k) => ({ to: `/${k.path}`, label: k.title, icon: k.icon })),
        ...kinds.filter((k) => tenant.record_kinds.includes(k.id)).map((k) => ({ to: `/${k.path}`, label: k.title, icon: k.icon })),
      ],
    },
  ]
}

export const settingsItem: NavItem = { to: "/settings", label: t("Settings"), icon: "sliders" }
