import { describe, expect, it } from "vitest"
import type { AnyRecord, Change } from "./api"
import { withAfter } from "./history"

const record = {
  cancelled_at: "2026-11-21T16:55:04Z",
  contract_value: 129,
  agent: { identity_id: "xid_2" },
  project: null,
  energy_meta: { gas_usage: 7 },
} as unknown as AnyRecord

const change = (id: string, ...fields: [string, string | number | null][]) =>
  ({ id, fields: fields.map(([name, before]) => ({ name, before })) }) as unknown as Change

describe("the history of a record", () => {
  it("gives each change the value it led to", () => {
    const rows = withAfter(record, [
      change("4", ["contract_value", 100], ["agent_external_identity", "xid_1"]),
      change("3", ["project_external_identity", "xid_9"], ["energy_meta.gas_usage", null]),
      change("2", ["contract_value", null]),
      change("1"),
    ])
    expect(rows.map((r) => r.fields)).toEqual([
      [
        { name: "contract_value", before: 100, after: 129 },
        { name: "agent_external_identity", before: "xid_1", after: "xid_2" },
      ],
      [
        { name: "project_external_identity", before: "xid_9", after: null },
        { name: "energy_meta.gas_usage", before: null, after: 7 },
      ],
      [{ name: "contract_value", before: null, after: 100 }],
      [],
    ])
  })
})
