import { t } from "../text"
import { DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import type { Source } from "./api"

export function SourceTable({ rows, selected, onOpen }: { rows: Source[]; selected?: string | undefined; onOpen: (s: Source) => void }) {
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
        ]}
      />
    </div>
  )
}

export function SourceState({ source }: { source: Source }) {
  if (source.processors === 0) return <Status is="waiting">{t("stores only")}</Status>
  return <Status is="complete">{t("linked")}</Status>
}
