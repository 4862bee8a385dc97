import { useEffect, useRef } from "react"
import { useFilters } from "../ui/list"
import { useSpec, useStore } from "./context"

// StepInUrl keeps the chosen step in the address, once it stays chosen, and chooses the one the address names.
export function StepInUrl() {
  const store = useStore()
  const { filters, set } = useFilters()
  const current = useSpec((s) => s.current)
  const first = useRef(filters.step)
  const latest = useRef({ filters, set })
  latest.current = { filters, set }
  useEffect(() => {
    if (first.current) store.select([first.current])
    first.current = undefined
  }, [store])
  useEffect(() => {
    const timer = setTimeout(() => {
      if (current !== latest.current.filters.step) latest.current.set({ step: current }, true)
    }, 400)
    return () => clearTimeout(timer)
  }, [current])
  return null
}
