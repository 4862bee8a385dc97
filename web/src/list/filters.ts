// What a list is narrowed by: the filters of its page as they stand in the address, and those of them the server takes.
import { t } from "../text"
import type { Filters } from "../ui/list"

export interface PickFilter {
  key: string
  label: string
  options: readonly { value: string; label: string }[]
  more?: boolean // not there until it is asked for, or set
  none?: string // what no choice is called; "any", if left out
}

export interface TextFilter {
  key: string
  label: string
  text: true // whatever somebody writes
}

export interface FindFilter {
  key: string
  label: string
  find: {
    search: (text: string, signal: AbortSignal) => Promise<{ id: string; name: string; note?: string }[]>
    one: (id: string, signal: AbortSignal) => Promise<string> // its name
  }
  more?: boolean // as that of PickFilter
}

export type Filter = PickFilter | TextFilter | FindFilter

// A span of time up to now that a chart shows.
export const spans = [
  { value: "1h", label: t("last hour"), hours: 1 },
  { value: "24h", label: t("last 24 hours"), hours: 24 },
  { value: "7d", label: t("last 7 days"), hours: 7 * 24 },
  { value: "30d", label: t("last 30 days"), hours: 30 * 24 },
] as const

// asked are the filters that the server takes, of those in the address.
export function asked(filters: Filters, all: readonly Filter[]): Record<string, string> {
  const out: Record<string, string> = {}
  for (const key of ["search", "after", "before", ...all.map((f) => f.key)]) {
    const value = filters[key]
    if (value) out[key] = value
  }
  return out
}

// queryOf writes filters as they stand in an address, in one order, so that the same filters are the same text.
export function queryOf(filters: Record<string, string | undefined>): string {
  const pairs = Object.entries(filters).filter((p): p is [string, string] => Boolean(p[1]))
  return new URLSearchParams(pairs.sort(([a], [b]) => (a < b ? -1 : 1))).toString()
}

// younger says whether an id was given later than another: they grow, and get longer when they are many.
export function younger(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length
}
