import { expect, it } from "vitest"
import type { Detail } from "../api/client"
import type { Spec } from "./document"
import { mended, ofAKind } from "./fixes"

const problem = (code: string, ...edits: { op: string; path: string; from?: string; value?: unknown }[]) =>
  ({ code, message: code, fix: { title: "Mend", edits } }) as unknown as Detail

const spec = {
  spec: 1,
  source_model: "webhook.payload",
  instructions: ["a", "b", "c", "d"].map((id) => ({ id, type: "stop" })),
} as unknown as Spec
const ids = (s: Spec) => s.instructions.map((x) => x.id)

it("makes all fixes of a kind, whatever moves with each", () => {
  const all = ofAKind([
    problem("unreachable", { op: "remove", path: "/instructions/1" }),
    problem("unknown_name", { op: "replace", path: "/instructions/0/reason", value: "=x" }),
    problem("unreachable", { op: "remove", path: "/instructions/3" }),
    problem("unreachable", { op: "add", path: "/instructions/0", value: { id: "new", type: "stop" } }),
  ])
  expect([...all.keys()]).toEqual(["unreachable"])
  expect(ids((all.get("unreachable") ?? []).reduce(mended, spec))).toEqual(["new", "a", "c"])
})

it("puts ten after two", () => {
  const long = { ...spec, instructions: Array.from({ length: 12 }, (_, i) => ({ id: `s${i}`, type: "stop" })) } as unknown as Spec
  const all = ofAKind([2, 10, 9].map((n) => problem("unreachable", { op: "remove", path: `/instructions/${n}` })))
  expect(ids((all.get("unreachable") ?? []).reduce(mended, long))).toEqual(["s0", "s1", "s3", "s4", "s5", "s6", "s7", "s8", "s11"])
})

it("makes one of two that touch the same place, and none of what has no fix", () => {
  const all = ofAKind([
    problem("unknown_name", { op: "add", path: "/instructions/1/return_as", value: "agent" }),
    problem("unknown_name", { op: "add", path: "/instructions/1/return_as", value: "agent" }),
    problem("unknown_key", { op: "move", from: "/instructions/0/vaule", path: "/instructions/0/value" }),
    problem("unknown_key", { op: "replace", path: "/instructions/0/vaule/arguments/0", value: 1 }),
    problem("unknown_key"),
  ])
  expect(all.size).toBe(0)
})
