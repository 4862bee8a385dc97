import { describe, expect, it } from "vitest"
import type { Of } from "../api/client"
import { waysBack } from "./ways"

const by = (m: Partial<Of<"Maker">>) => m as Of<"Maker">
const run = by({ execution_id: "exe_1" })

describe("how changes can be taken back", () => {
  it.each([
    ["a run's and a call's by an undo", [run, by({ delivery_id: "dlv_1" })], ["undo", "undo"]],
    ["one by hand not", [by({})], [undefined]],
    ["a re-key not from the record", [by({ execution_id: "exe_1", rekey_id: "rky_1" })], [undefined]],
    ["an undone one no more, its undo instead", [by({ execution_id: "exe_1", undo_id: "und_1" }), run, run], ["redo", "undone", "undone"]],
    ["another run's is none of its business", [by({ execution_id: "exe_1", undo_id: "und_1" }), by({ execution_id: "exe_2" })], ["redo", "undo"]],
    [
      "an undo that was undone no more, what it took back again",
      [by({ undo_id: "und_2", redoes_id: "und_1" }), by({ execution_id: "exe_1", undo_id: "und_1" }), run],
      [undefined, "undone", "undo"],
    ],
    [
      "and undone once more",
      [
        by({ execution_id: "exe_1", undo_id: "und_3" }),
        by({ undo_id: "und_2", redoes_id: "und_1" }),
        by({ execution_id: "exe_1", undo_id: "und_1" }),
        run,
      ],
      ["redo", undefined, "undone", "undone"],
    ],
  ] as const)("%s", (_, newestFirst, ways) => expect(waysBack(newestFirst)).toEqual(ways))
})
