// A few declarations, as the server gives them, for tests.
import { type Func, type InstructionType, Library, type Param } from "../library/library"
import type { Type } from "./types"

const string: Type = { kind: "string" }
const number: Type = { kind: "number" }
const boolean: Type = { kind: "boolean" }
const datetime: Type = { kind: "datetime" }
const id: Type = { kind: "one_of", among: ["string", "number"] }
const plain: Type = { kind: "one_of", among: ["string", "number", "boolean", "datetime", "any", "object", "array", "table", "identity", "record"] }
const T: Type = { kind: "one_of", variable: "T" }

export function param(name: string, type: Type | null, more: Partial<Param> = {}): Param {
  const literals =
    type === id ? ["string", "number"] : type === number ? ["number"] : type === boolean ? ["boolean"] : type === string ? ["string"] : []
  return { name, title: name, help: "", form: "expression", type, required: true, needs_value: false, literals, literal_only: false, ...more }
}
const many = (name: string, type: Type): Param => param(name, type, { form: "expressions" })
const maybe = (name: string, type: Type, more: Partial<Param> = {}): Param => param(name, type, { required: false, ...more })
const own = (): Param => param("item_var", null, { form: "name", item_of: "list" })

const func = (name: string, result: Type | null, ...args: Param[]): Func => ({
  name,
  group: "Values",
  title: name.replaceAll("_", " "),
  help: "",
  call: name,
  arguments: args,
  result,
})

const operation = (name: string, fields: Param[], more: Partial<InstructionType> = {}): InstructionType => ({
  name,
  group: "Records",
  title: name.replaceAll("_", " "),
  help: "",
  summary: "",
  block: false,
  fields,
  result: null,
  return_as: "optional",
  ...more,
})

export const library = new Library({
  functions: [
    func("and", boolean, many("arguments", boolean)),
    func("not", boolean, param("value", boolean)),
    func("equals", boolean, param("left", plain), param("right", plain)),
    func("equals_one_off", boolean, param("value", plain), many("options", plain)),
    func("is_empty", boolean, param("value", { kind: "one_of" })),
    func("coalesce", null, many("arguments", T)),
    func("if", T, param("condition", boolean), param("then", T), param("else", T)),
    func("concat", string, many("arguments", id)),
    func("lower", string, param("text", string)),
    func("string_replace", string, param("text", string), param("search", string), param("replacement", string)),
    func("multiply", number, many("arguments", number)),
    func(
      "round",
      number,
      param("value", number),
      maybe("decimals", number),
      maybe("mode", string, { literal_only: true, options: ["half_up", "floor"] }),
    ),
    func("parse_number", number, param("text", id), maybe("decimal", string, { literal_only: true, options: [",", "."] }), maybe("default", number)),
    func("parse_datetime", datetime, param("text", string), maybe("format", string), maybe("zone", string), maybe("default", datetime)),
    func("now", datetime),
    func("first", { ...T, optional: true }, param("list", { kind: "array", elem: T })),
    func(
      "map",
      { kind: "array", elem: { kind: "one_of", variable: "U" } },
      param("list", { kind: "array", elem: T }),
      own(),
      param("value", { kind: "one_of", variable: "U" }, { inner: true }),
    ),
    func("filter", { kind: "array", elem: T }, param("list", { kind: "array", elem: T }), own(), param("where", boolean, { inner: true })),
    func(
      "pseudonym",
      string,
      param("value", { kind: "one_of", among: ["personal", "string", "number", "boolean"] }),
      maybe("kind", string, { literal_only: true }),
    ),
  ],
  instructions: [
    operation("upsert_sale", [
      param("external_id", id),
      param("agent_external_identity", { kind: "identity", noun: "agent" }),
      param("sold_at", datetime),
      maybe("contract_value", number),
      maybe("contact_key", id),
      maybe("energy_meta", null as never, { form: "fields", fields: [maybe("gas_usage", number)] }),
    ]),
    operation("upsert_activity", [
      param("external_id", id),
      param("activity_type", string),
      param("agent_external_identity", { kind: "identity", noun: "agent" }),
      param("moment", datetime),
      maybe("contact_key", id),
    ]),
    operation("if_else", [param("condition", boolean), param("then", null, { form: "body" }), maybe("else", null as never, { form: "body" })], {
      block: true,
      return_as: "none",
    }),
    operation("for_each", [param("list", { kind: "array", elem: T }), own(), param("body", null, { form: "body", inner: true })], {
      block: true,
      return_as: "none",
    }),
    operation("stop", [maybe("reason", string)], { return_as: "none" }),
  ],
})
