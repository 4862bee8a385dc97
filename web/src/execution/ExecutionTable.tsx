import { Link } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { t } from "../text"
import { type Column, DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { Outcomes } from "../ui/Outcomes"
import { Status } from "../ui/Status"
import { word } from "../ui/words"
import type { Execution } from "./api"

// useArrivals tells which rows came since the list was first shown, so that they can be tinted once.
function useArrivals(rows: Execution[]): Set<string> {
  const seen = useRef<Set<string> | undefined>(undefined)
  const fresh = new Set<string>()
  if (seen.current) for (const r of rows) if (!seen.current.has(r.id)) fresh.add(r.id)
  useEffect(() => {
    seen.current = new Set([...(seen.current ?? []), ...rows.map((r) => r.id)])
  }, [rows])
  return fresh
}

const reasons: Record<string, string> = {
  behind: t("the server is catching up"),
  enriching: t("what it needs beside the delivery is being fetched"),
  disabled: t("the processor was disabled; it runs when that is enabled again"),
  unlinked: t("the processor was taken off the source before it ran"),
  source_deleted: t("ignored: its source was deleted before it ran"),
  incomplete_link: t("a constant has no value on the link"),
  suspended: t("the saved spec no longer checks"),
  asked: t("an answer from outside is due"),
  parked: t("it took too long three times"),
}

export const executionColumns: Column<Execution>[] = [
  { head: t("Status"), width: 112, cell: (e) => <Status is={e.status} /> },
  {
    head: t("Execution"),
    width: 136,
    from: "md",
    cell: (e) => (
      <Link className="row-link" to={`/executions/${e.id}`} tabIndex={-1}>
        <code>{e.id}</code>
      </Link>
    ),
  },
  { head: t("Source"), width: 116, from: "sm", cell: (e) => e.source_name || <span className="t3">{t("deleted")}</span> },
  {
    head: t("Processor"),
    width: 160,
    cell: (e) => (
      <span>
        {e.processor_name || t("deleted")} <span className="t3">v{e.version}</span>
      </span>
    ),
  },
  {
    head: t("Outcome"),
    width: 160,
    cell: (e) => (e.status === "waiting" ? <span className="t2">{reasons[e.reason ?? ""] ?? e.reason ?? ""}</span> : <Outcomes counts={e.counts} />),
  },
  { head: t("Why"), wide: true, from: "lg", cell: (e) => <span className="t2">{e.error?.message}</span> },
  { head: t("Kind"), width: 68, from: "lg", cell: (e) => <span className="t2">{word(e.kind)}</span> },
  { head: t("Received"), width: 132, align: "end", cell: (e) => <Moment at={e.received_at} /> },
]

export function ExecutionTable({ rows, onOpen }: { rows: Execution[]; onOpen: (e: Execution) => void }) {
  const fresh = useArrivals(rows)
  return (
    <DataTable
      label={t("Processor executions")}
      rows={rows}
      rowKey={(e) => e.id}
      onOpen={onOpen}
      rowClass={(e) => (fresh.has(e.id) ? "is-new" : "")}
      columns={executionColumns}
    />
  )
}
