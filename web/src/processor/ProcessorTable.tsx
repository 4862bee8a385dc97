import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import type { Processor } from "./api"

export function ProcessorTable({ rows, onOpen }: { rows: Processor[]; onOpen: (p: Processor) => void }) {
  return (
    <DataTable
      label={t("Processors")}
      rows={rows}
      rowKey={(p) => p.id}
      onOpen={onOpen}
      columns={[
        {
          head: t("Processor"),
          wide: true,
          cell: (p) => (
            <Link className="row-link medium" to={`/processors/${p.id}`} tabIndex={-1}>
              {p.name}
            </Link>
          ),
        },
        { head: t("State"), cell: (p) => <Status is={p.state} /> },
        { head: t("Version"), cell: (p) => (p.version > 0 ? `v${p.version}` : <span className="t3">{t("empty")}</span>) },
        { head: t("Provider"), from: "sm", cell: (p) => <span className="t2">{p.provider_name ?? p.provider_id}</span> },
        { head: t("Reads"), from: "md", cell: (p) => <code className="t2">{p.source_model}</code> },
        { head: t("Changed"), from: "lg", align: "end", cell: (p) => <Moment at={p.updated_at} /> },
      ]}
    />
  )
}
