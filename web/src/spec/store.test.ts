import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { type Instruction, insert, root, type Spec, setField } from "./document"
import { applied, difference } from "./patch"
import { isQuiet, type Kept, type Server, SpecStore } from "./store"

const empty: Spec = { spec: 1, source_model: "webhook.payload", instructions: [] }
const saved: Spec = { ...empty, instructions: [{ type: "stop", id: "s1" }] }

class Memory {
  kept = new Map<string, string>()
  getItem = (k: string) => this.kept.get(k) ?? null
  setItem = (k: string, v: string) => void this.kept.set(k, v)
  removeItem = (k: string) => void this.kept.delete(k)
}

function server(): Server & { kept: (Spec | string)[] } {
  const kept: (Spec | string)[] = []
  return {
    kept,
    check: async (content) => ({
      valid: true,
      problems: [],
      ...(content === "broken:" ? {} : { tree: typeof content === "string" ? saved : content }),
    }),
    compare: async () => ({ from: 1, to: null, same: true, same_program: true, changes: [] }) as never,
    dryRun: async () => ({ status: "succeeded" }) as never,
    keep: async (content, _base, revision) => {
      kept.push(content)
      return { revision: revision + 1, at: "2026-01-01T00:00:00Z" }
    },
    forget: async () => {},
  }
}

const open = (s: Server, shelf = new Memory(), kept?: Kept, base = 1, version = saved, author = "usr_1") =>
  new SpecStore({ processor: "proc_1", author, server: s, shelf, base, saved: version, kept, start: empty })

