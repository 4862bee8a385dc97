import { DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import type { Source } from "./api"

export function SourceTable({ rows, selected, onOpen }: { rows: Source[]; selected?: string | undefined; onOpen: (s: Source) => void }) {
  return (
    <div className="box">
      <DataTable
        label="Sources"
        rows={rows}
        rowKey={(s) => s.id}
        selected={selected}
        onOpen={onOpen}
        columns={[
          { head: "Source", wide: true, cell: (s) => <span className="medium">{s.name}</span> },
          { head: "Delivers", from: "md", cell: (s) => <code className="t2">{s.source_model}</code> },
          { head: "State", cell: (s) => <SourceState source={s} /> },
          { head: "Created", from: "lg", cell: (s) => <Moment at={s.created_at} /> },
          { head: "Processors", align: "end", cell: (s) => s.processors },
        ]}
      />
    </div>
  )
}

export function SourceState({ source }: { source: Source }) {
  if (source.processors === 0) return <Status is="waiting">stores only</Status>
  return <Status is="complete">linked</Status>
}
