import { expect, it } from "vitest"
import { type Found, placeOf } from "./places"

const found = (noun: string, id: string, more: Partial<Found> = {}): Found => ({
  noun,
  id,
  name: "",
  external_id: null,
  provider_id: null,
  provider_name: null,
  ...more,
})

it.each([
  [found("provider", "prv_1"), "/providers/prv_1", undefined],
  [found("source", "src_2", { provider_id: "prv_1" }), "/providers/prv_1", { source: "src_2" }],
  [found("anonymous_activity", "ano_3"), "/records/anonymous-activities/ano_3", undefined],
  [found("proposition", "pro_4"), "/propositions/pro_4", undefined],
  [found("agent_identity", "xid_5", { external_id: "u7" }), "/identities", { id: "xid_5", kind: "agent", search: "u7" }],
  [found("undo", "und_6"), "/undos/und_6", undefined],
  [found("something_new", "x_1"), undefined, undefined],
])("%j is shown at %s", (x, to, search) => {
  expect(placeOf(x)?.to).toBe(to)
  expect(placeOf(x)?.search).toEqual(search)
})
