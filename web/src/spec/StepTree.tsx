import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react"
import type { Detail } from "../api/client"
import { t } from "../text"
import { Button } from "../ui/Button"
import type { Commands } from "./commands"
import { useSpec, useStore } from "./context"
import type { Place } from "./document"
import { Inserter } from "./Inserter"
import { marksOf, placeAfter, placeWithin, problemsOf, type Row, rowAt, rowsOf, type StepRow } from "./rows"
import { StepMenu } from "./StepMenu"
import { DropLine, Space } from "./StepPlace"
import { OneRow, type Overlay, rowId } from "./StepRow"
import { useClipboard } from "./useClipboard"
import { useDrag } from "./useDrag"

const ahead = 320 // pixels drawn beyond what is seen
const none: readonly Detail[] = []

interface Props {
  commands: Commands
  overlay: Overlay
}

// StepTree is the spec as it reads. The focus stays on the list, which tells screen readers the row it is at; only rows
// that are in sight are drawn, so five hundred steps cost as much as fifty.
export function StepTree({ commands, overlay }: Props) {
  const store = useStore()
  const spec = useSpec((s) => s.spec)
  const selected = useSpec((s) => s.selected)
  const currentStep = useSpec((s) => s.current)
  const checked = useSpec((s) => s.checked)
  const diff = useSpec((s) => s.diff)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [arm, setArm] = useState<string | undefined>() // a branch's row that keys act on, which is no step
  const [inserting, setInserting] = useState<{ place: Place; top: number } | undefined>()
  const [menu, setMenu] = useState<{ row: StepRow; at: HTMLElement } | undefined>()
  const box = useRef<HTMLDivElement>(null)
  const scroller = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 900 })

  const rows = useMemo(() => rowsOf(spec, folded), [spec, folded])
  const marks = useMemo(() => marksOf(diff), [diff])
  const problems = useMemo(() => problemsOf(spec, checked?.problems ?? none), [spec, checked])
  const chosen = useMemo(() => new Set(selected), [selected])
  const { dragging, begin } = useDrag(box, rows, store, commands)
  const total = (rows.at(-1)?.top ?? 0) + (rows.at(-1)?.height ?? 0)

  const key = arm ?? currentStep
  const at = rows.findIndex((r) => r.key === key && r.kind !== "note")
  const row = rows[at]

  useLayoutEffect(() => {
    const el = scroller.current
    if (!el) return
    const look = () => setView({ top: el.scrollTop, height: el.clientHeight })
    look()
    const watch = new ResizeObserver(look)
    watch.observe(el)
    el.addEventListener("scroll", look, { passive: true })
    return () => {
      watch.disconnect()
      el.removeEventListener("scroll", look)
    }
  }, [])

  // What was chosen elsewhere, from a problem or a record, is unfolded and brought into sight.
  useEffect(() => {
    if (!key) return
    const r = rows.find((x) => x.key === key)
    const el = scroller.current
    if (!r || !el) return
    if (r.top < el.scrollTop) el.scrollTop = Math.max(0, r.top - 32)
    else if (r.top + r.height > el.scrollTop + el.clientHeight - 8) el.scrollTop = r.top + r.height - el.clientHeight + 32
  }, [key, rows])

  const go = useCallback(
    (to: Row | undefined, how: "only" | "extend" | "toggle" = "only") => {
      if (!to || to.kind === "note") return
      if (to.kind === "arm") {
        setArm(to.key)
        return
      }
      setArm(undefined)
      const { selected: now, current } = store.get()
      if (how === "toggle") store.select(now.includes(to.key) ? now.filter((id) => id !== to.key) : [...now, to.key], to.key)
      else if (how === "extend") {
        const anchor = now[0] ?? current ?? to.key
        const [a, b] = [rows.findIndex((r) => r.key === anchor), rows.indexOf(to)]
        const between = rows.slice(Math.min(a, b), Math.max(a, b) + 1).flatMap((r) => (r.kind === "step" ? [r.key] : []))
        store.select([anchor, ...between.filter((id) => id !== anchor)], to.key)
      } else store.select([to.key], to.key)
    },
    [rows, store],
  )

  const fold = useCallback((id: string, shut?: boolean) => {
    setFolded((was) => {
      const next = new Set(was)
      if (shut ?? !was.has(id)) next.add(id)
      else next.delete(id)
      return next
    })
  }, [])

  const insertAt = useCallback(
    (place: Place, beside: Row | undefined) => {
      if (!store.readOnly) setInserting({ place, top: beside ? beside.top + beside.height : total })
    },
    [store, total],
  )

  const step = (by: number): Row | undefined => {
    for (let i = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by; i >= 0 && i < rows.length; i += Math.sign(by))
      if (rows[i]?.kind !== "note") return rows[i]
    return undefined
  }

  const onKey = (e: KeyboardEvent) => {
    if (e.target !== e.currentTarget) return
    const mod = e.ctrlKey || e.metaKey
    const did = (act: () => void) => {
      e.preventDefault()
      act()
    }
    if (e.altKey && !mod && e.key.startsWith("Arrow")) {
      const to = ({ ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" } as const)[e.key as "ArrowUp"]
      return to && row?.kind === "step" ? did(() => commands.nudge(to)) : undefined
    }
    if (mod) {
      if (e.key === "a")
        did(() =>
          store.select(
            rows.flatMap((r) => (r.kind === "step" ? [r.key] : [])),
            store.get().current,
          ),
        )
      else if (e.key === "d") did(commands.duplicate)
      else if (e.key === " ") did(() => go(row, "toggle"))
      return
    }
    if (e.altKey) return
    switch (e.key) {
      case "ArrowDown":
      case "ArrowUp":
        return did(() => go(step(e.key === "ArrowDown" ? 1 : -1), e.shiftKey ? "extend" : "only"))
      case "Home":
        return did(() => go(rows.find((r) => r.kind !== "note")))
      case "End":
        return did(() => go(rows.findLast((r) => r.kind !== "note")))
      case "PageDown":
      case "PageUp":
        return did(() => {
          const to = rows[rowAt(rows, (row?.top ?? 0) + (e.key === "PageDown" ? view.height : -view.height))]
          go(to?.kind === "note" ? rows[rows.indexOf(to) + 1] : to)
        })
      case "ArrowRight":
        if (row?.kind === "step" && row.folded) return did(() => fold(row.key, false))
        return did(() => ((row?.kind === "step" && row.block) || row?.kind === "arm" ? go(step(1)) : undefined))
      case "ArrowLeft":
        if (row?.kind === "step" && row.block && !row.folded) return did(() => fold(row.key, true))
        return did(() => go(rows.find((r) => r.key === (row?.kind === "arm" ? row.owner.id : row?.kind === "step" ? row.list.owner : undefined))))
      case "Enter":
        return did(() => (row?.kind === "step" ? store.focus(row.key) : insertAt(placeAfter(row, spec), row)))
      case "a":
      case "+":
        return did(() => insertAt(placeAfter(row, spec), row))
      case "A":
        return did(() => insertAt(placeWithin(row, spec), row))
      case "Delete":
      case "Backspace":
        if (row?.kind === "arm") return row.empty ? did(() => commands.removeBranch(row.owner.id, row.body)) : undefined
        return did(commands.remove)
      case "d":
        return did(commands.toggle)
      case "F2":
        return row?.kind === "step" ? did(() => store.focus(row.key, "return_as")) : undefined
      case " ":
        return did(() => go(row))
      case "ContextMenu":
        return row?.kind === "step" ? did(() => setMenu({ row, at: document.getElementById(rowId(row.key)) as HTMLElement })) : undefined
      case "Escape":
        return selected.length > 1 ? did(() => go(row)) : undefined
    }
  }

  useClipboard(box, row, commands, store)

  const onPointer = useCallback(
    (e: PointerEvent, r: Row, what: "row" | "grip") => {
      if (e.button !== 0) return
      box.current?.focus({ preventScroll: true })
      if (what === "grip") e.stopPropagation()
      const mine = r.kind === "step" && store.get().selected.includes(r.key)
      if (what === "row" && !(mine && !e.shiftKey && !e.ctrlKey && !e.metaKey && store.get().selected.length > 1))
        go(r, e.shiftKey ? "extend" : e.ctrlKey || e.metaKey ? "toggle" : "only")
      if (r.kind === "step" && e.pointerType === "mouse" ? true : what === "grip") {
        const ids = mine && store.get().selected.length > 1 ? store.chosen() : [r.key]
        begin(e, ids)
      }
    },
    [go, store, begin],
  )
  const pointer = useRef(onPointer)
  pointer.current = onPointer
  const stable = useRef({
    pointer: (e: PointerEvent, r: Row, what: "row" | "grip") => pointer.current(e, r, what),
    menu: (r: StepRow, el: HTMLElement) => setMenu({ row: r, at: el }),
  })

  const back = () => box.current?.focus({ preventScroll: true })
  const first = rowAt(rows, view.top - ahead)
  const last = rowAt(rows, view.top + view.height + ahead)
  const drawn = rows.slice(first, last + 1)
  // The row keys act on is always there, for screen readers, also when it is out of sight.
  const extra = row && (at < first || at > last) ? row : undefined

  const draw = (r: Row) => (
    <OneRow
      key={r.key}
      row={r}
      library={commands.library}
      current={r.key === key}
      selected={r.kind === "step" && chosen.has(r.key)}
      cut={dragging?.ids.includes(r.key) ?? false}
      overlay={overlay}
      mark={r.kind === "step" ? marks.get(r.key) : undefined}
      problems={r.kind === "step" ? problems.get(r.key) : undefined}
      onPointer={stable.current.pointer}
      onMenu={stable.current.menu}
      onFold={fold}
    />
  )

  return (
    <div className="scroll steps" ref={scroller}>
      <div
        className="rows"
        role="tree"
        aria-label={t("Steps")}
        aria-multiselectable="true"
        aria-activedescendant={row ? rowId(row.key) : undefined}
        data-steps
        tabIndex={0}
        ref={box}
        onKeyDown={onKey}
        onFocus={(e) => {
          if (e.target === e.currentTarget && !row) go(rows.find((r) => r.kind === "step"))
        }}
      >
        <Space height={drawn[0]?.top ?? 0} />
        {drawn.map(draw)}
        <Space height={Math.max(0, total - ((drawn.at(-1)?.top ?? 0) + (drawn.at(-1)?.height ?? 0)))} />
        {extra && (
          <div className="vh" role="presentation">
            {draw(extra)}
          </div>
        )}
        {dragging?.drop && <DropLine top={dragging.drop.top} depth={dragging.drop.depth} no={dragging.no} />}
      </div>
      {!store.readOnly && (
        <Button className="addstep" look="ghost" size="sm" icon="plus" keys="A" onClick={() => insertAt(placeAfter(undefined, spec), undefined)}>
          {t("Add step")}
        </Button>
      )}
      {inserting && (
        <Inserter
          commands={commands}
          place={inserting.place}
          top={inserting.top}
          onClose={() => {
            setInserting(undefined)
            back()
          }}
          onAdded={() => setInserting(undefined)}
        />
      )}
      {menu && (
        <StepMenu
          row={menu.row}
          at={menu.at}
          commands={commands}
          onInsert={(place) => insertAt(place, menu.row)}
          onClose={() => {
            setMenu(undefined)
            back()
          }}
        />
      )}
    </div>
  )
}
