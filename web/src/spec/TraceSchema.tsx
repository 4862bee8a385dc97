import { useQuery } from "@tanstack/react-query"
import { useEffect, useMemo, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { Moment } from "../ui/Moment"
import { OutcomeMark } from "../ui/Outcomes"
import { plainKey } from "../ui/plainKey"
import { Status } from "../ui/Status"
import { type TraceSchemaRow, traceSchemaQuery, variedQuery } from "./api"
import { useSpec, useStore } from "./context"
import type { Spec } from "./document"
import type { TraceEntry } from "./store"

const glyph = (e: TraceSchemaRow) => {
  if (e.status === "failed" || e.status === "partial") return "failed" as const
  if (e.counts.created > 0) return "new" as const
  if (e.counts.updated > 0) return "changed" as const
  return e.counts.unchanged > 0 ? ("same" as const) : ("skipped" as const)
}

const of = (r: TraceSchemaRow): TraceEntry => ({ delivery: r.delivery_id, label: r.label || r.delivery_id.slice(-8) })

// TraceSchema lists what there is to try the spec with; j and k flip through it from anywhere on the page.
export function TraceSchema({ processor }: { processor: string }) {
  const store = useStore()
  const entry = useSpec((s) => s.entry)
  const [search, setSearch] = useState("")
  const [asked, setAsked] = useState("")
  const [varied, setVaried] = useState<Spec | undefined>() // the spec whose branches it covers
  useEffect(() => {
    const timer = setTimeout(() => setAsked(search), 250)
    return () => clearTimeout(timer)
  }, [search])
  const newest = useQuery({ ...traceSchemaQuery(processor, asked), enabled: varied === undefined })
  const set = useQuery({ ...variedQuery(processor, varied), enabled: varied !== undefined })
  const query = varied ? set : newest
  const rows = useMemo(() => query.data?.rows ?? [], [query.data])

  // Something to look at from the start: the newest.
  useEffect(() => {
    const first = rows[0]
    if (!entry && first && asked === "") store.tryWith(of(first))
  }, [rows, entry, asked, store])

  useEffect(() => {
    const flip = (e: KeyboardEvent) => {
      const does = keyOf("builder", e)
      if (!plainKey(e) || (does !== "nextEntry" && does !== "lastEntry") || rows.length === 0) return
      e.preventDefault()
      const at = rows.findIndex((r) => r.delivery_id === store.get().entry?.delivery)
      const next = rows[at < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, at + (does === "nextEntry" ? 1 : -1)))]
      if (next) store.tryWith(of(next))
    }
    document.addEventListener("keydown", flip)
    return () => document.removeEventListener("keydown", flip)
  }, [rows, store])

  return (
    <section className="left-grow">
      <div className="pane-h">
        <h2>{t("Trace Schema")}</h2>
        <span className="push" />
        <kbd className="kbd">J</kbd>
        <kbd className="kbd">K</kbd>
        <Button
          size="xs"
          look="ghost"
          icon="filter"
          label={t("A varied set: each branch, optional fields present and absent")}
          aria-pressed={varied !== undefined}
          className={varied ? "is-on" : ""}
          onClick={() => setVaried(varied ? undefined : store.get().spec)}
        />
      </div>
      <span className="input input-sm find-b">
        <Icon name="search" size={14} />
        <input
          type="search"
          className="bare"
          aria-label={t("Search the Trace Schema")}
          placeholder={t("Id or value")}
          value={search}
          onChange={(e) => setSearch(e.target.value)}
        />
      </span>
      {varied && set.data && (
        <p className="t3 fs-12 left-p">
          {t("{n, plural, one {# entry} other {# entries}} that together take {missed, plural, =0 {every branch} other {all branches but #}}", {
            n: rows.length,
            missed: set.data.missed,
          })}
        </p>
      )}
      <div className="tr-list" role="listbox" aria-label={t("Trace Schema")} tabIndex={-1}>
        {rows.map((r) => (
          <button
            type="button"
            key={r.delivery_id}
            role="option"
            aria-selected={r.delivery_id === entry?.delivery}
            className={`tr ${r.delivery_id === entry?.delivery ? "is-sel" : ""}`}
            onClick={() => store.tryWith(of(r))}
            title={r.delivery_id}
          >
            {r.status === "waiting" || !r.status ? <Icon name="envelope" size={14} /> : <OutcomeMark is={glyph(r)} bare />}
            <code className="trunc">{of(r).label}</code>
            <span className="t3 fs-12">
              <Moment at={r.received_at} />
            </span>
          </button>
        ))}
      </div>
      {query.isError && <p className="left-p st bad wrap fs-12">{query.error.message}</p>}
      {query.isSuccess && rows.length === 0 && (
        <p className="t3 fs-12 left-p">
          {asked
            ? t("Nothing that was delivered has that.")
            : t("Nothing was delivered yet. Link the processor to a source and send something to it.")}
        </p>
      )}
      {query.isPending && <Status is="running">{t("Loading")}</Status>}
    </section>
  )
}
