import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from "react"
import { every, nothing, type Selection, toggle, upTo } from "../list/selection"
import { useJK, useSight } from "../list/useSight"
import { t } from "../text"
import { number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { Moment } from "../ui/Moment"
import { stepFor } from "../ui/stepFor"
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
  const at = Math.max(
    rows.findIndex((r) => r.id === selected),
    0,
  )
  const { from, to, measure, reveal, pageful } = useSight(box, { count: rows.length, row, spare: 8 })
  const ids = () => rows.map((r) => r.id)
  const tell = useRef(onSight)
  tell.current = onSight
  useEffect(() => tell.current(from, to), [from, to])

  useEffect(() => reveal(at), [at, reveal]) // what is chosen is in sight

  const step = (to: number, reach = false) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, to))]
    if (!next) return
    const here = rows[at]
    if (reach && here) onPick(upTo(picked.ids.size === 0 ? toggle(nothing, here.id) : picked, ids(), next.id))
    onSelect(next.id)
    box.current?.focus({ preventScroll: true })
  }
  useJK((by, reach) => step(at + by, reach))

  const onKey = (e: KeyboardEvent) => {
    const here = rows[at]
    const does = keyOf("lists", e)
    if (does === "all") {
      e.preventDefault()
      onPick(every(ids()))
      return
    }
    if (!here) return
    const to = stepFor(does, at, rows.length - 1, pageful)
    if (to !== undefined) step(to, e.shiftKey)
    else if (does === "pick" || keyOf("identities", e) === "pick") onPick(e.shiftKey ? upTo(picked, ids(), here.id) : toggle(picked, here.id))
    else if (does === "none" && picked.ids.size > 0) onPick(nothing)
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
      onScroll={measure}
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
