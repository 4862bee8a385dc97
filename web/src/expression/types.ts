// The types of the spec language as the browser needs them: to say what fits where before the server has looked. The
// server's word is what counts; this only sorts a picker and names the remedy.
import { t } from "../text"
import { word } from "../ui/words"

export type Kind =
  | "unknown"
  | "null"
  | "string"
  | "number"
  | "boolean"
  | "datetime"
  | "any"
  | "object"
  | "array"
  | "table"
  | "identity"
  | "record"
  | "personal"
  | "one_of"

export interface Type {
  kind: Kind
  optional?: boolean
  elem?: Type | undefined // of array and table
  fields?: { name: string; type: Type }[] | undefined // of object, identity and record
  noun?: string | undefined // of identity and record
  variable?: string | undefined // of a declaration: the same type at each place that has this name
  among?: readonly string[] | undefined // of one_of; absent: every kind
  personal?: { whole: boolean; marks?: readonly Mark[] | undefined } | undefined // it is personal data of a customer, or has some in it
}

// Mark says where below a value personal data is: "contact.email", "lines[].name", "*" for any key, "**" for any depth.
export interface Mark {
  path: string
  kind: string
}

// below is the type of what stands at a key of data without a schema; a number is the place in a list.
export function below(type: Type, key: string | number): Type {
  if (!type.personal) return { kind: "any" }
  const own = type.personal.marks ?? []
  if (type.personal.whole) return type // what is in a marked object is personal
  const marks: Mark[] = []
  for (const { path, kind } of own) {
    const m = typeof key === "number" ? /^\[\](.*)$/.exec(path) : /^(\*\*|\*|[^.[\]]+|\["(?:[^"\\]|\\.)*"\])(.*)$/.exec(path)
    if (!m) continue
    if (typeof key === "number") marks.push({ path: (m[1] ?? "").replace(/^\./, ""), kind })
    else {
      const name = m[1] ?? ""
      const rest = (m[2] ?? "").replace(/^\./, "")
      if (name === "**") {
        marks.push({ path, kind })
        marks.push(...(below({ kind: "any", personal: { whole: false, marks: [{ path: rest, kind }] } }, key).personal?.marks ?? []))
      } else if (name === "*" || name === key || name === `[${JSON.stringify(key)}]`) marks.push({ path: rest, kind })
    }
  }
  return marks.length === 0 ? { kind: "any" } : { kind: "any", personal: { whole: marks.some((m) => m.path === ""), marks } }
}

const json: readonly string[] = ["string", "number", "boolean", "any", "object", "array"]

export function isJson(type: Type): boolean {
  switch (type.kind) {
    case "unknown":
    case "null":
    case "string":
    case "number":
    case "boolean":
    case "any":
      return true
    case "array":
      return !type.elem || isJson(type.elem)
    case "object":
      return (type.fields ?? []).every((f) => isJson(f.type))
    case "one_of":
      return !type.among || type.among.some((k) => json.includes(k))
    default:
      return false
  }
}

export function isPersonal(type: Type): boolean {
  if (type.kind === "personal" || type.personal) return true // the server says it of what holds something personal, too
  if (type.kind === "array" || type.kind === "table") return type.elem !== undefined && isPersonal(type.elem)
  return type.kind === "object" && (type.fields ?? []).some((f) => isPersonal(f.type))
}

// fits says whether a value of a type can go where another is asked for, null apart.
export function fits(type: Type, want: Type): boolean {
  if (type.kind === "unknown" || type.kind === "null" || want.kind === "unknown") return true
  if (want.kind === "one_of") return fitsAmong(type, want.among)
  if (type.kind === "array" && want.kind === "array") return !type.elem || !want.elem || fits(type.elem, want.elem)
  if (isPersonal(type)) return isPersonal(want) && type.kind === want.kind
  if (want.kind === "any") return isJson(type)
  if (type.kind === "any") return isJson(want)
  if (type.kind !== want.kind) return false
  switch (type.kind) {
    case "table":
      return !type.elem || !want.elem || fits(type.elem, want.elem)
    case "identity":
    case "record":
      return want.noun === undefined || type.noun === want.noun
    case "object":
      return (want.fields ?? []).every((f) => {
        const got = type.fields?.find((g) => g.name === f.name)
        return got !== undefined && fits(got.type, f.type)
      })
    default:
      return true
  }
}

function fitsAmong(type: Type, among: readonly string[] | undefined): boolean {
  if (!among || among.length === 0) return true
  if (isPersonal(type)) return (type.kind === "personal" || type.personal?.whole === true) && among.includes("personal")
  if (among.includes(type.kind)) return true
  return (type.kind === "any" && among.some((k) => json.includes(k))) || (isJson(type) && among.includes("any"))
}

// accepts says whether a literal of a kind can stand there.
export const accepts = (want: Type, kind: "string" | "number" | "boolean"): boolean => fits({ kind }, want)

// typeWord is what a type is called beside a field: short, and in a person's words.
export function typeWord(type: Type): string {
  switch (type.kind) {
    case "string":
      return t("text")
    case "number":
      return t("number")
    case "boolean":
      return t("yes or no")
    case "datetime":
      return t("moment")
    case "object":
      return t("object")
    case "array":
      return type.elem && type.elem.kind !== "any" && type.elem.kind !== "one_of" ? t("list of {type}", { type: typeWord(type.elem) }) : t("list")
    case "table":
      return t("table")
    case "identity":
    case "record":
      return nounWord(type.noun ?? "")
    case "personal":
      return t("personal")
    case "null":
      return t("empty")
    case "one_of": {
      const among = type.among ?? []
      if (among.length > 0 && among.length <= 3) return among.map((kind) => typeWord({ kind: kind as Kind })).join(", ")
      return t("any value")
    }
    default:
      return t("any value")
  }
}

// nounWord is what an identity or a record is called. Nouns of later operations show as they are written.
function nounWord(noun: string): string {
  switch (noun) {
    case "agent":
      return t("agent identity")
    case "team":
      return t("team identity")
    case "project":
      return t("project identity")
    case "segment":
      return t("segment identity")
    case "proposition":
      return t("proposition identity")
    default:
      return word(noun)
  }
}

// mark is the small sign of a type in lists: it is read out by its word beside it.
export function mark(type: Type): string {
  switch (type.kind) {
    case "string":
      return "Aa"
    case "number":
      return "#"
    case "boolean":
      return "?"
    case "datetime":
      return "◷"
    case "array":
      return "[]"
    case "object":
      return "{}"
    case "table":
      return "⊞"
    case "identity":
    case "record":
      return "id"
    default:
      return "·"
  }
}
