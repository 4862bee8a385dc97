// How parts of the page reach the open spec.
import { createContext, useContext, useRef, useSyncExternalStore } from "react"
import type { SpecStore, State } from "./store"

export const SpecContext = createContext<SpecStore | undefined>(undefined)

export function useStore(): SpecStore {
  const store = useContext(SpecContext)
  if (!store) throw new Error("there is no open spec around this part of the page")
  return store
}

// useSpec reads a piece of the state; whoever reads it is drawn again when that piece is another one. What a read makes
// anew each time is compared key by key.
export function useSpec<T>(read: (state: State) => T): T {
  const store = useStore()
  const last = useRef<T | undefined>(undefined)
  return useSyncExternalStore(store.subscribe, () => {
    const now = read(store.get())
    if (last.current !== undefined && alike(last.current, now)) return last.current
    last.current = now
    return now
  })
}

function alike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (a instanceof Map || a instanceof Set) return false // what they hold is not under keys
  const keys = Object.keys(a)
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length || keys.length > 64) return false
  return keys.every((k) => Object.is((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k]))
}
