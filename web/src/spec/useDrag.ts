// Dragging steps with the mouse or a finger: the line shows where they would go, refused places say why, Esc gives up.

import { type PointerEvent as ReactPointer, type RefObject, useEffect, useRef, useState } from "react"
import { keyOf } from "../ui/keys"
import type { Commands } from "./commands"
import { refused } from "./commands"
import { refusal } from "./names"
import { type Drop, dropAt, type Row } from "./rows"
import type { SpecStore } from "./store"

export interface Dragging {
  ids: readonly string[]
  drop: Drop | undefined
  no: string | undefined // why it may not go there
}

const indent = 19 // pixels per level, as the guides have it
const threshold = 5 // pixels before a press becomes a drag

export function useDrag(box: RefObject<HTMLDivElement | null>, rows: readonly Row[], store: SpecStore, commands: Commands) {
  const [dragging, setDragging] = useState<Dragging | undefined>()
  const latest = useRef({ rows, dragging })
  latest.current = { rows, dragging }
  const stop = useRef<(() => void) | undefined>(undefined)
  useEffect(() => () => stop.current?.(), [])

  const begin = (e: ReactPointer, ids: readonly string[]) => {
    if (store.readOnly || e.button !== 0) return
    const from = { x: e.clientX, y: e.clientY }
    let on = false
    let frame = 0
    const follow = (x: number, y: number) => {
      const list = box.current
      if (!list) return
      const at = list.getBoundingClientRect()
      const { spec } = store.get()
      const drop = dropAt(latest.current.rows, spec, Math.max(0, y - at.top), Math.max(0, Math.floor((x - at.left - 44) / indent)))
      const no = refusal(spec, ids, drop.place)
      setDragging({ ids, drop, no: no && refused(spec, no) })
    }
    const move = (m: PointerEvent) => {
      if (!on && Math.abs(m.clientX - from.x) + Math.abs(m.clientY - from.y) < threshold) return
      on = true
      const scroller = box.current?.parentElement
      if (scroller) {
        const edge = scroller.getBoundingClientRect()
        if (m.clientY < edge.top + 32) scroller.scrollTop -= 12
        else if (m.clientY > edge.bottom - 32) scroller.scrollTop += 12
      }
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => follow(m.clientX, m.clientY))
    }
    const end = (drop: boolean) => {
      stop.current?.()
      const d = latest.current.dragging
      setDragging(undefined)
      if (drop && on && d?.drop) commands.moveTo(d.ids, d.drop.place)
    }
    const up = (m: PointerEvent) => {
      cancelAnimationFrame(frame)
      if (on) {
        follow(m.clientX, m.clientY)
        requestAnimationFrame(() => end(true))
      } else end(false)
    }
    const key = (k: KeyboardEvent) => {
      if (keyOf("held", k) !== "giveUp") return
      k.preventDefault()
      k.stopPropagation()
      on = false
      end(false)
    }
    addEventListener("pointermove", move)
    addEventListener("pointerup", up)
    addEventListener("pointercancel", up)
    addEventListener("keydown", key, true)
    stop.current = () => {
      removeEventListener("pointermove", move)
      removeEventListener("pointerup", up)
      removeEventListener("pointercancel", up)
      removeEventListener("keydown", key, true)
      stop.current = undefined
    }
  }
  return { dragging, begin }
}
