import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { heading } from "../ui/words"
import type { Provider } from "./api"
import { ProviderTile } from "./ProviderType"

export function ProviderTable({ rows, onOpen }: { rows: Provider[]; onOpen: (p: Provider) => void }) {
  return (
    <DataTable
      label={t("Providers")}
      rows={rows}
      rowKey={(p) => p.id}
      onOpen={onOpen}
      columns={[
        {
          head: t("Provider"),
          wide: true,
          cell: (p) => (
            <span className="r">
              <ProviderTile type={p.type} />
              <Link className="row-link medium trunc" to={`/providers/${p.id}`} tabIndex={-1}>
                {p.name}
              </Link>
            </span>
          ),
        },
        { head: t("Type"), cell: (p) => <span className="t2">{heading(p.type)}</span> },
        { head: t("Id"), from: "md", cell: (p) => <code className="t2">{p.id}</code> },
        { head: t("Created"), from: "sm", align: "end", cell: (p) => <Moment at={p.created_at} /> },
      ]}
    />
  )
}
