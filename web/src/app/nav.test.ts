import { expect, it } from "vitest"
import type { Settings } from "../settings/api"
import { navigation } from "./nav"

const tenant: Settings = {
  id: "ten_1",
  name: "Havenlicht",
  time_zone: "Europe/Amsterdam",
  country: "+31",
  provider_types: ["webhooks"],
  record_kinds: ["activity", "sale"],
  projects: false,
  user_creation: true,
  agent_management: true,
  contact_keys: "pseudonym",
  raw_days: 0,
}

it("shows only what the tenant has switched on", () => {
  expect(navigation(tenant).map((g) => [g.label, ...g.items.map((i) => i.label)])).toEqual([
    ["Providers", "Providers", "Processors", "Processor executions", "Source executions", "Deliveries", "Unlinked external identities", "Webhooks"],
    ["Data", "Agents", "Teams", "Segments", "Propositions", "Activities", "Sales", "Journal"],
    ["Metrics", "Metrics", "Events"],
  ])
})

it("shows projects and every kind when they are on", () => {
  const all = navigation({
    ...tenant,
    projects: true,
    record_kinds: ["activity", "sale", "call", "period", "anonymous_activity"],
  })
  expect(all[1]?.items.map((i) => i.to)).toEqual([
    "/agents",
    "/teams",
    "/projects",
    "/segments",
    "/propositions",
    "/activities",
    "/sales",
    "/calls",
    "/periods",
    "/anonymous-activities",
    "/journal",
  ])
})
