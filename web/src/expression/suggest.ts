// What is offered while somebody types in a slot: the text itself, variables that have it in their name, type or value,
// and functions. What fits stands first, then what fits through a conversion, then what does not, with the reason.
import { type Func, type Library, type Param, wanted } from "../library/library"
import { t } from "../text"
import { brief } from "../trace/values"
import { heading } from "../ui/words"
import { type About, speaks } from "./meaning"
import { type Entry, fitOf, isHidden, type Origin, observed, pseudonymizer } from "./scope"
import { calling, type Expr, isLiteral, isVariable, text as literalText, numeral, variable, wrap } from "./tree"
import { accepts, fits, mark, type Type, typeWord } from "./types"

export interface Option {
  id: string
  kind: "literal" | "variable" | "function"
  group: string
  label: string
  detail: string // said after the label
  mark: string
  expr?: Expr // what it puts there
  entry?: Entry
  func?: Func
  refused?: string // why it cannot be chosen
  note?: string
}

export interface Asked {
  typed: string
  param: Param | undefined
  entries: readonly Entry[]
  library: Library
  zone: string
  taken: ReadonlySet<string> // names that are visible
  about?: About | undefined // what the slot holds
  variablesOnly?: boolean
  functionsOnly?: boolean
}

// shown is how many options are drawn; whoever wants another types a part of its name.
export const shown = 120

export function suggest({ typed, param, entries, library, zone, taken, about, variablesOnly, functionsOnly }: Asked): Option[] {
  const want = wanted(param)
  const words = typed.trim().toLowerCase()
  const literals = functionsOnly || variablesOnly || param?.variable_only ? [] : literalsFor(typed, param)
  if (param?.literal_only) return literals
  const variables = functionsOnly ? [] : variablesFor(words, want, entries, library, zone, about)
  const functions = variablesOnly || param?.variable_only ? [] : functionsFor(words, want, library, taken)
  const [good, rest] = [variables.filter((o) => !o.refused), variables.filter((o) => o.refused)]
  return [...literals, ...good, ...functions, ...rest].slice(0, shown)
}

