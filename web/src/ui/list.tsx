// What every list page is made of: filters kept in the URL, the states of its answer, and pages.

import type { UseQueryResult } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { type ReactNode, useEffect, useRef, useState } from "react"
import type { Page as Rows } from "../api/client"
import { t } from "../text"
import { Button } from "./Button"
import { Empty, Failure, Skeleton } from "./Feedback"
import { number } from "./format"
import { Icon } from "./Icon"
import type { IconName } from "./icons"
import { keyOf } from "./keys"

export type Filters = Record<string, string | undefined>

// useFilters reads the filters from the URL and writes them there, so that a view can be sent to somebody.
export function useFilters() {
  const search = useSearch({ strict: false }) as Record<string, unknown>
  const navigate = useNavigate()
  const filters: Filters = {}
  for (const [k, v] of Object.entries(search)) if (v !== undefined && v !== "") filters[k] = String(v)
  const set = (change: Filters, replace = false) => {
    const next: Filters = { ...filters, ...("page" in change ? {} : { page: undefined }), ...change }
    for (const k of Object.keys(next)) if (!next[k]) delete next[k]
    navigate({ to: ".", search: next as never, replace })
  }
  return { filters, set, clear: () => navigate({ to: ".", search: {} as never }) }
}

// SearchBox waits for a pause in typing, then asks. The / key goes here.
export function SearchBox({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value
      setText(value)
    }
  }, [value])
  const latest = useRef(onChange)
  latest.current = onChange
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      latest.current(text)
    }, 250)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <span className="input input-sm search">
      <Icon name="search" />
      <input
        type="search"
        data-search
        aria-label={label}
        placeholder={label}
        value={text}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => {
          if (keyOf("field", e) !== "leave") return
          setText("")
          e.currentTarget.blur()
        }}
      />
      <kbd className="kbd" aria-hidden="true">
        /
      </kbd>
    </span>
  )
}

// FilterPick narrows by one of a few values; blue when it does. always: one of them is chosen, whatever is.
export function FilterPick({
  label,
  value,
  options,
  onChange,
  none = t("any"),
  always = false,
}: {
  label: string
  value: string
  options: readonly { value: string; label: string }[]
  onChange: (value: string) => void
  none?: string | undefined
  always?: boolean
}) {
  return (
    <span className={`chip pickchip ${value && !always ? "on" : ""}`}>
      <span className="k">{label}</span>
      <b className="trunc">{options.find((o) => o.value === value)?.label ?? none}</b>
      <Icon name="down" />
      <select aria-label={label} value={value} onChange={(e) => onChange(e.target.value)}>
        {!always && <option value="">{none}</option>}
        {options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </span>
  )
}

// FilterChip is a value the list is narrowed to, to be taken away.
export function FilterChip({ label, value, onRemove }: { label: string; value: string; onRemove: () => void }) {
  return (
    <span className="chip on chip-x">
      <span className="k">{label}</span>
      <b className="trunc">{value}</b>
      <button type="button" aria-label={t("No longer only {label} {value}", { label, value })} onClick={onRemove}>
        <Icon name="x" />
      </button>
    </span>
  )
}

interface BodyProps<T> {
  query: UseQueryResult<Rows<T>>
  filtered: boolean
  clear: () => void
  icon: IconName
  noun: string // plural: "executions"
  empty: { title: string; text: ReactNode; action?: ReactNode }
  children: (rows: T[]) => ReactNode
}

// ListBody shows rows, or says why there are none. Never-any and nothing-matches are different texts.
export function ListBody<T>({ query, filtered, clear, icon, noun, empty, children }: BodyProps<T>) {
  if (query.isPending) return <Skeleton />
  if (query.isError && !query.data) return <Failure error={query.error} retry={() => query.refetch()} />
  const rows = query.data?.rows ?? []
  return (
    <>
      {query.isError && (
        <div className="banner warn inset" role="status">
          <Icon name="warnf" />
          <span className="grow">
            {t("Shown is the last answer; the server did not give a newer one.")} {query.error.message}
          </span>
          <Button size="xs" onClick={() => query.refetch()}>
            {t("Try again")}
          </Button>
        </div>
      )}
      {rows.length > 0 ? (
        children(rows)
      ) : filtered ? (
        <Empty icon="filter" title={t("Nothing matches")} action={<Button onClick={clear}>{t("Clear filters")}</Button>}>
          {t("The filters hide all {noun}.", { noun })}
        </Empty>
      ) : (
        <Empty icon={icon} title={empty.title} action={empty.action}>
          {empty.text}
        </Empty>
      )}
    </>
  )
}

export const perPage = 50

// Pager walks through pages; the total stands there when the server counts it.
export function Pager({
  meta,
  rows,
  page,
  onPage,
  noun,
}: {
  meta: Rows<unknown>["meta"] | undefined
  rows: number
  page: number
  onPage: (page: number) => void
  noun: string
}) {
  if (!meta || (page === 1 && rows === 0)) return null
  const size = meta.per_page || perPage
  const from = (page - 1) * size + 1
  const more = meta.total_pages ? page < meta.total_pages : Boolean(meta.next_cursor) || rows === size
  if (page === 1 && !more) return <div className="pager num">{rows === 1 ? t("1 row") : `${number(rows)} ${noun}`}</div>
  return (
    <nav className="pager num" aria-label={t("Pages")}>
      <span>
        {meta.total === undefined
          ? t("{from} – {to} {noun}", { from: number(from), to: number(from + rows - 1), noun })
          : t("{from} – {to} of {total} {noun}", { from: number(from), to: number(from + rows - 1), total: number(meta.total), noun })}
      </span>
      <span className="push" />
      <span className="btn-row">
        <Button size="sm" icon="left" label={t("Previous page")} disabled={page <= 1} onClick={() => onPage(page - 1)} />
        <Button size="sm" icon="right" label={t("Next page")} disabled={!more} onClick={() => onPage(page + 1)} />
      </span>
    </nav>
  )
}
