import { Link, useNavigate } from "@tanstack/react-router"
import { t } from "../text"
import { DataTable } from "../ui/DataTable"
import { Menu, type MenuEntry } from "../ui/Menu"
import { Moment } from "../ui/Moment"
import { useMay } from "../ui/may"
import { Status } from "../ui/Status"
import type { Processor } from "./api"

interface Props {
  rows: Processor[]
  onOpen: (p: Processor) => void
  onDelete: (p: Processor) => void
}

export function ProcessorTable({ rows, onOpen, onDelete }: Props) {
  const navigate = useNavigate()
  const may = useMay("configuration:write")
  const entries = (p: Processor): MenuEntry[] => [
    { id: "edit", label: t("Edit spec"), icon: "edit", act: () => navigate({ to: `/processors/${p.id}/spec` }) },
    {
      id: "executions",
      label: t("View processor executions"),
      icon: "runs",
      act: () => navigate({ to: "/executions", search: { processor_id: p.id } as never }),
    },
    ...(may ? [{ id: "delete", label: t("Delete"), icon: "trash" as const, danger: true, act: () => onDelete(p) }] : []),
  ]
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
        {
          head: t("Actions"),
          hideHead: true,
          align: "end",
          cell: (p) => <Menu label={t("Actions for {name}", { name: p.name })} entries={entries(p)} />,
        },
      ]}
    />
  )
}
