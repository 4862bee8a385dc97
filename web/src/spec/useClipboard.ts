import { type RefObject, useEffect, useRef } from "react"
import type { Commands } from "./commands"
import { placeAfter, type Row } from "./rows"
import type { SpecStore } from "./store"

// useClipboard copies, cuts and pastes steps while the list has the focus; whoever types keeps their own clipboard.
export function useClipboard(box: RefObject<HTMLElement | null>, row: Row | undefined, commands: Commands, store: SpecStore) {
  const here = useRef(row)
  here.current = row
  useEffect(() => {
    const mine = (e: ClipboardEvent) => (document.activeElement === box.current ? e.clipboardData : null)
    const copy = (e: ClipboardEvent) => {
      const data = mine(e)
      if (!data || !commands.copy(data)) return
      e.preventDefault()
      if (e.type === "cut") commands.remove()
    }
    const paste = (e: ClipboardEvent) => {
      const data = mine(e)
      if (!data || store.readOnly) return
      e.preventDefault()
      commands.paste(data, placeAfter(here.current, store.get().spec))
    }
    document.addEventListener("copy", copy)
    document.addEventListener("cut", copy)
    document.addEventListener("paste", paste)
    return () => {
      document.removeEventListener("copy", copy)
      document.removeEventListener("cut", copy)
      document.removeEventListener("paste", paste)
    }
  }, [box, commands, store])
}
