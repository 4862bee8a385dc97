import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { linksOfSource } from "../link/api"
import { leftAlone } from "../provider/pause"
import { t } from "../text"
import { DataTable } from "../ui/DataTable"
import { Menu, type MenuEntry } from "../ui/Menu"
import { Moment } from "../ui/Moment"
import { useMay } from "../ui/may"
import { Status } from "../ui/Status"
import type { Source } from "./api"

interface Props {
  rows: Source[]
  selected?: string | undefined
  onOpen: (s: Source) => void
  onDelete: (s: Source) => void
}

export function SourceTable({ rows, selected, onOpen, onDelete }: Props) {
  const navigate = useNavigate()
  const may = useMay("configuration:write")
  const entries = (s: Source): MenuEntry[] => [
    { id: "edit", label: t("Edit"), icon: "edit", act: () => onOpen(s) },
    {
      id: "executions",
      label: t("View processor executions"),
      icon: "runs",
      act: () => navigate({ to: "/executions", search: { source_id: s.id } as never }),
    },
    {
      id: "calls",
      label: t("View source executions"),
      icon: "inbox",
      act: () => navigate({ to: "/source-executions", search: { source_id: s.id } as never }),
    },
    ...(may ? [{ id: "delete", label: t("Delete"), icon: "trash" as const, danger: true, act: () => onDelete(s) }] : []),
  ]
  return (
    <div className="box">
      <DataTable
        label={t("Sources")}
        rows={rows}
        rowKey={(s) => s.id}
        selected={selected}
        onOpen={onOpen}
        columns={[
          { head: t("Source"), wide: true, cell: (s) => <span className="medium">{s.name}</span> },
          { head: t("Delivers"), from: "md", cell: (s) => <code className="t2">{s.source_model}</code> },
          { head: t("State"), cell: (s) => <SourceState source={s} /> },
          { head: t("Created"), from: "lg", cell: (s) => <Moment at={s.created_at} /> },
          { head: t("Processors"), align: "end", cell: (s) => s.processors },
          {
            head: t("Actions"),
            hideHead: true,
            align: "end",
            cell: (s) => <Menu label={t("Actions for {name}", { name: s.name })} entries={entries(s)} />,
          },
        ]}
      />
    </div>
  )
}

export function SourceState({ source }: { source: Source }) {
  const links = useQuery({ ...linksOfSource(source.id), enabled: source.processors > 0 })
  if (source.processors === 0) return <Status is="waiting">{t("stores only")}</Status>
  if (leftAlone(source.pause)) return <Status is="suspended">{t("enrichments paused")}</Status>
  if (links.data?.some((l) => l.link === "incomplete")) return <Status is="incomplete">{t("incomplete, deliveries wait")}</Status>
  return <Status is="complete">{t("linked")}</Status>
}
