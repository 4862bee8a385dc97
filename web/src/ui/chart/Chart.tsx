import { type KeyboardEvent, type ReactNode, useState } from "react"
import { keyOf } from "../keys"

// A mark of a chart: what it stands for in words, and what is behind it.
export interface Mark {
  name: string // "14:00: 62 deliveries"
  open?: (() => void) | undefined
}

interface Props {
  label: string
  marks: Mark[]
  width: number
  height: number
  children: ReactNode
  x: (i: number) => number // the middle of a mark
  onCursor?: (i: number | undefined) => void
}

// Chart is a drawing with a cursor: arrows, Home and End move it, Enter and a click open what the mark is of. What the cursor
// is on is said in words. The drawing itself is nothing to a screen reader; the marks are.
export function Chart({ label, marks, width, height, children, x, onCursor }: Props) {
  const [at, setAt] = useState<number | undefined>()
  const last = marks.length - 1
  const move = (i: number | undefined) => {
    setAt(i)
    onCursor?.(i)
  }
  const onKey = (e: KeyboardEvent) => {
    const now = at ?? last
    const does = keyOf("control", e)
    const to = does === "left" ? now - 1 : does === "right" ? now + 1 : does === "first" ? 0 : does === "last" ? last : undefined
    if (to !== undefined) {
      e.preventDefault()
      move(Math.max(0, Math.min(last, to)))
    } else if (does === "take") {
      e.preventDefault()
      marks[now]?.open?.()
    } else if (does === "leave") move(undefined)
  }
  const step = last > 0 ? x(1) - x(0) : width
  const shown = at === undefined ? undefined : marks[at]
  return (
    <div className="chart">
      <div
        className="chart-box"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(last, 0)}
        aria-valuenow={at ?? Math.max(last, 0)}
        aria-valuetext={marks[at ?? last]?.name ?? ""}
        onKeyDown={onKey}
        onFocus={() => at === undefined && move(last)}
        onBlur={() => move(undefined)}
        onMouseLeave={() => move(undefined)}
      >
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
          {children}
          {at !== undefined && <line className="chart-cursor" x1={x(at)} x2={x(at)} y1={0} y2={height} vectorEffect="non-scaling-stroke" />}
          {marks.map((m, i) => (
            <rect
              key={m.name}
              className={m.open ? "chart-hit" : "chart-hit still"}
              x={x(i) - step / 2}
              y={0}
              width={step}
              height={height}
              onMouseEnter={() => move(i)}
              onClick={m.open}
            />
          ))}
        </svg>
      </div>
      {shown && (
        <div className="chart-tip" aria-hidden="true">
          {shown.name}
        </div>
      )}
    </div>
  )
}
