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
  return doors[call.door] ?? (call.source_name || t("Deleted source"))
}

export function CallTable({
  rows,
  selected,
  withProvider,
  onOpen,
}: {
  rows: Call[]
  selected?: string | undefined
  withProvider?: boolean
  onOpen: (c: Call) => void
}) {
  const columns: Column<Call>[] = [
    { head: t("At"), cell: (c) => <Moment at={c.received_at} /> },
    { head: t("Came in at"), cell: (c) => <span className="medium">{entrance(c)}</span> },
    ...(withProvider
      ? [
          {
            head: t("Provider"),
            from: "md",
            cell: (c) => <span className="t2">{c.provider_name}</span>,
          } satisfies Column<Call>,
        ]
      : []),
    { head: t("Answer"), cell: (c) => <Answer call={c} /> },
    {
      head: t("Said"),
      wide: true,
      from: "sm",
      cell: (c) => <span className="t2">{c.error?.details?.[0]?.message ?? c.error?.message ?? c.remarks.join("; ") ?? ""}</span>,
    },
    { head: t("Items"), align: "end", from: "sm", cell: (c) => c.items },
  ]
  return <DataTable label={t("Calls")} rows={rows} rowKey={(c) => c.id} selected={selected} onOpen={onOpen} columns={columns} />
}

export function Answer({ call }: { call: Call }) {
  return <Status is={call.status}>{call.http_status}</Status>
}
