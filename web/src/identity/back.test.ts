import { describe, expect, it } from "vitest"
import type { Changed, Identity } from "./api"
import { back } from "./back"

const identity = (entity: string | null, ignored = false) => ({ id: "xid_1", entity: entity && { id: entity, name: entity }, ignored }) as Identity
const changed = (before: Identity, after: Identity): Changed => ({ id: before.id, done: true, message: null, before, after }) as Changed

describe("taking changes of identities back", () => {
  const none = { ignored: false }
  const one = { entity_id: "agt_1", ignored: false }
  it.each([
    ["a link", identity(null), identity("agt_1"), [none, one]],
    ["a link to somebody else", identity("agt_1"), identity("agt_2"), [one, { entity_id: "agt_2", ignored: false }]],
    ["an unlink", identity("agt_1"), identity(null), [one, none]],
    ["an ignore", identity(null), identity(null, true), [none, { ignored: true }]],
    ["a link of an ignored one", identity(null, true), identity("agt_1"), [{ ignored: true }, one]],
  ])("%s", (_, before, after, [was, is]) => {
    expect(back([changed(before, after)])).toEqual([{ id: "xid_1", do: "restore", was, is }])
  })

  it("nothing, where nothing changed", () => expect(back([changed(identity("agt_1"), identity("agt_1"))])).toEqual([]))

  it("what was made", () => {
    expect(back([{ ...changed(identity(null), identity("agt_1")), made: true }])).toEqual([
      { id: "xid_1", do: "restore", was: none, is: one, made: true },
    ])
  })

  it("begins with the last and leaves out what was not done", () => {
    const one = changed(identity(null), identity("agt_1"))
    const two = { ...changed({ ...identity(null), id: "xid_2" }, { ...identity(null, true), id: "xid_2" }), id: "xid_2" }
    const not = { id: "xid_3", done: false, message: "no", before: null, after: null } as Changed
    expect(back([one, not, two]).map((c) => c.id)).toEqual(["xid_2", "xid_1"])
  })
})
