// What specs can be written with, as the server declares it: forms, pickers and formulas are drawn from these
// declarations, and nothing in the web app knows an operation or a function by name.
import type { Type } from "../expression/types"

// Form says how an argument of a function, or a field of an instruction, is written.
export type Form = "expression" | "expressions" | "fields" | "name" | "body" | "cases"

export interface Param {
  name: string
  title: string
  help: string
  form: Form
  type: Type | null // of the expression, or of each of several
  required: boolean
  needs_value: boolean // neither null nor blank
  literals: string[] // kinds of literals it takes
  literal_only: boolean
  variable_only?: boolean | undefined // it takes a name that is visible, and nothing made of it
  options?: string[] | undefined // the texts that can be right
  max_length?: number | undefined
  key?: boolean | undefined // it identifies, and is never built from nothing
  label?: boolean | undefined
  field_of?: string | undefined // it names a field of the record which this other one takes
  item_of?: string | undefined // of a name: the list whose items it names; "": their number
  inner?: boolean | undefined // sees the names that name parameters beside it bind
  given?: string | undefined
  branch?: boolean | undefined
  otherwise?: boolean | undefined
  fields?: Param[] | undefined
}

export interface Func {
  name: string
  group: string
  title: string
  help: string
  call: string // how it is written
  arguments: Param[]
  result: Type | null // null: its arguments say it
}

export interface InstructionType {
  name: string
  group: string
  title: string
  help: string
  summary: string // one line, with fields in braces
  block: boolean
  off?: string | undefined // why it cannot be used
  fields: Param[]
  result: Type | null
  return_as: "none" | "optional" | "required"
  assigns?: boolean // return_as may name a variable that such an instruction made
}

export interface Model {
  name: string
  var: string
  type: Type
  enrichments: { use: string; of: string; type: Type }[]
}

// Declarations are the answer of the server.
export interface Declarations {
  instructions: InstructionType[]
  functions: Func[]
  groups?: { name: string; members: string[] }[] // of instructions, in the order of a picker
  function_groups?: { name: string; members: string[] }[]
  constant_types?: { name: string; type: Type }[]
  source_models?: Model[]
}

// Library finds in what the server declared.
export class Library {
  readonly instructions: InstructionType[]
  readonly functions: Func[]
  readonly groups: { name: string; members: string[] }[]
  readonly constantTypes: { name: string; type: Type }[]
  readonly models: Model[]
  readonly #instruction: Map<string, InstructionType>
  readonly #func: Map<string, Func>
  constructor(of: Declarations) {
    this.instructions = of.instructions
    this.functions = of.functions
    this.groups = of.groups ?? []
    this.constantTypes = of.constant_types ?? []
    this.models = of.source_models ?? []
    this.#instruction = new Map(of.instructions.map((o) => [o.name, o]))
    this.#func = new Map(of.functions.map((f) => [f.name, f]))
  }
  instruction(name: string): InstructionType | undefined {
    return this.#instruction.get(name)
  }
  func(name: string): Func | undefined {
    return this.#func.get(name)
  }
}

// wanted is what a place takes; nothing said is anything.
export const wanted = (p: Param | undefined): Type => p?.type ?? { kind: "one_of" }
