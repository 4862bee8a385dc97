// The keys of the Spec Builder that count anywhere on its page; those of the list of steps are the list's own.
import { useEffect, useRef } from "react"
import type { Detail } from "../api/client"
import { plainKey } from "../ui/plainKey"
import { fixed } from "./commands"
import { useStore } from "./context"
import { fixOf } from "./Drawer"
import { stepAt } from "./document"
import type { State } from "./store"

interface Acts {
  problems: readonly Detail[]
  save: () => void
  saveWithNote: () => void
  test: () => void
  compare: () => void
  openProblem: (p: Detail) => void
  left: () => void
  right: () => void
  values: () => void
  yaml: () => void
  steps: () => void
}

const isOf = (p: Detail, { spec, current }: State): boolean =>
  current !== undefined && (p.instruction_id === current || stepAt(spec, p.pointer ?? "")?.step.id === current)

export function useBuilderKeys(acts: Acts) {
  const store = useStore()
  const latest = useRef(acts)
  latest.current = acts
  const at = useRef(-1)
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const { problems, ...act } = latest.current
      const mod = e.ctrlKey || e.metaKey
      const key = e.key.toLowerCase()
      const did = (what: () => void) => {
        e.preventDefault()
        what()
      }
      const editing = e.target instanceof Element && e.target.closest("input, textarea, select, [contenteditable]")
      if (mod && key === "s") return did(e.shiftKey ? act.saveWithNote : act.save)
      if (mod && key === "enter") return did(e.shiftKey ? act.compare : act.test)
      if (e.key === "F8" && problems.length > 0)
        return did(() => {
          at.current = (at.current + (e.shiftKey ? -1 : 1) + problems.length) % problems.length
          const p = problems[at.current]
          if (p) act.openProblem(p)
        })
      if (mod && key === "." && !e.defaultPrevented) {
        const mine = problems.find((p) => fixOf(p) && isOf(p, store.get())) ?? problems.find(fixOf)
        const fix = mine && fixOf(mine)
        if (fix) return did(() => store.edit(fix.title, (s) => fixed(s, fix.edits ?? [])))
      }
      if (editing) return
      if (mod && key === "z") return did(() => (e.shiftKey ? store.redo() : store.undo()))
      if (mod && key === "y") return did(() => store.redo())
      if (!plainKey(e)) return
      if (e.key === "[") did(act.left)
      else if (e.key === "]") did(act.right)
      else if (key === "t") did(act.values)
      else if (key === "y") did(act.yaml)
      else if (e.key === "Escape") did(act.steps)
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [store])
}