const add = (type: string) => (spec: Spec) => insert(spec, { ...root, index: spec.instructions.length }, [{ type, id: "" } as Instruction]).spec

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe("the open spec", () => {
  it("keeps steps that were added together quiet until all of them are left", () => {
    const store = open(server())
    const lacks = (id: string) => {
      const at = store.get().spec.instructions.findIndex((s) => s.id === id)
      return isQuiet(store.get(), { code: "missing_field", pointer: `/instructions/${at}`, message: "it needs moment" })
    }
    const [a, b, c] = ["n1", "n2", "n3"].map((id) => ({ type: "upsert_activity", id }))
    store.edit("Add", (s) => ({ ...s, instructions: [...s.instructions, a, b, c] as never }), { select: ["n1"] })
    store.added(["n1", "n2"])
    expect([lacks("n1"), lacks("n2"), lacks("n3")]).toEqual([true, true, false])
    store.select(["n2"])
    expect([lacks("n1"), lacks("n2")]).toEqual([false, true])
    store.select(["n1"])
    store.added(["n1", "n2"])
    store.select(["n3"])
    expect([lacks("n1"), lacks("n2")]).toEqual([false, false])
  })

  it("undoes and redoes two hundred edits, and the selection with them", () => {
    const store = open(server())
    store.select(["s1"])
    for (let i = 0; i < 210; i++) store.edit(`Add ${i}`, add("fail"))
    expect(store.get().undo).toBe("Add 209")
    for (let i = 0; i < 250; i++) store.undo()
    expect(store.get().spec.instructions).toHaveLength(11) // the first ten can no longer be undone
    expect(store.get().undo).toBeUndefined()
    expect(store.get().redo).toBe("Add 10")
    for (let i = 0; i < 250; i++) store.redo()
    expect(store.get().spec.instructions).toHaveLength(211)
    expect(store.get().selected).toEqual(["s1"])
  })

  it("takes typing in one field as one step", () => {
    const store = open(server())
    for (const word of ["n", "no", "not"]) store.edit("Change note", (s) => setField(s, "s1", ["note"], word), { merge: "note s1" })
    store.undo()
    expect(store.get().spec.instructions[0]?.note).toBeUndefined()
    store.redo()
    expect(store.get().spec.instructions[0]?.note).toBe("not")
  })

  it("comes back after a reload, with what can be undone and redone", async () => {
    const shelf = new Memory()
    const s = server()
    const before = open(s, shelf)
    before.edit("One", add("fail"))
    before.edit("Two", (x) => setField(x, "s1", ["note"], "seen"))
    before.edit("Three", add("stop"))
    before.undo()
    await vi.runOnlyPendingTimersAsync()
    expect(s.kept.at(-1)).toEqual(before.get().spec)
    before.close()
    const after = open(s, shelf, { content: before.get().spec, base: 1, revision: 1, at: "" })
    expect(after.get().spec).toEqual(before.get().spec)
    expect([after.get().undo, after.get().redo]).toEqual(["Two", "Three"])
    after.redo()
    expect(after.get().spec.instructions).toHaveLength(3)
    after.undo()
    after.undo()
    after.undo()
    expect(after.get().spec).toEqual(saved)
  })

  it("loses nothing that the server has not got yet", () => {
    const shelf = new Memory()
    const s = server()
    const before = open(s, shelf)
    before.edit("One", add("fail"))
    before.close() // before any delay is over
    const after = open(s, shelf)
    expect(after.get().spec.instructions).toHaveLength(2)
    expect(after.get().draft).toBe("waiting")
  })

  it("keeps what another user left in this window for them alone", () => {
    const shelf = new Memory()
    const theirs = open(server(), shelf)
    theirs.edit("One", add("fail"))
    theirs.close()
    const mine = open(server(), shelf, undefined, 1, saved, "usr_2")
    expect([mine.get().spec, mine.get().draft, mine.get().undo]).toEqual([saved, "none", undefined])
    mine.close()
    const again = open(server(), shelf, undefined, 1, saved, "usr_1")
    expect(again.get().draft).toBe("waiting")
    expect(again.get().spec.instructions).toHaveLength(2)
  })

  it("says that somebody is signed out, keeps what was edited and sends it when they are back", async () => {
    const shelf = new Memory()
    const s = server()
    s.keep = async () => {
      throw Object.assign(new Error("signed out"), { status: 401 })
    }
    const store = open(s, shelf)
    store.edit("One", add("fail"))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(store.get().draft).toBe("signed out")
    store.close()
    const back = server()
    expect(open(back, shelf).get().spec.instructions).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(back.kept).toHaveLength(1)
  })

  it("takes the draft of the server where another window wrote after this one", () => {
    const shelf = new Memory()
    const before = open(server(), shelf)
    before.edit("One", add("fail"))
    before.close()
    const theirs = add("stop")(saved)
    const after = open(server(), shelf, { content: theirs, base: 1, revision: 7, at: "" })
    expect(after.get().spec.instructions.map((i) => i.type)).toEqual(["stop", "stop"])
    expect(after.get().undo).toBeUndefined()
  })

  it("says that a newer version was saved below the draft", () => {
    expect(open(server(), new Memory(), { content: saved, base: 1, revision: 1, at: "" }, 3).get().newer).toBe(3)
  })

  it("knows a save that went through when nobody waited for its answer", async () => {
    const s = server()
    let forgot = 0
    s.forget = async () => void forgot++
    const shelf = new Memory()
    const before = open(s, shelf)
    before.edit("One", add("fail"))
    await vi.advanceTimersByTimeAsync(1_000)
    const sent = before.get().spec
    before.saving()
    before.close()
    const kept = { content: sent, base: 1, revision: 1, at: "" }
    const after = open(s, shelf, kept, 2, sent)
    expect([after.get().base, after.get().newer, after.get().draft, forgot]).toEqual([2, undefined, "none", 1])
    after.edit("Two", add("stop"))
    await vi.advanceTimersByTimeAsync(1_000)
    expect([after.get().draft, after.get().base]).toEqual(["kept", 2])
  })

  it("keeps what was changed after such a save as a draft upon it, and tells a version of somebody else", async () => {
    const shelf = new Memory()
    const s = server()
    const before = open(s, shelf)
    before.edit("One", add("fail"))
    const sent = before.get().spec
    before.saving()
    before.edit("Two", add("stop"))
    before.close()
    const stored = new Map(shelf.kept)
    const after = open(s, shelf, undefined, 2, sent)
    expect([after.get().base, after.get().newer, after.get().draft]).toEqual([2, undefined, "waiting"])
    expect(after.get().spec.instructions).toHaveLength(3)
    shelf.kept = new Map(stored)
    const late = open(s, shelf) // the version is heard of after it opened
    late.somebodySaved(2, sent)
    await vi.advanceTimersByTimeAsync(1_000)
    expect([late.get().base, late.get().newer, late.get().spec.instructions.length]).toEqual([2, undefined, 3])
    shelf.kept = new Map(stored)
    expect(open(s, shelf, undefined, 2, add("stop")(saved)).get().newer).toBe(2)
  })

  it("shows nothing of another entry while the chosen one cannot run", async () => {
    const s = server()
    const store = open(s)
    store.tryWith({ delivery: "del_1", label: "1" })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(store.get().run).toBeDefined()
    s.dryRun = async () => {
      throw Object.assign(new Error("not valid"), { status: 422 })
    }
    store.tryWith({ delivery: "del_2", label: "2" })
    expect(store.get().run).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1_000)
    expect([store.get().run, store.get().runFailed === undefined]).toEqual([undefined, false])
  })

  it("tries again when the server is away, and says so", async () => {
    const s = server()
    const keep = s.keep
    s.keep = async () => {
      throw Object.assign(new Error("no answer"), { status: 0 })
    }
    const store = open(s)
    store.edit("One", add("fail"))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(store.get().draft).toBe("offline")
    s.keep = keep
    await vi.advanceTimersByTimeAsync(5_000)
    expect(store.get().draft).toBe("kept")
  })

  it("keeps text that does not read, and takes the tree once it does", async () => {
    const s = server()
    const store = open(s)
    store.edit("One", add("fail"))
    store.write("broken:")
    await vi.advanceTimersByTimeAsync(1_000)
    expect(store.get().text).toBe("broken:")
    expect(s.kept.at(-1)).toBe("broken:")
    expect(store.get().spec.instructions).toHaveLength(2)
    store.write("spec: 1")
    await vi.advanceTimersByTimeAsync(1_000)
    expect(store.get().text).toBeUndefined()
    expect(store.get().spec).toEqual(saved)
    store.undo()
    expect(store.get().spec.instructions).toHaveLength(2)
  })

  it("loses no YAML that does not read: not to an edit, an undo, a reload or another spec", async () => {
    const shelf = new Memory()
    const s = server()
    const store = open(s, shelf)
    store.edit("One", add("fail"))
    store.write("broken:")
    store.edit("Two", add("stop"))
    expect([store.readOnly, store.get().text, store.get().spec.instructions.length]).toEqual([true, "broken:", 2])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(store.get().draft).toBe("kept")
    store.close()
    const after = open(s, shelf, { content: "broken:", base: 1, revision: 1, at: "" })
    expect(after.get().text).toBe("broken:")
    after.undo() // the typing goes, and comes back
    expect([after.get().text, after.get().redo, after.get().spec.instructions.length]).toEqual([undefined, "Edit as YAML", 2])
    after.redo()
    expect(after.get().text).toBe("broken:")
    after.takeTheirs("Take version 2", 2, saved)
    expect([after.get().text, after.get().spec.instructions.length]).toEqual([undefined, 1])
    after.close()
    const again = open(s, shelf, { content: "broken:", base: 2, revision: 1, at: "" }, 2)
    again.undo()
    expect([again.get().text, again.get().spec.instructions.length]).toEqual(["broken:", 2])
    again.dropText()
    expect([again.get().text, again.get().undo]).toEqual([undefined, "Drop the YAML that does not read"])
    again.undo()
    expect(again.get().text).toBe("broken:")
  })

  it("keeps what is typed as YAML while what was typed before is checked or saved", async () => {
    const s = server()
    const store = open(s)
    let answer = () => {}
    const check = s.check
    s.check = (content, signal) =>
      new Promise((done) => {
        answer = () => check(content, signal).then(done)
      })
    store.write("spec: 1")
    await vi.advanceTimersByTimeAsync(300)
    store.write("spec: 1 # and")
    answer()
    await vi.advanceTimersByTimeAsync(1)
    expect(store.get().text).toBe("spec: 1 # and")
    await store.savedAs({ spec: store.get().spec, text: "spec: 1" }, 2, saved)
    expect([store.get().text, store.get().base]).toEqual(["spec: 1 # and", 2])
  })

  it("is as saved when YAML was read while it was saved", async () => {
    const store = open(server())
    store.edit("One", add("fail"))
    const sent = { spec: store.get().spec, text: "spec: 1" }
    store.write("spec: 1")
    await vi.advanceTimersByTimeAsync(1_000)
    await store.savedAs(sent, 2, saved)
    expect([store.get().draft, store.get().base]).toEqual(["none", 2])
  })
})

describe("a difference", () => {
  it("is small, and good both ways", () => {
    const a = { x: [1, 2, 3, { y: "z" }], k: null, gone: 1 }
    const b = { x: [1, 9, 2, 3, { y: "z" }], k: false, come: { deep: [] } }
    const patch = difference(a, b)
    expect(applied(a, patch)).toEqual(b)
    expect(applied(b, patch, true)).toEqual(a)
    expect(difference(saved, { ...saved })).toEqual([])
  })
})
