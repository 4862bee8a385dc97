import type { ReactNode } from "react"
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components"
import { Icon } from "./Icon"
import type { IconName } from "./icons"

export interface MenuEntry {
  id: string
  label: string
  icon?: IconName
  danger?: boolean
  act: () => void
}

export function Menu({
  label,
  entries,
  trigger,
  className = "btn btn-icon btn-ghost btn-sm",
}: {
  label: string
  entries: MenuEntry[]
  trigger?: ReactNode
  className?: string
}) {
  return (
    <MenuTrigger>
      <AriaButton className={className} aria-label={label}>
        {trigger ?? <Icon name="dots" />}
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <AriaMenu className="menu" onAction={(id) => entries.find((e) => e.id === id)?.act()}>
          {entries.map((e) => (
            <MenuItem key={e.id} id={e.id} className={e.danger ? "danger" : ""} textValue={e.label}>
              {e.icon && <Icon name={e.icon} />}
              {e.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
