import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { type Column, DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import type { Entity } from "./api"
import type { EntityKind } from "./kinds"

export function EntityTable({ kind, rows, onOpen }: { kind: EntityKind; rows: Entity[]; onOpen: (e: Entity) => void }) {
  const agents: Column<Entity>[] =
    kind.id === "agent"
      ? [
          { head: t("Team"), cell: (e) => e.team?.name ?? <span className="t3">{t("none")}</span> },
          {
            head: t("State"),
            from: "sm",
            cell: (e) => (e.active ? <span className="t2">{t("active")}</span> : <span className="tag">{t("inactive")}</span>),
          },
        ]
      : []
  return (
    <DataTable
      label={kind.title}
      rows={rows}
      rowKey={(e) => e.id}
      onOpen={onOpen}
      columns={[
        {
          head: t("Name"),
          wide: true,
          cell: (e) => (
            <Link className="row-link medium" to={`/${kind.path}/${e.id}`} tabIndex={-1}>
              {e.name}
            </Link>
          ),
        },
        ...agents,
        { head: t("External identities"), align: "end", from: "sm", cell: (e) => e.linked_identities },
        { head: t("Id"), from: "md", cell: (e) => <code className="t2">{e.id}</code> },
        { head: t("Since"), align: "end", from: "sm", cell: (e) => <Moment at={e.created_at} /> },
      ]}
    />
  )
}
