import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"
import { keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"
import { windowOf } from "./windowOf"

interface Rows {
  count: number
  row: number // pixels of one
  spare: number // rows beyond each edge
  head?: number // pixels of what stands above them and stays
}

// useSight is which rows of equal height are in sight of a box that is scrolled.
export function useSight(box: RefObject<HTMLElement | null>, { count, row, spare, head = 0 }: Rows) {
  const [sight, setSight] = useState({ top: 0, height: 800 })
  const measure = useCallback(() => {
    const el = box.current
    if (el) setSight({ top: el.scrollTop, height: el.clientHeight })
  }, [box])
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(el)
    return () => watch.disconnect()
  }, [box, measure])
  // reveal scrolls no further than it has to.
  const reveal = useCallback(
    (index: number) => {
      const el = box.current
      if (!el) return
      const y = index * row
      if (y < el.scrollTop) el.scrollTop = y
      else if (y + row + head > el.scrollTop + el.clientHeight) el.scrollTop = y + row + head - el.clientHeight
      measure()
    },
    [box, row, head, measure],
  )
  return { ...windowOf({ count, row, ...sight, spare }), measure, reveal, pageful: Math.max(1, Math.floor((sight.height - head) / row) - 1) }
}

// useJK walks with j and k wherever the focus is, with Shift picking on the way.
export function useJK(walk: (by: 1 | -1, reach: boolean) => void) {
  const latest = useRef(walk)
  latest.current = walk
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const does = keyOf("lists", e)
      if (!plainKey(e) || (does !== "next" && does !== "back")) return
      e.preventDefault()
      latest.current(does === "next" ? 1 : -1, e.shiftKey)
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])
}
