import { type KeyboardEvent, type MouseEvent, useEffect, useLayoutEffect, useRef, useState } from "react"
import { every, nothing, type Selection, toggle, upTo } from "../list/selection"
import { windowOf } from "../list/windowOf"
import { t } from "../text"
import { number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import { plainKey } from "../ui/plainKey"
import type { Identity, Standing } from "./api"
import { kindIcon } from "./kinds"

interface Props {
  rows: Identity[]
  total: number | undefined
  ended: boolean
  selected: string | undefined
  standing: Map<string, Standing>
  picked: Selection
  onPick: (s: Selection) => void
  onSelect: (id: string) => void
  onSight: (from: number, to: number) => void
}

const row = 53 // pixels, as in styles/identities.css

// Inbox is the rows in sight of a list of any length: one line of name, one of id. Arrows and j, k choose; Space or X picks for doing
// many at once, with Shift up to there.
export function Inbox({ rows, total, ended, selected, standing, picked, onPick, onSelect, onSight }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ top: 0, height: 800 })
  const at = Math.max(
    rows.findIndex((r) => r.id === selected),
    0,
  )
  const { from, to } = windowOf({ count: rows.length, row, ...sight, spare: 8 })
  const ids = () => rows.map((r) => r.id)

  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const measure = () => setSight({ top: el.scrollTop, height: el.clientHeight })
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(el)
    return () => watch.disconnect()
  }, [])
  const tell = useRef(onSight)
  tell.current = onSight
  useEffect(() => tell.current(from, to), [from, to])

  // What is chosen is in sight.
  useEffect(() => {
    const el = box.current
    if (!el) return
    const y = at * row
    if (y < el.scrollTop) el.scrollTop = y
    else if (y + row > el.scrollTop + el.clientHeight) el.scrollTop = y + row - el.clientHeight
  }, [at])

  const step = (to: number, reach = false) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (!next) return
    const here = rows[at]
    if (reach && here) onPick(upTo(picked.ids.size === 0 ? toggle(nothing, here.id) : picked, ids(), next.id))
    onSelect(next.id)
    box.current?.focus({ preventScroll: true })
  }
  const latest = useRef({ step, at })
  latest.current = { step, at }
  useEffect(() => {
    const listen = (e: globalThis.KeyboardEvent) => {
      if (!plainKey(e)) return
      const key = e.key.toLowerCase()
      if (key !== "j" && key !== "k") return
      e.preventDefault()
      latest.current.step(latest.current.at + (key === "j" ? 1 : -1), e.shiftKey)
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])

  const onKey = (e: KeyboardEvent) => {
    const here = rows[at]
    if ((e.ctrlKey || e.metaKey) && e.key === "a") {
      e.preventDefault()
      onPick(every(ids()))
      return
    }
    if (e.ctrlKey || e.metaKey || e.altKey || !here) return
    const pageful = Math.max(1, Math.floor(sight.height / row) - 1)
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + pageful,
      PageUp: at - pageful,
    }
    const to = steps[e.key]
    if (to !== undefined) step(to, e.shiftKey)
    else if (e.key === " " || e.key.toLowerCase() === "x") onPick(e.shiftKey ? upTo(picked, ids(), here.id) : toggle(picked, here.id))
    else if (e.key === "Escape" && picked.ids.size > 0) onPick(nothing)
    else return
    e.preventDefault()
  }
  const onClick = (e: MouseEvent, r: Identity) => {
    if (e.shiftKey) {
      onPick(upTo(picked, ids(), r.id))
      getSelection()?.removeAllRanges()
    } else if (e.ctrlKey || e.metaKey || (e.target as Element).closest(".pickbox")) onPick(toggle(picked, r.id))
    else onSelect(r.id)
  }

  const many = picked.ids.size > 0
  return (
    <div
      className="inbox"
      role="listbox"
      aria-label={t("External identities")}
      aria-multiselectable="true"
      aria-activedescendant={rows[at] && at >= from && at < to ? `inbox-${rows[at].id}` : undefined}
      ref={box}
      onKeyDown={onKey}
      onScroll={() => box.current && setSight({ top: box.current.scrollTop, height: box.current.clientHeight })}
      tabIndex={0}
    >
      <div className="inbox-pad" role="presentation" style={{ height: from * row }} />
      {rows.slice(from, to).map((r, i) => {
        const is = picked.ids.has(r.id)
        const of = standing.get(r.id)
        return (
          <div
            key={r.id}
            id={`inbox-${r.id}`}
            role="option"
            aria-selected={many ? is : r.id === selected}
            aria-posinset={from + i + 1}
            aria-setsize={ended ? rows.length : (total ?? -1)}
            className={`inbox-row ${r.id === selected ? "is-sel" : ""} ${is ? "is-picked" : ""}`}
            onClick={(e) => onClick(e, r)}
          >
            <span className={`pickbox check ${is ? "on" : ""}`} aria-hidden="true">
              {is && <Icon name="check" />}
            </span>
            <span className="inbox-a">
              <span className="medium trunc">{r.external_name || r.external_id}</span>
              {r.entity ? (
                <span className="t2 trunc end-col">{r.entity.name}</span>
              ) : of?.match ? (
                <span className="tag accent">
                  <Icon name="check" />
                  {t("sure")}
                </span>
              ) : (
                <span className="t3 trunc end-col">{r.provider_name}</span>
              )}
            </span>
            <span className="inbox-b t3">
              <Icon name={kindIcon[r.kind] ?? "ident"} size={14} />
              <code className="trunc">{r.external_id}</code>
              <span className="push num nowrap">
                {of &&
                  (of.more ? t("{n}+ records", { n: number(of.records) }) : t("{n, plural, one {# record} other {# records}}", { n: of.records }))}
              </span>
              <span className="inbox-age">
                <Moment at={r.created_at} as="ago" />
              </span>
            </span>
          </div>
        )
      })}
      <div className="inbox-pad" role="presentation" style={{ height: Math.max(0, rows.length - to) * row }} />
    </div>
  )
}
