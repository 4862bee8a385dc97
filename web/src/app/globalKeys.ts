// Keys that mean something on every page. They leave alone whoever is typing.
import { useEffect, useRef } from "react"
import { type Act, begins, keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"

// How long after the first of two keys the second is awaited, in milliseconds.
const patience = 1500

export interface GlobalKeys {
  palette: () => void
  map: () => void
  providers: () => void
  sourceExecutions: () => void
  executions: () => void
  records: () => void
  identities: () => void
}

export function useGlobalKeys(act: GlobalKeys) {
  const latest = useRef(act)
  latest.current = act
  useEffect(() => {
    let first: { key: string; at: number } | undefined // of two keys
    const listen = (e: KeyboardEvent) => {
      if (keyOf("everywhere", e) === "palette") {
        e.preventDefault()
        latest.current.palette()
        return
      }
      if (!plainKey(e)) return
      const before = first && Date.now() - first.at < patience ? first.key : undefined
      first = undefined
      const two = before && keyOf("everywhere", e, before)
      const act: Act<"everywhere"> | undefined = two || keyOf("everywhere", e)
      const begun = begins("everywhere", e)
      if (act === "search") {
        const box = document.querySelector<HTMLInputElement>("[data-search]")
        if (!box) return
        e.preventDefault()
        box.focus()
        box.select()
      } else if (act !== undefined && act !== "close") {
        e.preventDefault()
        // Nobody else gets the second key: I, say, is ignore on the page of identities.
        if (two) e.stopImmediatePropagation()
        latest.current[act]()
      } else if (begun !== undefined) first = { key: begun, at: Date.now() }
    }
    document.addEventListener("keydown", listen, true)
    return () => document.removeEventListener("keydown", listen, true)
  }, [])
}
