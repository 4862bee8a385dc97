// Everything a person reads passes through here. A text is written where it is used, in English and in ICU message format
// ("{n, plural, one {# record} other {# records}}"), and is its own key; nl/ has the Dutch of each. A page is loaded in one
// language, which is settled before any other module is, so t may be called anywhere, also for constants of a module.
import { IntlMessageFormat } from "intl-messageformat"
import type { ReactNode } from "react"

export const languages = [
  { id: "en", name: "English" },
  { id: "nl", name: "Nederlands" },
] as const

export type Language = (typeof languages)[number]["id"]
export type Texts = Record<string, string>

type Values = Record<string, string | number>
type Parts = Record<string, ReactNode | ((inner: ReactNode) => ReactNode)>

const kept = "language" // of localStorage

let current: Language = "en"
let texts: Texts = {}
const compiled = new Map<string, IntlMessageFormat>()

// wanted is what this browser was told, or else what it asks of every site.
export function wanted(): Language {
  let told: string | null = null
  try {
    told = localStorage.getItem(kept)
  } catch {
    // storage is closed to us: the browser's own language it is
  }
  const known = (id: string) => languages.find((l) => l.id === id.slice(0, 2).toLowerCase())?.id
  return known(told ?? "") ?? navigator.languages.map(known).find((id) => id !== undefined) ?? "en"
}

// settle loads the texts of a language. It comes before anything that calls t.
export async function settle(to: Language): Promise<void> {
  texts = to === "nl" ? (await import("./nl")).default : {}
  current = to
  compiled.clear()
  if (typeof document !== "undefined") document.documentElement.lang = to
}

// choose keeps another language and loads the page in it.
export function choose(to: Language): void {
  try {
    localStorage.setItem(kept, to)
  } catch {
    // the choice lasts for no longer than this page, which is loaded anew: nothing to do
  }
  location.reload()
}

export const language = (): Language => current

// locale is what numbers and moments are written by.
export const locale = (): string => (current === "nl" ? "nl-NL" : "en-GB")

function message(text: string): IntlMessageFormat {
  let m = compiled.get(text)
  if (!m) {
    m = new IntlMessageFormat(texts[text] ?? text, locale())
    compiled.set(text, m)
  }
  return m
}

// t is a text in the language of the page. It is given as a literal, so that a test can find its Dutch.
export function t(text: string, values?: Values): string {
  if (!values) {
    const plain = texts[text] ?? text
    if (!/[{}<>']/.test(plain)) return plain
  }
  return String(message(text).format(values))
}

// tr is a text with elements in it: tr("Open <a>the builder</a>", { a: (inner) => <Link to="/">{inner}</Link> }).
export function tr(text: string, parts: Parts): ReactNode {
  return message(text).format(parts as never) as ReactNode
}
