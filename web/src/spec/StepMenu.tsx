import { useRef } from "react"
import { Menu, MenuItem, Popover } from "react-aria-components"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import type { Commands } from "./commands"
import { useStore } from "./context"
import type { Place } from "./document"
import { placeAfter, placeWithin, type StepRow } from "./rows"

interface Props {
  row: StepRow
  at: HTMLElement
  commands: Commands
  onInsert: (place: Place) => void
  onClose: () => void
}

interface Entry {
  id: string
  label: string
  icon: IconName
  keys?: string
  danger?: boolean
  act: () => void
}

// StepMenu is what can be done with the chosen steps, or with the one it was opened on.
export function StepMenu({ row, at, commands, onInsert, onClose }: Props) {
  const store = useStore()
  const trigger = useRef(at)
  const { spec, selected } = store.get()
  if (!selected.includes(row.key)) store.select([row.key])
  const entries: Entry[] = [
    { id: "edit", label: t("Edit"), icon: "edit", keys: "Enter", act: () => store.focus(row.key) },
    { id: "after", label: t("Add a step after it"), icon: "plus", keys: "A", act: () => onInsert(placeAfter(row, spec)) },
  ]
  if (row.block)
    entries.push({ id: "inside", label: t("Add a step inside"), icon: "plus", keys: "Shift A", act: () => onInsert(placeWithin(row, spec)) })
  for (const f of commands.library.instruction(row.step.type)?.fields ?? []) {
    if (f.form === "body" && row.step[f.name] === undefined)
      entries.push({
        id: f.name,
        label: t("Add “{branch}”", { branch: f.title.toLowerCase() }),
        icon: "fork",
        act: () => commands.addBranch(row.key, f.name),
      })
    if (f.form === "cases") entries.push({ id: "cases", label: t("Add a case"), icon: "fork", act: () => commands.addBranch(row.key, "cases") })
  }
  entries.push(
    { id: "up", label: t("Move up"), icon: "up", keys: "Alt ↑", act: () => commands.nudge("up") },
    { id: "down", label: t("Move down"), icon: "down", keys: "Alt ↓", act: () => commands.nudge("down") },
    { id: "out", label: t("Move out of the block"), icon: "left", keys: "Alt ←", act: () => commands.nudge("out") },
    { id: "in", label: t("Move into the block above"), icon: "right", keys: "Alt →", act: () => commands.nudge("in") },
    { id: "twice", label: t("Duplicate"), icon: "copy", keys: "Ctrl D", act: commands.duplicate },
    { id: "off", label: row.step.disabled ? t("Switch on") : t("Switch off"), icon: "offi", keys: "D", act: commands.toggle },
    { id: "note", label: row.step.note ? t("Change the note") : t("Add a note"), icon: "note", act: () => store.focus(row.key, "note") },
    { id: "rename", label: t("Rename the result"), icon: "tagi", keys: "F2", act: () => store.focus(row.key, "return_as") },
    { id: "delete", label: t("Delete"), icon: "trash", keys: "Del", danger: true, act: commands.remove },
  )
  const shown = store.readOnly ? entries.slice(0, 1) : entries
  return (
    <Popover className="popover" triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} placement="bottom end">
      <Menu
        className="menu"
        aria-label={t("Actions for step {n}", { n: row.number })}
        autoFocus="first"
        onAction={(id) => {
          onClose()
          const entry = shown.find((x) => x.id === id)
          requestAnimationFrame(() => entry?.act())
        }}
      >
        {shown.map((x) => (
          <MenuItem key={x.id} id={x.id} className={x.danger ? "danger" : ""} textValue={x.label}>
            <Icon name={x.icon} />
            <span className="grow">{x.label}</span>
            {x.keys && <kbd className="kbd">{x.keys}</kbd>}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  )
}
