import { useQuery } from "@tanstack/react-query"
import { useContext, useEffect, useMemo, useRef, useState } from "react"
import type { Name } from "../expression/scope"
import { type Asking, type Past, type Problem, under, type World } from "../expression/world"
import type { Library, Param } from "../library/library"
import type { Found, Spec } from "../spec/document"
import { stepAt, stepsById } from "../spec/document"
import { isQuiet, type SpecStore, type State } from "../spec/store"
import { t } from "../text"
import type { Chosen, Row } from "../trace/model"
import { Zone } from "../ui/Moment"
import { samplesQuery, scopeAt } from "./api"
import { applyFix } from "./fix"
import { exprOf, rowNear, rowOf, valuesOf } from "./live"
import { namesBefore } from "./names"

// What slots held before their kind was changed, for as long as the page is open. It is forgotten with a save.
const pasts = new WeakMap<SpecStore, { base: number; past: Map<string, Past> }>()

function pastOf(store: SpecStore, base: number): Map<string, Past> {
  const kept = pasts.get(store)
  if (kept && kept.base === base) return kept.past
  const past = new Map<string, Past>()
  pasts.set(store, { base, past })
  return past
}

interface Given {
  store: SpecStore
  state: State
  found: Found
  library: Library
  processor: string
  readOnly: boolean
  chosen: Chosen
}

// useStepWorld is what the slots of a step know of their surroundings.
export function useStepWorld({ store, state, found, library, processor, readOnly, chosen }: Given): {
  world: World
  row: Row | undefined
  asking: Asking | undefined
} {
  const zone = useContext(Zone)
  const { spec, run, running, checked, base, fresh } = state
  const { id } = found.step
  const sampled = useQuery(samplesQuery(processor)).data
  // Where an entry is chosen, values are of it or there are none: those of other deliveries would pass for its own.
  const tried = state.entry !== undefined
  const samples = useMemo(() => (tried ? sampled?.map((s) => ({ ...s, examples: [] })) : sampled), [tried, sampled])
  const names = useNames(processor, spec, found, library)
  const [asking, setAsking] = useState<Asking>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is another place
  useEffect(() => setAsking(undefined), [id])
  const row = useMemo(() => rowOf(run, id, chosen), [run, id, chosen])
  const values = useMemo(() => valuesOf(run, row ?? rowNear(run, spec, id, chosen)), [run, row, spec, id, chosen])
  const pointer = found.pointer
  const fields = library.instruction(found.step.type)?.fields
  const made = library.instruction(found.step.type)?.result
  const problems = useMemo<Problem[]>(
    () =>
      ((checked?.problems ?? []) as unknown as Problem[])
        .filter((p) => under(p.pointer ?? "", pointer) && !isQuiet({ spec, fresh }, p))
        .map((p) => atField(p, pointer, fields)),
    [checked, pointer, fields, spec, fresh],
  )
  const world = useMemo<World>(
    () => ({
      library,
      zone,
      readOnly,
      names,
      samples: samples ?? [],
      values,
      live: (at) => (under(at, pointer) ? exprOf(row?.step, at.slice(pointer.length)) : undefined),
      liveStale: running,
      problems,
      // A fix is of the spec that was checked; of one that has changed since it would undo the change.
      // What offered it goes with it, and what it mends may be drawn anew: the focus goes to the field.
      onFix: (p, fix = p.fix) => {
        if (store.get().checking || !fix) return false
        store.edit(fix.title || t("Mend a problem"), (s) => applyFix(s, fix))
        const at = stepAt(store.get().spec, p.pointer)
        if (at?.step.id === id) store.focus(id, at.rest[0], p.pointer)
        return true
      },
      past: pastOf(store, base),
      makes: made?.kind === "identity" ? made.noun : undefined,
      key: (at) => `${id} ${at.slice(pointer.length)}`,
      asking: setAsking,
    }),
    [library, zone, readOnly, names, samples, values, row, running, problems, store, base, id, pointer, made],
  )
  return { world, row, asking }
}

// A field that is missing is told of the step; it is shown where the field is to be filled in.
function atField(problem: Problem, step: string, fields: Param[] | undefined): Problem {
  if (problem.code !== "missing_field" || problem.pointer !== step) return problem
  const field = fields?.find((f) => f.required && new RegExp(`\\b${f.name}\\b`).test(problem.message))
  return field ? { ...problem, pointer: `${step}/${field.name}` } : problem
}

const pause = 250 // milliseconds after an edit

// useNames are the visible names: as the document tells them at once, and as the server says as soon as it has.
function useNames(processor: string, spec: Spec, found: Found, library: Library): readonly Name[] {
  const guess = useMemo(() => namesBefore(spec, found.step.id, library), [spec, found.step.id, library])
  const [told, setTold] = useState<{ id: string; names: Name[] }>()
  const pointer = found.pointer
  const id = found.step.id
  const first = useRef(true)
  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(
      () => {
        scopeAt(processor, spec, pointer, stop.signal, (x) => stepsById(spec).get(x)?.number)
          .then((names) => setTold(names && { id, names }))
          .catch(() => undefined) // the document's own names stand; what is wrong is told by the check
      },
      first.current ? 0 : pause,
    )
    first.current = false
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [processor, spec, pointer, id])
  return useMemo(() => {
    if (told?.id !== id) return guess
    // A name that was made since the server looked is there, too; one that is gone is not.
    const known = new Map(told.names.map((n) => [n.name, n]))
    return guess.map((n) => known.get(n.name) ?? n)
  }, [told, guess, id])
}
