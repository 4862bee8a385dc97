import { type KeyboardEvent, type MouseEvent, type ReactNode, useCallback, useEffect, useRef, useState } from "react"
import { t } from "../text"
import type { Column } from "../ui/DataTable"
import { keyOf } from "../ui/keys"
import { stepFor } from "../ui/stepFor"
import { every, nothing, type Selection, toggle, upTo } from "./selection"
import { useJK, useSight } from "./useSight"

interface Props<T> {
  label: string
  rows: T[]
  columns: Column<T>[]
  total: number | undefined // of the list, where it is known
  ended: boolean // there are no more rows than these
  fresh: ReadonlySet<string>
  selected: string | undefined // the one whose sheet is open
  selection: Selection | undefined // nothing: rows are not picked
  onSelect: (s: Selection) => void
  onOpen: (row: T) => void
  onNearEnd: () => void
  onTop: (atTop: boolean) => void
  foot: ReactNode
}

const spare = 12 // rows beyond each edge
const near = 30 // rows from the end when the next page is asked for

const narrow = matchMedia("(max-width: 800px)")

// useRowHeight is that of a row in pixels, as in styles/list.css.
function useRowHeight(): number {
  const [is, setIs] = useState(narrow.matches)
  useEffect(() => {
    const listen = () => setIs(narrow.matches)
    narrow.addEventListener("change", listen)
    return () => narrow.removeEventListener("change", listen)
  }, [])
  return is ? 40 : 32
}

