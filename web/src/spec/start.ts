// What a step begins with, from its declaration; and steps that often come together.
import type { InstructionType, Library } from "../library/library"
import { freshId, type Instruction, type Spec, walk } from "./document"

function taken(spec: Spec): Set<string> {
  const names = new Set([spec.var ?? "event", ...(spec.constants ?? []).map((c) => c.name)])
  walk(spec, ({ step }) => {
    for (const name of [step.return_as, step.item_var, step.index_var]) if (typeof name === "string") names.add(name)
    return undefined
  })
  return names
}

function free(name: string, names: Set<string>): string {
  let made = name
  for (let n = 2; names.has(made); n++) made = `${name}${n}`
  names.add(made)
  return made
}

const nounOf = (type: unknown) => (type as { noun?: string } | null)?.noun

// newStep has the lists its declaration requires, a name for what it makes where other steps need such a thing, and empty
// required fields.
export function newStep(type: InstructionType, spec: Spec, library: Library, names = taken(spec)): Instruction {
  const step: Instruction = { type: type.name, id: freshId() }
  for (const f of type.fields) {
    if (!f.required) continue
    if (f.form === "body") step[f.name] = []
    else if (f.form === "cases") step[f.name] = [{ equals: [{ type: "literal", value: "" }], body: [] }]
    else if (f.form === "name") step[f.name] = free("item", names)
  }
  const noun = nounOf(type.result)
  const needed = noun !== undefined && library.instructions.some((i) => i.fields.some((f) => f.required && nounOf(f.type) === noun))
  if (needed || type.return_as === "required") step.return_as = free((noun ?? "value").replace(/_(?:external_)?identity$/, ""), names)
  return step
}

// Snippets are names of steps that come one after the other; those the library lacks are not offered.
const snippets: string[][] = [
  ["upsert_agent_external_identity", "upsert_activity"],
  ["upsert_agent_external_identity", "upsert_proposition_external_identity", "upsert_sale"],
]

export interface Snippet {
  id: string
  types: InstructionType[]
}

export function snippetsOf(library: Library): Snippet[] {
  return snippets.flatMap((names) => {
    const types = names.flatMap((n) => library.instruction(n) ?? [])
    return types.length === names.length && types.every((x) => !x.off) ? [{ id: names.join(" "), types }] : []
  })
}

// stepsOf makes the steps of a snippet, the later reading what the earlier make where a field takes just that.
export function stepsOf(snippet: Snippet, spec: Spec, library: Library): Instruction[] {
  const names = taken(spec)
  const made = new Map<string, string>()
  return snippet.types.map((type) => {
    const step = newStep(type, spec, library, names)
    for (const f of type.fields) {
      const noun = nounOf(f.type)
      const name = noun === undefined ? undefined : made.get(noun)
      if (f.required && name) step[f.name] = { type: "var", var: name }
    }
    const noun = nounOf(type.result)
    if (noun && step.return_as) made.set(noun, step.return_as)
    return step
  })
}

const kept = "recent steps" // of localStorage

export function recentTypes(): string[] {
  try {
    return (JSON.parse(localStorage.getItem(kept) ?? "[]") as string[]).slice(0, 5)
  } catch {
    return []
  }
}

export function rememberType(name: string): void {
  try {
    localStorage.setItem(kept, JSON.stringify([name, ...recentTypes().filter((n) => n !== name)].slice(0, 5)))
  } catch {
    // storage is closed to us: the groups stand in their order
  }
}
