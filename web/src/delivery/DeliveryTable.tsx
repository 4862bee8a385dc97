import { Link } from "@tanstack/react-router"
import { t } from "../text"
import type { Column } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import type { Delivery } from "./api"

// cameIn says where a delivery came in: its source, or a fixed webhook.
export function cameIn(d: Delivery): string {
  return d.source_id === null ? t("Fixed webhook") : d.source_name || t("Deleted source")
}

export const deliveryColumns: Column<Delivery>[] = [
  { head: t("State"), width: 124, cell: (d) => <Status is={d.state} /> },
  {
    head: t("Delivery"),
    width: 160,
    cell: (d) => (
      <Link className="row-link" to={`/deliveries/${d.id}`} tabIndex={-1}>
        <code>{d.id}</code>
      </Link>
    ),
  },
  { head: t("Came in at"), wide: true, from: "sm", cell: (d) => cameIn(d) },
  { head: t("Event"), from: "md", cell: (d) => <code className="t2">{d.event_id}</code> },
  { head: t("Item"), width: 80, from: "lg", align: "end", cell: (d) => d.index + 1 },
  { head: t("Received"), width: 170, align: "end", cell: (d) => <Moment at={d.received_at} /> },
]
