import { expect, it } from "vitest"
import { speaks } from "./meaning"

const ofAgent = { noun: "agent", what: "id" }

it.each([
  ["event.agent_id", 3],
  ["event.agentId", 3],
  ["event.owner.id", 3],
  ["event.sales_rep_code", 3],
  ["event.verkoper", 2],
  ["event.id", 0],
  ["event.agent_name", 0],
  ["event.agent.address.id", 0],
  ["event.management_id", 0], // not a word of its own
  ["event.users[0].id", 0], // of several
])("%s as the external id of an agent: %d", (path, want) => expect(speaks(path, ofAgent)).toBe(want))

it("tells a name, a field and another thing apart", () => {
  expect(speaks("event.agent_name", { noun: "agent", what: "name" })).toBe(3)
  expect(speaks("event.owner.email", { noun: "agent", what: "email" })).toBe(3)
  expect(speaks("event.owner.email", { noun: "team", what: "email" })).toBe(0)
  expect(speaks("event.product.sku", { noun: "proposition", what: "id" })).toBe(2)
  expect(speaks("event.id", { noun: "sale", what: "id" })).toBe(0)
})
