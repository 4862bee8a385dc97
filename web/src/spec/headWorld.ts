// What the slots outside of the steps know of their surroundings: those of a constant, and of an enrichment. The spec as it
// would be with the form is checked by the server, as everything is; what it refuses stands at its place in the form.
import { useContext, useEffect, useMemo, useRef, useState } from "react"
import type { Name } from "../expression/scope"
import { type Past, type Problem, under, type World } from "../expression/world"
import { valuesOf } from "../inspector/live"
import type { Library, Param } from "../library/library"
import type { Expr as Traced, V } from "../trace/api"
import { rowsOf } from "../trace/model"
import { Zone } from "../ui/Moment"
import { check } from "./api"
import { useStore } from "./context"
import type { Spec } from "./document"

const pause = 250 // milliseconds after an edit

// useHeadValues are what the chosen Trace Schema entry has: the item, constants and what was fetched.
export function useHeadValues(): ReadonlyMap<string, V> {
  const { run } = useStore().get()
  return useMemo(() => {
    const first = run?.trace && rowsOf(run.trace, {}).find((r) => r.kind === "step")
    return valuesOf(run, first || undefined)
  }, [run])
}

interface Given {
  library: Library
  processor: string
  pointer: string // of the constant or enrichment
  candidate: Spec | undefined // the spec as it would be; undefined: the form knows what is wrong with it
  names: readonly Name[]
  values: ReadonlyMap<string, V>
  live?: ((pointer: string) => Traced | undefined) | undefined
  own?: readonly Problem[] | undefined // that need no server to be told
}

// useHeadWorld gives the world, what is wrong at a place of the form, whether anything is, and what would be elsewhere.
export function useHeadWorld({ library, processor, pointer, candidate, names, values, live, own = [] }: Given) {
  const store = useStore()
  const zone = useContext(Zone)
  const past = useRef(new Map<string, Past>())
  const [told, setTold] = useState<{ of: Spec; problems: Problem[] }>()
  useEffect(() => {
    if (!candidate) return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      check(processor, candidate, stop.signal)
        .then((found) => setTold({ of: candidate, problems: found.problems as unknown as Problem[] }))
        .catch(() => undefined) // the check of the page tells what it finds, once this is done
    }, pause)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [processor, candidate])

  // What is told at its own place need not be told of the whole around it as well.
  const errors = (told?.problems ?? []).filter((p) => p.severity === "error" && !own.some((o) => under(o.pointer, p.pointer)))
  const here = [...own, ...errors.filter((p) => under(p.pointer, pointer))]
  const known = new Set((store.get().checked?.problems ?? []).map((p) => `${p.pointer} ${p.code}`))
  const world: World = {
    library,
    zone,
    readOnly: store.readOnly,
    names,
    samples: [],
    values,
    live: live ?? (() => undefined),
    liveStale: false,
    problems: here.map(({ fix: _of, ...p }) => p), // a fix edits the spec, which does not have this yet
    onFix: () => false,
    past: past.current,
    key: (at) => at,
    asking: () => undefined,
  }
  return {
    world,
    wrongAt: (key: string) => here.find((p) => p.pointer === `${pointer}/${key}`)?.message,
    wrong: own.length > 0 || (told?.of === candidate && here.length > 0),
    elsewhere: told?.of === candidate ? errors.filter((p) => !under(p.pointer, pointer) && !known.has(`${p.pointer} ${p.code}`)) : [],
  }
}

// headParam declares a place outside of the steps.
export const headParam = (some: Pick<Param, "name" | "title" | "type"> & Partial<Param>): Param => ({
  help: "",
  form: "expression",
  required: false,
  needs_value: false,
  literals: [],
  literal_only: false,
  ...some,
})
