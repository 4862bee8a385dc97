// Every key that a handler listens to stands in the table, and every one in the table has a handler.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { type AreaName, areas, areasOn, begins, chordsOf, keyOf, type Press, typed } from "./keys"

const src = join(import.meta.dirname, "..")
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (f) => /\.tsx?$/.test(f) && !/\.test\.tsx?$|\.d\.ts$/.test(f) && f !== "ui/keys.ts",
)
const sources = files.map((f) => ts.createSourceFile(f, readFileSync(join(src, f), "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX))

// keysRead are the places where a key is read off what is, by its type or by what it is given to, an event of the keyboard.
function keysRead(source: ts.SourceFile): string[] {
  const found: string[] = []
  const words = new Set(["key", "code", "keyCode", "which", "charCode"])
  const isPress = (p: ts.ParameterDeclaration) => {
    if (p.type && /KeyboardEvent|Press\b/.test(p.type.getText())) return true
    const attribute = p.parent.parent?.parent
    const call = p.parent.parent
    if (call && ts.isCallExpression(call) && /addEventListener$/.test(call.expression.getText()) && /^"key/.test(call.arguments[0]?.getText() ?? ""))
      return true
    return attribute && ts.isJsxAttribute(attribute) && /^onKey/.test(attribute.name.getText())
  }
  const visit = (node: ts.Node, presses: ReadonlySet<string>): void => {
    let inner = presses
    if (ts.isFunctionLike(node)) {
      inner = new Set(presses)
      for (const p of node.parameters) {
        if (ts.isIdentifier(p.name)) {
          if (isPress(p)) (inner as Set<string>).add(p.name.text)
          else (inner as Set<string>).delete(p.name.text)
        } else if (isPress(p)) found.push(`${source.fileName} takes a press apart: ${p.getText()}`)
      }
    }
    if (ts.isPropertyAccessExpression(node) && words.has(node.name.text)) {
      const of = node.expression.getText().replace(/\.nativeEvent$/, "")
      if (inner.has(of)) found.push(`${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`)
    }
    ts.forEachChild(node, (child) => visit(child, inner))
  }
  visit(source, new Set())
  return found
}

const press = (key: string, held: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })

describe("keys", () => {
  it("are read off an event nowhere but in the table", () => expect(sources.flatMap(keysRead)).toEqual([]))

  it("each have a handler that asks for them", () => {
    const asked = new Map<string, string>()
    for (const s of sources)
      for (const [, area] of s.text.matchAll(/(?:keyOf|begins)\("(\w+)"/g)) if (area) asked.set(area, (asked.get(area) ?? "") + s.text)
    // What a key does is handed on under its own name where lists walk.
    const walks = sources.find((s) => s.fileName === "ui/stepFor.ts")?.text ?? ""
    const without = (Object.keys(areas) as AreaName[]).flatMap((area) =>
      areas[area].rows
        .filter((row) => !("event" in row))
        .flatMap((row) => Object.keys(row.keys).filter((act) => !new RegExp(`\\b${act}\\b`).test((asked.get(area) ?? "") + walks)))
        .map((act) => `${area} ${act}`),
    )
    expect(without).toEqual([])
  })

  it("stand once in an area", () => {
    const twice = (Object.keys(areas) as AreaName[]).flatMap((area) => {
      const keys = areas[area].rows.flatMap((row) => Object.values(row.keys).flat() as string[])
      return keys.filter((k, i) => keys.indexOf(k) !== i).map((k) => `${area} ${k}`)
    })
    expect(twice).toEqual([])
  })

  it("are told by what is held, whatever way a sign is made", () => {
    expect(keyOf("builder", press("s", { ctrlKey: true }))).toBe("save")
    expect(keyOf("builder", press("S", { metaKey: true, shiftKey: true }))).toBe("saveWithNote")
    expect(keyOf("builder", press("s"))).toBeUndefined()
    expect(keyOf("builder", press("F8", { shiftKey: true }))).toBe("lastProblem")
    expect(keyOf("everywhere", press("?", { shiftKey: true }))).toBe("map")
    expect(keyOf("steps", press("A"))).toBe("add") // caps lock
    expect(keyOf("steps", press("a", { shiftKey: true }))).toBe("addInside")
    expect(keyOf("steps", press("ArrowUp", { shiftKey: true }))).toBe("up")
    expect(keyOf("steps", press("ArrowUp", { altKey: true }))).toBe("moveUp")
    expect(keyOf("steps", press(" "))).toBe("take")
    expect(keyOf("steps", press("+"))).toBe("add")
    expect(keyOf("steps", press("c", { ctrlKey: true }))).toBeUndefined() // an event of its own
    expect(begins("everywhere", press("g"))).toBe("G")
    expect(keyOf("everywhere", press("p"), "G")).toBe("providers")
    expect(keyOf("everywhere", press("p"))).toBeUndefined()
    const altGr = { ctrlKey: true, altKey: true, getModifierState: (k: string) => k === "AltGraph" }
    expect([typed(press("@", altGr)), typed(press("@", { ctrlKey: true, altKey: true }))]).toEqual(["@", undefined])
    expect(keyOf("builder", press("[", altGr))).toBe("left")
    expect([typed(press("é")), typed(press("Tab")), typed(press("a", { ctrlKey: true }))]).toEqual(["é", undefined, undefined])
  })

  it("are drawn as they are called", () => {
    expect(chordsOf({ does: "", keys: { a: ["Mod+Shift+Z", "Mod+Y"], b: "+", c: "G P" } })).toEqual([
      { held: ["Ctrl", "Shift"], keys: ["Z"] },
      { held: ["Ctrl"], keys: ["Y"] },
      { held: [], keys: ["+"] },
      { held: ["G"], keys: ["P"] },
    ])
    expect(areasOn("/processors/prc_1/spec").map((a) => a.title)).toContain("Spec Builder")
    expect(areasOn("/providers").map((a) => a.title)).not.toContain("Spec Builder")
    expect(areasOn("/sales")[0]?.title).toBe("Lists")
  })
})
