import { type Param, wanted } from "../library/library"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { Menu, type MenuEntry } from "../ui/Menu"
import { reader } from "./scope"
import { type Expr, isCall, isLiteral, isVariable } from "./tree"
import { typeWord } from "./types"
import type { SlotKind } from "./useSlot"
import { useWorld } from "./world"

interface Props {
  label: string
  param: Param
  expr: Expr | undefined
  onKind: (kind: SlotKind) => void
  onFormula: () => void
  onNull: () => void
  onTakeOut: (() => void) | undefined
  takeOutWord?: string | undefined
}

// The menu gives the focus back to its button when it has closed; what a choice does to the focus comes after that.
const settled = 50 // milliseconds

// KindMenu changes what a slot holds. What it held before comes back with its kind, until the spec is saved.
export function KindMenu({ label, param, expr, onKind, onFormula, onNull, onTakeOut, takeOutWord }: Props) {
  const { library } = useWorld()
  const literal = param.literals.some((k) => k !== "null") || reader(library, wanted(param)) !== undefined
  const entries: MenuEntry[] = []
  if (literal)
    entries.push({ id: "literal", label: t("A value: {type}", { type: typeWord(wanted(param)) }), icon: "edit", act: () => onKind("literal") })
  if (!param.literal_only) entries.push({ id: "variable", label: t("A variable"), icon: "braces", act: () => onKind("variable") })
  if (!param.literal_only && !param.variable_only) {
    entries.push({
      id: "function",
      label: isVariable(expr) || isCall(expr) ? t("A function around it") : t("A function"),
      icon: "flow",
      act: () => onKind("function"),
    })
    entries.push({ id: "formula", label: t("Write it as a formula"), icon: "keyb", act: onFormula })
  }
  if (param.literals.includes("null") && !(isLiteral(expr) && expr.value === null))
    entries.push({ id: "null", label: t("Empty: clears what the record has"), icon: "skip", act: onNull })
  if (onTakeOut) entries.push({ id: "out", label: takeOutWord ?? t("Take out: keeps what the record has"), icon: "x", act: onTakeOut })
  return (
    <Menu
      label={t("What {label} holds", { label })}
      className="tail"
      trigger={<Icon name="down" size={14} />}
      entries={entries.map((e) => ({ ...e, act: () => setTimeout(e.act, settled) }))}
    />
  )
}
