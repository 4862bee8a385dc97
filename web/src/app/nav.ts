import { entityKinds } from "../entity/kinds"
import { kinds } from "../record/kinds"
import type { Tenant } from "../session/api"
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
      label: "Providers",
      items: [
        { to: "/providers", label: "Providers", icon: "plug" },
        { to: "/processors", label: "Processors", icon: "flow" },
        { to: "/executions", label: "Processor executions", icon: "runs" },
        { to: "/source-executions", label: "Source executions", icon: "inbox" },
        { to: "/deliveries", label: "Deliveries", icon: "envelope" },
        { to: "/identities", label: "Unlinked external identities", icon: "ident" },
      ],
    },
    {
      label: "Data",
      items: [
        ...entityKinds.filter((k) => k.id !== "project" || tenant.projects).map((k) => ({ to: `/${k.path}`, label: k.title, icon: k.icon })),
        ...kinds.filter((k) => tenant.record_kinds.includes(k.id)).map((k) => ({ to: `/${k.path}`, label: k.title, icon: k.icon })),
      ],
    },
  ]
}

export const settingsItem: NavItem = { to: "/settings", label: "Settings", icon: "sliders" }
