import { type PointerEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"
import type { Commands } from "./commands"
import { useSpec, useStore } from "./context"
import { useProblems } from "./Drawer"
import type { Place } from "./document"
import { Inserter } from "./Inserter"
import { marksOf, placeAfter, placeWithin, problemsOf, type Row, rowAt, rowsOf, type StepRow } from "./rows"
import { StepMenu } from "./StepMenu"
import { DropLine, Space } from "./StepPlace"
import { OneRow, type Overlay, rowId } from "./StepRow"
import { useClipboard } from "./useClipboard"
import { useDrag } from "./useDrag"
import { useGrab } from "./useGrab"
import { useTreeKeys } from "./useTreeKeys"

const ahead = 320 // pixels drawn beyond what is seen

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
  const found = useProblems()
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
  const problems = useMemo(() => problemsOf(spec, found), [spec, found])
  const chosen = useMemo(() => new Set(selected), [selected])
  const { dragging: dragged, begin } = useDrag(box, rows, store, commands)
  const grab = useGrab(rows, scroller, store, commands)
  const dragging = dragged ?? grab.grabbed
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

  const onKey = useTreeKeys({
    rows,
    row,
    at,
    page: view.height,
    commands,
    grab,
    go,
    fold,
    insertAt,
    openMenu: (r) => setMenu({ row: r, at: document.getElementById(rowId(r.key)) as HTMLElement }),
  })

  // A step is added from anywhere on the page where nothing is typed, as from the list itself.
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const does = keyOf("steps", e)
      if (!plainKey(e) || (does !== "add" && does !== "addInside")) return
      e.preventDefault()
      insertAt((does === "add" ? placeAfter : placeWithin)(row, spec), row)
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [row, spec, insertAt])

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
        aria-description={
          store.readOnly ? undefined : t("Space takes the step up, arrows move it, Space puts it down, Escape leaves it where it was.")
        }
        data-steps
        tabIndex={0}
        ref={box}
        onKeyDown={onKey}
        onBlur={grab.giveUp}
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
      <p className="vh" role="status">
        {grab.says}
      </p>
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
