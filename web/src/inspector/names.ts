// The names visible at a step, worked out from the document: shown at once, until the server has said them.

import { read } from "../expression/formula"
import { dataOf, type Name, typeOf } from "../expression/scope"
import type { Type } from "../expression/types"
import { type InstructionType, type Library, wanted } from "../library/library"
import { type Found, type Instruction, listOf, type Spec, stepsById } from "../spec/document"
import { leaves } from "../spec/names"
import { t } from "../text"

export function namesBefore(spec: Spec, id: string, library: Library): Name[] {
  const model = library.models.find((m) => m.name === spec.source_model)
  const root = spec.var ?? model?.var ?? "event"
  const names: Name[] = [{ name: root, type: model?.type ?? { kind: "any" }, origin: "model", data: "" }]
  for (const e of spec.enrichments ?? []) {
    const use = model?.enrichments.find((x) => x.use === e.use)
    names.push({ name: `${e.of}.${e.name}`, type: use?.type ?? { kind: "any" }, origin: "enrichment" })
  }
  for (const c of spec.constants ?? [])
    names.push({ name: c.name, type: library.constantTypes.find((x) => x.name === c.type)?.type ?? { kind: "unknown" }, origin: "constant" })
  const index = stepsById(spec)
  const way: Found[] = []
  for (let at = index.get(id); at; at = at.list.owner === undefined ? undefined : index.get(at.list.owner)) way.unshift(at)
  for (const [depth, at] of way.entries()) {
    for (const step of listOf(spec, at.list).slice(0, at.index)) add(names, step, index.get(step.id)?.number ?? 0, library)
    if (depth < way.length - 1) inside(names, at.step, library)
  }
  return names
}

function add(names: Name[], step: Instruction, number: number, library: Library) {
  for (const name of leaves(step)) {
    if (names.some((n) => n.name === name)) continue
    names.push({
      name,
      type: step.return_as === name ? resultOf(step, library.instruction(step.type), names, library) : { kind: "unknown" },
      origin: "result",
      note: t("step {n}", { n: number }),
    })
  }
}

function resultOf(step: Instruction, type: InstructionType | undefined, names: Name[], library: Library): Type {
  const result = type?.result
  if (!result) return { kind: "unknown" }
  if (!result.variable) return result
  const from = type.fields.find((f) => wanted(f).variable === result.variable)
  return from && step[from.name] !== undefined ? typeOf(read(step[from.name], library), names, library) : { kind: "unknown" }
}

function inside(names: Name[], step: Instruction, library: Library) {
  for (const f of library.instruction(step.type)?.fields ?? []) {
    const name = step[f.name]
    if (f.form !== "name" || typeof name !== "string" || name === "") continue
    const list = f.item_of ? read(step[f.item_of], library) : undefined
    const type: Type = f.item_of ? (typeOf(list, names, library).elem ?? { kind: "any" }) : { kind: "number" }
    names.push({ name, type, origin: "item", data: list && dataOf(list, names, "[]") })
  }
}
