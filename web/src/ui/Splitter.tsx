import type { KeyboardEvent, PointerEvent } from "react"
import { keyOf } from "./keys"

interface Props {
  label: string
  className: string
  value: number // pixels, of the part that it makes larger and smaller
  min: number
  max: number
  usual: number // where a double click puts it back
  grows: "right" | "left" | "up" // where the pointer goes when that part grows
  onChange: (value: number) => void
}

const step = 16 // pixels of one press of an arrow

// Splitter is the edge between two parts of a page, dragged or moved with the arrows; Home, End and Enter as with any
// other separator that moves.
export function Splitter({ label, className, value, min, max, usual, grows, onChange }: Props) {
  const to = (n: number) => onChange(Math.round(Math.max(min, Math.min(max, n))))
  const onKey = (e: KeyboardEvent) => {
    const does = keyOf("control", e)
    const less = { right: "left", left: "right", up: "down" }[grows]
    const wanted =
      does === grows
        ? value + step
        : does === less
          ? value - step
          : does === "first"
            ? min
            : does === "last"
              ? max
              : does === "take"
                ? usual
                : undefined
    if (wanted === undefined) return
    e.preventDefault()
    e.stopPropagation()
    to(wanted)
  }
  const onPointer = (e: PointerEvent<HTMLElement>) => {
    if (e.button !== 0) return
    e.preventDefault()
    const edge = e.currentTarget
    edge.focus({ preventScroll: true })
    edge.setPointerCapture(e.pointerId)
    const from = grows === "up" ? e.clientY : e.clientX
    const move = (m: globalThis.PointerEvent) => {
      const by = (grows === "up" ? m.clientY : m.clientX) - from
      to(value + (grows === "right" ? by : -by))
    }
    const up = () => {
      edge.removeEventListener("pointermove", move)
      edge.removeEventListener("pointerup", up)
      edge.removeEventListener("pointercancel", up)
    }
    edge.addEventListener("pointermove", move)
    edge.addEventListener("pointerup", up)
    edge.addEventListener("pointercancel", up)
  }
  return (
    <div
      role="separator"
      className={`splitter ${grows === "up" ? "is-flat" : ""} ${className}`}
      aria-label={label}
      aria-orientation={grows === "up" ? "horizontal" : "vertical"}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onKeyDown={onKey}
      onPointerDown={onPointer}
      onDoubleClick={() => to(usual)}
    />
  )
}
