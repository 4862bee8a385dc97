import { t } from "../text"
import type { NavItem } from "./nav"

const byId: [RegExp, (id: string) => NavItem][] = [
  [/^exe_\w+$/, (id) => ({ to: `/executions/${id}`, label: t("Trace of {id}", { id }), icon: "runs" })],
  [/^dlv_\w+$/, (id) => ({ to: `/deliveries/${id}`, label: t("Delivery {id}", { id }), icon: "envelope" })],
  [/^prv_\w+$/, (id) => ({ to: `/providers/${id}`, label: t("Provider {id}", { id }), icon: "plug" })],
  [/^prc_\w+$/, (id) => ({ to: `/processors/${id}`, label: t("Processor {id}", { id }), icon: "flow" })],
]

// match finds pages whose name has all the words, or the one thing an id names.
export function match(items: NavItem[], text: string): NavItem[] {
  const wanted = text.trim()
  const direct = byId.find(([pattern]) => pattern.test(wanted))
  if (direct) return [direct[1](wanted)]
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((item) => words.every((w) => item.label.toLowerCase().includes(w)))
}
