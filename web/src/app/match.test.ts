import { expect, it } from "vitest"
import { match } from "./match"
import type { NavItem } from "./nav"

const items: NavItem[] = [
  { to: "/executions", label: "Processor executions", icon: "runs" },
  { to: "/processors", label: "Processors", icon: "flow" },
  { to: "/identities", label: "Unlinked external identities", icon: "ident" },
]

it.each([
  ["", ["/executions", "/processors", "/identities"]],
  ["proc ex", ["/executions"]],
  ["IDENT", ["/identities"]],
  ["nowhere", []],
])("%j leads to %j", (text, want) => expect(match(items, text).map((i) => i.to)).toEqual(want))
