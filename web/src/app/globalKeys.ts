// Keys that mean something on every page. They leave alone whoever is typing.
import { useEffect, useRef } from "react"
import { plainKey } from "../ui/plainKey"

// How long after G the second key is awaited, in milliseconds.
const patience = 1500

export interface GlobalKeys {
  palette: () => void
  keys: () => void
  go: Record<string, () => void> // after G: by the second key
}

export function useGlobalKeys(act: GlobalKeys) {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    let pressed = 0 // when G was
    const listen = (e: KeyboardEvent) => {
      if ((e.ctrlKey || e.metaKey) && !e.shiftKey && !e.altKey && e.key.toLowerCase() === "k") {
        e.preventDefault()
        latest.current.palette()
        return
      }
      if (!plainKey(e)) return
      const going = Date.now() - pressed < patience
      pressed = 0
      const key = e.key.toLowerCase()
      const go = going ? latest.current.go[key] : undefined
      if (go) {
        // Nobody else gets the second key: I, say, is ignore on the page of identities.
        e.preventDefault()
        e.stopImmediatePropagation()
        go()
      } else if (key === "g" && !e.shiftKey) {
        pressed = Date.now()
      } else if (e.key === "?") {
        e.preventDefault()
        latest.current.keys()
      } else if (e.key === "/") {
        const box = document.querySelector<HTMLInputElement>("[data-search]")
        if (box) {
          e.preventDefault()
          box.focus()
          box.select()
        }
      }
    }
    document.addEventListener("keydown", listen, true)
    return () => document.removeEventListener("keydown", listen, true)
  }, [])
}