// literalsFor are the literals that typed text can be there.
export function literalsFor(typed: string, param: Param | undefined): Option[] {
  const want = wanted(param)
  const group = t("As it is")
  const plain = typed.startsWith('"') ? typed.slice(1).replace(/"$/, "") : typed
  const options: Option[] = []
  const add = (label: string, detail: string, sign: string, expr: Expr) =>
    options.push({ id: `literal ${detail} ${label}`, kind: "literal", group, label, detail, mark: sign, expr })
  if (param?.options && param.options.length > 0) {
    for (const word of param.options) if (word.toLowerCase().includes(plain.toLowerCase())) add(word, t("one of the words"), "Aa", literalText(word))
    return options
  }
  const number = numeral(plain.trim().replace(",", "."))
  if (number && !typed.startsWith('"') && accepts(want, "number")) add(plain.trim(), t("number"), "#", number)
  if (accepts(want, "boolean")) {
    if (yes.startsWith(plain.toLowerCase())) add(t("yes"), "true", "?", { type: "literal", value: true })
    if (no.startsWith(plain.toLowerCase())) add(t("no"), "false", "?", { type: "literal", value: false })
  }
  if (plain !== "" && accepts(want, "string")) add(`“${plain}”`, t("text"), "Aa", literalText(plain))
  return options
}

const yes = "true"
const no = "false"

const originOrder: Origin[] = ["item", "model", "enrichment", "result", "constant"]

export function originWord(origin: Origin): string {
  switch (origin) {
    case "model":
      return t("Source model")
    case "enrichment":
      return t("Enrichments")
    case "constant":
      return t("Constants")
    case "result":
      return t("Earlier results")
    case "item":
      return t("Loop item")
  }
}

// variablesFor are the entries that have the words in their name, type, value or sample.
export function variablesFor(words: string, want: Type, entries: readonly Entry[], library: Library, zone: string, about?: About): Option[] {
  const found: { option: Option; rank: number }[] = []
  for (const entry of entries) {
    const how = matchOf(entry, words, zone)
    if (how === undefined) continue
    const fit = fitOf(entry, want, library)
    const option: Option = {
      id: `variable ${entry.path}`,
      kind: "variable",
      group: "",
      label: entry.path,
      detail: typeWord(observed(entry)),
      mark: mark(observed(entry)),
      entry,
    }
    const origin = originOrder.indexOf(entry.origin)
    // What its name says it is stands before the rest, unless just another was typed.
    const plain = about && entry.origin !== "result" && entry.origin !== "constant" ? speaks(entry.path, about) : 0
    if (plain > 0 && fit.how !== "not") {
      const converts = fit.how === "converts"
      option.group = t("Named so")
      option.expr = converts ? wrap(variable(entry.path), [], fit.func) : variable(entry.path)
      if (converts) Object.assign(option, { func: fit.func, note: t("through {name}", { name: fit.func.name }) })
      found.push({ option, rank: -100 - plain * 10 + origin + how + (converts ? 5 : 0) })
      continue
    }
    if (fit.how === "fits") {
      option.group = originWord(entry.origin)
      option.expr = variable(entry.path)
      // A whole object where anything may go is hardly ever what is meant.
      const branchy = want.kind === "one_of" && entry.depth === 0 && entry.origin === "model" ? 50 : 0
      found.push({ option, rank: origin * 10 + how + branchy })
    } else if (fit.how === "converts") {
      option.group = t("Fits with a conversion")
      option.expr = wrap(variable(entry.path), [], fit.func)
      option.func = fit.func
      option.note = t("through {name}", { name: fit.func.name })
      // Text that looks like a moment is what is meant where a moment is asked for.
      const looks = want.kind === "datetime" && entry.sample?.looks?.some((l) => l.look === "datetime" || l.look === "date") ? -50 : 0
      found.push({ option, rank: 150 + looks + origin * 10 + how })
    } else {
      option.group = t("Does not fit")
      option.refused = fit.why
      found.push({ option, rank: 300 + origin * 10 + how })
    }
  }
  return found.sort((a, b) => a.rank - b.rank).map((f) => f.option)
}

// matchOf is how well an entry has what was typed: 0 best; undefined not at all.
function matchOf(entry: Entry, words: string, zone: string): number | undefined {
  if (words === "") return 4
  const path = entry.path.toLowerCase()
  if (path === words) return 0
  const last = path.slice(path.lastIndexOf(".") + 1)
  if (last.startsWith(words) || path.startsWith(words)) return 1
  if (path.includes(words)) return 2
  if (inOrder(path, words)) return 3
  if (typeWord(observed(entry)).toLowerCase().includes(words) && words.length > 2) return 5
  if (isHidden(entry)) return undefined
  if (entry.example !== undefined && brief(entry.example, zone).toLowerCase().includes(words)) return 6
  if (entry.sample?.examples.some((x) => x.toLowerCase().includes(words))) return 7
  return undefined
}

// inOrder is whether all words, and the letters of a path typed without dots, come one after the other.
function inOrder(path: string, words: string): boolean {
  const parts = words.split(/[\s.]+/).filter(Boolean)
  let at = 0
  for (const part of parts) {
    const next = path.indexOf(part, at)
    if (next < 0) return false
    at = next + part.length
  }
  return parts.length > 0
}

export function functionsFor(words: string, want: Type, library: Library, taken: ReadonlySet<string>): Option[] {
  const found: { option: Option; rank: number }[] = []
  const hides = pseudonymizer(library, want)
  for (const [at, func] of library.functions.entries()) {
    const name = func.name.toLowerCase()
    const how =
      words === ""
        ? 3
        : name === words
          ? 0
          : name.startsWith(words)
            ? 1
            : name.includes(words)
              ? 2
              : func.title.toLowerCase().includes(words)
                ? 3
                : undefined
    if (how === undefined) continue
    const gives = func.result
    if (gives && !fits(gives, want) && func !== hides) continue
    const sure = gives === null ? 10 : gives.kind === "one_of" ? 5 : 0 // what only its arguments tell comes last
    found.push({
      option: {
        id: `function ${func.name}`,
        kind: "function",
        group: t("Functions"),
        label: func.name,
        detail: func.title,
        mark: "ƒ",
        func,
        expr: calling(func, taken),
        note: func.help,
      },
      rank: how * 1000 + sure * 100 + at,
    })
  }
  return found.sort((a, b) => a.rank - b.rank).map((f) => f.option)
}

// wrappers are the functions that can go around a value: one of their arguments takes it, and what they give is asked for.
export function wrappers(words: string, want: Type, of: Type, library: Library, taken: ReadonlySet<string>): Option[] {
  return functionsFor(words, want, library, taken)
    .filter((o) => o.func?.arguments.some((p) => (p.form === "expression" || p.form === "expressions") && !p.literal_only && fits(of, wanted(p))))
    .map((o) => ({ ...o, group: t("Wrap in") }))
}

// refusal is why an expression cannot stand where the language takes only a fixed value, or only a name.
export function refusal(e: Expr, param: Param | undefined): string | undefined {
  if (param?.literal_only && !isLiteral(e)) return t("Here stands a fixed value: the language reads no variable and no function in this place.")
  if (param?.variable_only && !isVariable(e)) return t("Here stands a name alone: the language reads no value and no function in this place.")
  return undefined
}

// placeholder says what an empty place takes.
export function placeholder(param: Param | undefined): string {
  const literals = param?.literals ?? []
  if (param?.variable_only) return t("A name")
  if (param?.literal_only) return heading(typeWord(wanted(param)))
  if (literals.includes("string") && literals.includes("number")) return t("Text or number, or $ for a variable")
  if (literals.includes("string")) return t("Text; $ first for a variable, = for a formula")
  if (literals.includes("number")) return t("Number, or $ for a variable")
  return t("Variable or function")
}

// argumentsOf are the arguments of a function that are written by name.
export function argumentsOf(name: string, word: string, library: Library): Option[] {
  const func = library.func(name)
  return (func?.arguments ?? [])
    .filter((p) => !p.required && p.form === "expression" && p.name.startsWith(word) && p.name !== word)
    .map((p) => ({
      id: `argument ${p.name}`,
      kind: "variable",
      group: t("Arguments of {name}", { name }),
      label: `${p.name}=`,
      detail: p.help,
      mark: "=",
      note: p.help,
    }))
}
