import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react"
import { keyOf } from "./keys"
import { plainKey } from "./plainKey"
import { stepFor } from "./stepFor"

export interface Column<T> {
  head: string
  cell: (row: T) => ReactNode
  align?: "end"
  wide?: boolean // takes what is left and cuts off with an ellipsis
  width?: number // in pixels, where rows are drawn as they come in sight; without one a column takes its share
  from?: "sm" | "md" | "lg" | "box" // shown from this width on, of the window or of the box around the table
  hideHead?: boolean // the head is for screen readers only
}

interface Props<T> {
  label: string
  rows: T[]
  columns: Column<T>[]
  rowKey: (row: T) => string
  onOpen?: (row: T) => void
  selected?: string | undefined
  rowClass?: (row: T) => string
}

// DataTable is rows with a cursor: arrows or j and k move it, Enter opens, a click opens too. Links inside cells stay links.
export function DataTable<T>({ label, rows, columns, rowKey, onOpen, selected, rowClass }: Props<T>) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [cursor, setCursor] = useState(0)
  const last = Math.max(rows.length - 1, 0)
  const at = Math.min(cursor, last)

  const move = (to: number) => {
    const next = Math.max(0, Math.min(last, to))
    setCursor(next)
    const row = body.current?.rows[next]
    row?.focus()
    row?.scrollIntoView({ block: "nearest" })
  }

  // j and k work wherever the focus is: from outside they go to the row of the cursor, from a link in a row to the next one.
  const latest = useRef({ at, move })
  latest.current = { at, move }
  useEffect(() => {
    const listen = (e: globalThis.KeyboardEvent) => {
      const does = keyOf("lists", e)
      if (!plainKey(e) || (does !== "next" && does !== "back")) return
      const table = body.current?.closest("table")
      const focused = document.activeElement?.closest("table.tbl")
      // Of several tables on a page, the one with the focus listens, and without it the first.
      if (table !== (focused ?? document.querySelector("table.tbl"))) return
      e.preventDefault()
      const { at, move } = latest.current
      move(focused ? at + (does === "next" ? 1 : -1) : at)
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])

  const onKey = (e: KeyboardEvent, row: T) => {
    if (e.target !== e.currentTarget) return
    const does = keyOf("lists", e)
    const to = stepFor(does, at, last, 10)
    if (to !== undefined) {
      e.preventDefault()
      move(to)
    } else if (does === "open" && onOpen) {
      e.preventDefault()
      onOpen(row)
    }
  }

  return (
    <table className={`tbl ${onOpen ? "opens" : ""}`} aria-label={label}>
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c.head} scope="col" className={classOf(c)}>
              {c.hideHead ? <span className="vh">{c.head}</span> : c.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row, i) => {
          const key = rowKey(row)
          return (
            <tr
              key={key}
              tabIndex={i === at ? 0 : -1}
              className={`${selected === key ? "is-sel is-cur" : ""} ${rowClass?.(row) ?? ""}`}
              onFocus={() => setCursor(i)}
              onKeyDown={(e) => onKey(e, row)}
              onClick={(e) => {
                if (onOpen && !(e.target as Element).closest("a, button, input, select")) onOpen(row)
              }}
            >
              {columns.map((c) => (
                <td key={c.head} className={classOf(c)}>
                  {c.cell(row)}
                </td>
              ))}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function classOf<T>(c: Column<T>): string {
  return [c.align === "end" && "n", c.wide && "clip", c.from && `from-${c.from}`].filter(Boolean).join(" ")
}