// RowGrid draws the rows in sight of a list of any length. One row has the focus; it stays where it is when rows come above.
export function RowGrid<T extends { id: string }>(p: Props<T>) {
  const box = useRef<HTMLDivElement>(null)
  const row = useRowHeight()
  const [cursor, setCursor] = useState<string | undefined>(undefined)
  const focusOn = useRef<string | undefined>(undefined)
  const { rows, onNearEnd, onTop, ended } = p
  const index = cursor === undefined ? -1 : rows.findIndex((r) => r.id === cursor)
  const at = Math.max(0, index)
  const { from, to, measure, reveal, pageful } = useSight(box, { count: rows.length, row, spare, head: 33 })
  useEffect(() => {
    if (!ended && to > rows.length - near) onNearEnd()
  }, [to, rows.length, ended, onNearEnd])

  const scrolled = () => {
    measure()
    onTop((box.current?.scrollTop ?? 0) < row)
  }
  const rowOf = useCallback((id: string) => box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`), [])
  useEffect(() => {
    const id = focusOn.current
    if (id === undefined) return
    const el = rowOf(id)
    if (el) {
      el.focus({ preventScroll: true })
      focusOn.current = undefined
    }
  })

  const move = (to: number, reach = false) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (!next) return
    reveal(rows.indexOf(next))
    setCursor(next.id)
    focusOn.current = next.id
    const here = rows[at]
    if (reach && p.selection) {
      const base = p.selection.anchor === undefined && here ? toggle(nothing, here.id) : p.selection
      p.onSelect(
        upTo(
          base,
          rows.map((r) => r.id),
          next.id,
        ),
      )
    }
  }
  useJK((by, reach) => {
    const inside = box.current?.contains(document.activeElement) && document.activeElement?.closest("[data-row]")
    move(inside ? at + by : at, reach)
  })

  const onKey = (e: KeyboardEvent, r: T) => {
    if (e.target !== e.currentTarget) return
    const many = p.selection
    const does = keyOf("lists", e)
    if (many && does === "all") {
      e.preventDefault()
      p.onSelect(every(rows.map((x) => x.id)))
      return
    }
    const to = stepFor(does, at, rows.length - 1, pageful)
    if (to !== undefined) {
      e.preventDefault()
      move(to, e.shiftKey)
    } else if (does === "pick" && many) {
      e.preventDefault()
      p.onSelect(
        e.shiftKey
          ? upTo(
              many,
              rows.map((x) => x.id),
              r.id,
            )
          : toggle(many, r.id),
      )
    } else if (does === "open") {
      e.preventDefault()
      p.onOpen(r)
    } else if (does === "none" && many && many.ids.size > 0) {
      e.preventDefault()
      p.onSelect(nothing)
    }
  }
  const onClick = (e: MouseEvent, r: T) => {
    if ((e.target as Element).closest("a, button, select, .pickcell")) return
    if (p.selection && e.shiftKey) {
      p.onSelect(
        upTo(
          p.selection,
          rows.map((x) => x.id),
          r.id,
        ),
      )
      getSelection()?.removeAllRanges()
    } else if (p.selection && (e.ctrlKey || e.metaKey)) p.onSelect(toggle(p.selection, r.id))
    else p.onOpen(r)
  }

  const shown = rows.slice(from, to)
  return (
    <div className="lst grid-box" ref={box} onScroll={scrolled}>
      <table
        className="tbl opens grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows that are picked and opened are what ARIA calls a grid
        role="grid"
        aria-label={p.label}
        aria-multiselectable={p.selection ? true : undefined}
        aria-rowcount={ended ? rows.length + 1 : p.total === undefined ? -1 : p.total + 1}
      >
        <colgroup>
          {p.selection && <col className="w-pick" />}
          {p.columns.map((c) => (
            <col key={c.head} className={c.from ? `from-${c.from}` : ""} style={c.width ? { width: c.width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {p.selection && (
              <th scope="col" className="pickcell">
                <input
                  type="checkbox"
                  aria-label={t("Select all rows that are loaded")}
                  checked={p.selection.ids.size > 0 && p.selection.ids.size >= rows.length}
                  ref={(el) => {
                    if (el) el.indeterminate = Boolean(p.selection && p.selection.ids.size > 0 && p.selection.ids.size < rows.length)
                  }}
                  onChange={() => p.onSelect(p.selection && p.selection.ids.size > 0 ? nothing : every(rows.map((r) => r.id)))}
                />
              </th>
            )}
            {p.columns.map((c) => (
              <th key={c.head} scope="col" className={classOf(c)}>
                {c.hideHead ? <span className="vh">{c.head}</span> : c.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {from > 0 && <Gap height={from * row} />}
          {shown.map((r, i) => {
            const picked = p.selection?.ids.has(r.id) ?? false
            const n = from + i
            return (
              <tr
                key={r.id}
                data-row={r.id}
                aria-rowindex={n + 2}
                aria-selected={p.selection ? picked : undefined}
                tabIndex={n === at || (at < from && i === 0) || (at >= to && i === shown.length - 1) ? 0 : -1}
                className={[p.selected === r.id && "is-sel is-cur", p.fresh.has(r.id) && "is-new"].filter(Boolean).join(" ")}
                onFocus={() => setCursor(r.id)}
                onKeyDown={(e) => onKey(e, r)}
                onClick={(e) => onClick(e, r)}
              >
                {p.selection && (
                  <td className="pickcell">
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={t("Select {id}", { id: r.id })}
                      checked={picked}
                      onChange={() => {}}
                      onClick={(e) =>
                        p.selection &&
                        p.onSelect(
                          e.shiftKey
                            ? upTo(
                                p.selection,
                                rows.map((x) => x.id),
                                r.id,
                              )
                            : toggle(p.selection, r.id),
                        )
                      }
                    />
                  </td>
                )}
                {p.columns.map((c) => (
                  <td key={c.head} className={classOf(c)}>
                    {c.cell(r)}
                  </td>
                ))}
              </tr>
            )
          })}
          {to < rows.length && <Gap height={(rows.length - to) * row} />}
        </tbody>
      </table>
      {p.foot}
    </div>
  )
}

// Gap stands for rows out of sight.
// Gap stands for the rows out of sight. It is one cell: one that spanned all columns would bring back those that a narrow
// window hides.
function Gap({ height }: { height: number }) {
  return (
    <tr className="gap" aria-hidden="true">
      <td style={{ height }} />
    </tr>
  )
}

function classOf<T>(c: Column<T>): string {
  return [c.align === "end" && "n", c.from && `from-${c.from}`].filter(Boolean).join(" ")
}
