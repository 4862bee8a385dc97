import { type RefObject, useLayoutEffect, useState } from "react"
import { flushSync } from "react-dom"

const few = 150 // rows that are simply all there
const spare = 12 // rows beyond either edge

// useWindow is which of many rows are in sight of what scrolls around them; tops are where each begins, and where the last
// ends. On paper all are.
export function useWindow(box: RefObject<HTMLElement | null>, tops: readonly number[]): { from: number; to: number; all: boolean } {
  const count = tops.length - 1
  const [sight, setSight] = useState({ top: 0, height: 1000 })
  const [paper, setPaper] = useState(false)
  const all = paper || count <= few
  useLayoutEffect(() => {
    const el = box.current
    if (!el || count <= few) return
    const scroller = scrollerOf(el)
    const measure = () => {
      const top = scroller.getBoundingClientRect().top - el.getBoundingClientRect().top
      setSight((was) => (Math.abs(was.top - top) < 64 && was.height === scroller.clientHeight ? was : { top, height: scroller.clientHeight }))
    }
    const print = () => flushSync(() => setPaper(true))
    const printed = () => setPaper(false)
    measure()
    scroller.addEventListener("scroll", measure, { passive: true })
    const watch = new ResizeObserver(measure)
    watch.observe(scroller)
    window.addEventListener("beforeprint", print)
    window.addEventListener("afterprint", printed)
    return () => {
      scroller.removeEventListener("scroll", measure)
      watch.disconnect()
      window.removeEventListener("beforeprint", print)
      window.removeEventListener("afterprint", printed)
    }
  }, [box, count])
  if (all) return { from: 0, to: count, all }
  const from = Math.max(0, before(tops, sight.top) - spare)
  return { from, to: Math.min(count, before(tops, sight.top + sight.height) + 1 + spare), all }
}

// before is the last row that begins at a place or above it.
function before(tops: readonly number[], place: number): number {
  let [low, high] = [0, tops.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((tops[middle] ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low
}

export function scrollerOf(el: HTMLElement): HTMLElement {
  for (let up = el.parentElement; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowY)) return up
  return document.documentElement
}
