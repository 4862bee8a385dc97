import { describe, expect, it } from "vitest"
import type { Changed, Identity } from "./api"
import { back } from "./back"

const identity = (entity: string | null, ignored = false) => ({ id: "xid_1", entity: entity && { id: entity, name: entity }, ignored }) as Identity
const changed = (before: Identity, after: Identity): Changed => ({ id: before.id, done: true, message: null, before, after }) as Changed

describe("taking changes of identities back", () => {
  it.each([
    ["a link", identity(null), identity("agt_1"), [{ id: "xid_1", do: "unlink" }]],
    ["a link to somebody else", identity("agt_1"), identity("agt_2"), [{ id: "xid_1", do: "link", entity_id: "agt_1" }]],
    ["an unlink", identity("agt_1"), identity(null), [{ id: "xid_1", do: "link", entity_id: "agt_1" }]],
    ["an ignore", identity(null), identity(null, true), [{ id: "xid_1", do: "unignore" }]],
    [
      "a link of an ignored one",
      identity(null, true),
      identity("agt_1"),
      [
        { id: "xid_1", do: "unlink" },
        { id: "xid_1", do: "ignore" },
      ],
    ],
    ["nothing", identity("agt_1"), identity("agt_1"), []],
  ])("%s", (_, before, after, want) => {
    expect(back([changed(before, after)])).toEqual(want)
  })

  it("what was made", () => {
    expect(back([{ ...changed(identity(null), identity("agt_1")), made: true }])).toEqual([{ id: "xid_1", do: "uncreate", entity_id: "agt_1" }])
  })

  it("begins with the last and leaves out what was not done", () => {
    const one = changed(identity(null), identity("agt_1"))
    const two = { ...changed({ ...identity(null), id: "xid_2" }, { ...identity(null, true), id: "xid_2" }), id: "xid_2" }
    const not = { id: "xid_3", done: false, message: "no", before: null, after: null } as Changed
    expect(back([one, not, two]).map((c) => c.id)).toEqual(["xid_2", "xid_1"])
  })
})
