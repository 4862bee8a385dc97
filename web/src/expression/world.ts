// What slots know of their surroundings, wherever they stand: in a step, in a constant, in an enrichment.
import { createContext, useContext } from "react"
import type { Library } from "../library/library"
import type { Expr as Traced, V } from "../trace/api"
import type { Name, Sample } from "./scope"
import type { Expr } from "./tree"
import type { Type } from "./types"

export interface Fix {
  title: string
  edits: { op: string; path: string; from?: string; value?: unknown }[]
}

// Problem is one that the check found.
export interface Problem {
  pointer: string
  code: string
  severity: "error" | "warning"
  message: string
  hint?: string | undefined
  fix?: Fix | undefined
  others?: Fix[] | undefined // that may be meant as well
}

// Past is the last value of each kind that a slot held, so that changing the kind loses nothing.
export interface Past {
  literal?: Expr
  variable?: Expr
  function?: Expr
}

export interface World {
  library: Library
  zone: string
  readOnly: boolean
  names: readonly Name[] // visible here
  samples: readonly Sample[]
  values: ReadonlyMap<string, V> // what names held here, in the chosen trace
  live: (pointer: string) => Traced | undefined // what the expression at a pointer came to in the chosen trace
  liveStale: boolean // live is of before the last edit
  problems: readonly Problem[]
  onFix: (problem: Problem, fix?: Fix) => boolean // whether it could be made: not while the spec is being checked
  past: Map<string, Past> // by key
  makes?: string | undefined // the noun of the external identity that the step makes
  key: (pointer: string) => string // names a place also when the step around it moves
  asking: (ask: Asking | undefined) => void // which place the scope panel is to serve
}

// Asking is a place that has the focus: what it takes, and how to put something there.
export interface Asking {
  pointer: string
  want: Type
  names: readonly Name[]
  put: (expr: Expr) => void
}

export const WorldContext = createContext<World | null>(null)

export function useWorld(): World {
  const world = useContext(WorldContext)
  if (!world) throw new Error("a slot stands outside of a World")
  return world
}

export const under = (pointer: string, at: string): boolean => pointer === at || pointer.startsWith(`${at}/`)
