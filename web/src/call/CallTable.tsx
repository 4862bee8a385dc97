import { t } from "../text"
import { type Column, DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import type { Call } from "./api"

const doors: Record<string, string> = {
  activity: t("Activity webhook"),
  sale: t("Sale webhook"),
  call: t("Call webhook"),
  period: t("Period webhook"),
  "anonymous-activity": t("Anonymous activity webhook"),
}

// entrance says where a call came in: a fixed webhook, or a source by its name.
export function entrance(call: Call): string {
  if (call.door === "") return t("No such webhook")
  return doors[call.door] ?? (call.source_name || t("Deleted source"))
}

const provider: Column<Call> = { head: t("Provider"), from: "md", cell: (c) => <span className="t2">{c.provider_name}</span> }

const columnsOf = (withProvider: boolean): Column<Call>[] => [
  { head: t("At"), width: 170, cell: (c) => <Moment at={c.received_at} /> },
  { head: t("Came in at"), cell: (c) => <span className="medium">{entrance(c)}</span> },
  ...(withProvider ? [provider] : []),
  { head: t("Answer"), width: 90, cell: (c) => <Answer call={c} /> },
  {
    head: t("Said"),
    wide: true,
    from: "sm",
    cell: (c) => (
      <span className="t2">
        {c.turned_away && <OfStranger of={c.turned_away} />}
        {c.error?.details?.[0]?.message ?? c.error?.message ?? c.remarks.join("; ") ?? ""}
      </span>
    ),
  },
  { head: t("Items"), width: 80, align: "end", from: "sm", cell: (c) => c.items },
]

// OfStranger says where a call came from that did not get past the door, and how many more like it.
function OfStranger({ of }: { of: NonNullable<Call["turned_away"]> }) {
  return (
    <>
      {of.more > 0 && (
        <b className="medium">
          {t("{n, plural, one {# more like it} other {# more like it}}", { n: of.more })}
          {" · "}
        </b>
      )}
      <code className="t3">{of.caller ?? t("several callers")}</code>
      {" · "}
    </>
  )
}

export const callColumns = columnsOf(true)

export function CallTable({
  rows,
  selected,
  withProvider = false,
  onOpen,
}: {
  rows: Call[]
  selected?: string | undefined
  withProvider?: boolean
  onOpen: (c: Call) => void
}) {
  return (
    <DataTable label={t("Calls received")} rows={rows} rowKey={(c) => c.id} selected={selected} onOpen={onOpen} columns={columnsOf(withProvider)} />
  )
}

export function Answer({ call }: { call: Call }) {
  return <Status is={call.status}>{call.http_status}</Status>
}
