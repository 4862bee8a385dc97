// The keys of the Spec Builder that count anywhere on its page; those of the list of steps are the list's own.
import { useCallback, useEffect, useRef } from "react"
import type { Detail } from "../api/client"
import { somethingOver } from "../ui/Dialog"
import { keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"
import { useSpec, useStore } from "./context"
import { stepAt } from "./document"
import { fixOf, mended } from "./fixes"
import type { State } from "./store"

interface Acts {
  problems: readonly Detail[]
  save: () => void
  saveWithNote: () => void
  test: () => void
  compare: () => void
  openProblem: (p: Detail) => void
  awaiting: () => void // a quick fix comes as soon as the check is done
  left: () => void
  right: () => void
  values: () => void
  yaml: () => void
  steps: () => void
}

const isOf = (p: Detail, { spec, current }: State): boolean =>
  current !== undefined && (p.instruction_id === current || stepAt(spec, p.pointer ?? "")?.step.id === current)

// nameOf tells a problem from others, over checks.
const nameOf = (p: Detail): string => `${p.instruction_id} ${p.code} ${p.message}`

export function useBuilderKeys(acts: Acts) {
  const store = useStore()
  const latest = useRef(acts)
  latest.current = acts
  const at = useRef(-1)
  const checking = useSpec((s) => s.checking)
  const awaited = useRef<Pick<State, "spec" | "current"> & { of: string | undefined }>(undefined) // a quick fix was asked for while the check ran

  // mend makes the fix of a problem: of the step at hand, or else of the first that has one. Where the check was waited for,
  // that is the one which was first when it was asked for.
  const mend = useCallback(
    (waited?: { of: string | undefined }) => {
      const { problems, openProblem } = latest.current
      const here = problems.find((p) => fixOf(p) && isOf(p, store.get()))
      const mine = here ?? problems.find((p) => fixOf(p) && (!waited || nameOf(p) === waited.of))
      const fix = mine && fixOf(mine)
      if (!mine || !fix) return false
      // The list of steps keeps the focus; anything else may go with the problem.
      const stays = document.activeElement?.closest("[data-steps]")
      store.edit(fix.title, (s) => mended(s, fix))
      if (!stays) openProblem(mine)
      return true
    },
    [store],
  )

  useEffect(() => {
    const wish = awaited.current
    if (checking || !wish) return
    awaited.current = undefined
    const { spec, current } = store.get()
    if (wish.spec === spec && wish.current === current) mend(wish)
  }, [checking, mend, store])

  // Whoever presses anything else goes on without it: it would take the focus from what is being done.
  useEffect(() => {
    const drop = () => {
      awaited.current = undefined
    }
    for (const on of ["keydown", "pointerdown"]) document.addEventListener(on, drop, true)
    return () => {
      for (const on of ["keydown", "pointerdown"]) document.removeEventListener(on, drop, true)
    }
  }, [])

  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const { problems, ...act } = latest.current
      const does = keyOf("builder", e)
      if (does === undefined) return
      // What lies over the page has its own key to save; no other is meant for what is behind it, nor for the browser.
      if (somethingOver()) {
        if (does === "save" || does === "saveWithNote") e.preventDefault()
        return
      }
      const did = (what: () => void) => {
        e.preventDefault()
        what()
      }
      const to = (by: 1 | -1) => {
        at.current = (at.current + by + problems.length) % problems.length
        const p = problems[at.current]
        if (p) act.openProblem(p)
      }
      const editing = e.target instanceof Element && e.target.closest("input, textarea, select, [contenteditable]")
      switch (does) {
        case "save":
        case "saveWithNote":
        case "test":
        case "compare":
          return did(act[does])
        case "nextProblem":
        case "lastProblem":
          return problems.length > 0 ? did(() => to(does === "nextProblem" ? 1 : -1)) : undefined
        case "fix": {
          if (e.defaultPrevented) return
          // What the last check said is of what stood there then: the key waits for this one.
          if (store.get().checking) {
            const first = problems.find(fixOf)
            const { spec, current } = store.get()
            if (!store.onlyLooks) awaited.current = { spec, current, of: first && nameOf(first) }
            return did(() => latest.current.awaiting())
          }
          if (mend()) e.preventDefault()
          return
        }
        case "undo":
        case "redo":
          return editing ? undefined : did(() => (does === "undo" ? store.undo() : store.redo()))
        case "left":
        case "right":
        case "values":
        case "yaml":
        case "steps":
          return plainKey(e) ? did(act[does]) : undefined
      }
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [store, mend])
}
