// Reads the source for what a person would see, and asks for the Dutch of each of it.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { IntlMessageFormat } from "intl-messageformat"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const src = join(import.meta.dirname, "..")

const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
  (f) => /\.tsx?$/.test(f) && !f.startsWith("text/") && !/\.test\.tsx?$|\.d\.ts$|^ui\/icons\.tsx$/.test(f),
)

const dutch = new Map<string, { file: string; text: string }>()
const twice: string[] = []
for (const file of readdirSync(join(src, "text/nl"))) {
  if (file === "index.ts") continue
  const texts = ((await import(`./nl/${file}`)) as { default: Record<string, string> }).default
  for (const [key, text] of Object.entries(texts)) {
    const other = dutch.get(key)
    if (other) twice.push(`${key}: ${other.file} and ${file}`)
    dutch.set(key, { file, text })
  }
}

// Attributes that a person sees or hears.
const shown = new Set(["label", "title", "placeholder", "aria-label", "hint", "noun", "head", "alt", "text", "description", "aria-description"])
const sentence = /^[A-Z][a-z’']*[ ,.:].*[a-z]/

const used = new Map<string, string>() // text → where
const bare: string[] = []
const unread: string[] = []

for (const file of files) {
  const source = ts.createSourceFile(file, readFileSync(join(src, file), "utf8"), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const where = (node: ts.Node) => `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && (node.expression.text === "t" || node.expression.text === "tr")) {
      const text = node.arguments[0]
      if (text && ts.isStringLiteralLike(text)) used.set(text.text, where(node))
      else unread.push(where(node))
      for (const rest of node.arguments.slice(1)) visit(rest)
      return
    }
    if (ts.isNewExpression(node) && node.expression.getText() === "Error") return // for whoever mends the page
    if (ts.isJsxElement(node) && ["code", "kbd"].includes(node.openingElement.tagName.getText())) return
    if (ts.isJsxText(node) && /[A-Za-z]{2,}/.test(node.text)) bare.push(`${where(node)} ${node.text.trim()}`)
    if (ts.isJsxAttribute(node)) {
      const value = node.initializer
      if (value && ts.isStringLiteral(value)) {
        if (shown.has(node.name.getText()) && /[A-Za-z]{2,}/.test(value.text)) bare.push(`${where(node)} ${value.text}`)
        return
      }
    }
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && sentence.test(node.text)) bare.push(`${where(node)} ${node.text}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
}

interface Piece {
  type: number
  value?: string
  options?: Record<string, { value: Piece[] }>
  children?: Piece[]
}

// holes are the names of a message's values and elements.
function holes(text: string): string[] {
  const names = new Set<string>()
  const look = (pieces: Piece[]) => {
    for (const p of pieces) {
      if (p.type !== 0 && p.value) names.add(p.value) // 0: text
      for (const o of Object.values(p.options ?? {})) look(o.value)
      look(p.children ?? [])
    }
  }
  look(new IntlMessageFormat(text, "en").getAst() as Piece[])
  return [...names].sort()
}

describe("every text of the pages", () => {
  it("passes through t or tr", () => expect(bare).toEqual([]))
  it("is given as a literal", () => expect(unread).toEqual([]))
  it("has its Dutch", () => expect([...used].filter(([text]) => !dutch.has(text)).map(([text, at]) => `${at} ${text}`)).toEqual([]))
  it("has it once", () => expect(twice).toEqual([]))
  it("is still used where it has Dutch", () =>
    expect([...dutch].filter(([text]) => !used.has(text)).map(([text, d]) => `nl/${d.file} ${text}`)).toEqual([]))
  it("has the same values in both languages", () =>
    expect([...used.keys()].filter((text) => dutch.has(text) && String(holes(text)) !== String(holes(dutch.get(text)?.text ?? "")))).toEqual([]))
})
