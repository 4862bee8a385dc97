import type { NavItem } from "./nav"

const byId: [RegExp, (id: string) => NavItem][] = [
  [/^exe_\w+$/, (id) => ({ to: `/executions/${id}`, label: `Trace of ${id}`, icon: "runs" })],
  [/^dlv_\w+$/, (id) => ({ to: `/deliveries/${id}`, label: `Delivery ${id}`, icon: "envelope" })],
  [/^prv_\w+$/, (id) => ({ to: `/providers/${id}`, label: `Provider ${id}`, icon: "plug" })],
  [/^prc_\w+$/, (id) => ({ to: `/processors/${id}`, label: `Processor ${id}`, icon: "flow" })],
]

// match finds pages whose name has all the words, or the one thing an id names.
export function match(items: NavItem[], text: string): NavItem[] {
  const wanted = text.trim()
  const direct = byId.find(([pattern]) => pattern.test(wanted))
  if (direct) return [direct[1](wanted)]
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter((item) => words.every((w) => item.label.toLowerCase().includes(w)))
}
