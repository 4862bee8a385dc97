import { DataTable } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import type { Version } from "./api"

export function VersionTable({
  rows,
  current,
  selected,
  nameOf,
  onOpen,
}: {
  rows: Version[]
  current: number
  selected?: string | undefined
  nameOf: (author: string) => string
  onOpen: (v: Version) => void
}) {
  return (
    <DataTable
      label="Versions"
      rows={rows}
      rowKey={(v) => String(v.version)}
      selected={selected}
      onOpen={onOpen}
      columns={[
        {
          head: "Version",
          cell: (v) => (
            <span className="r">
              <span className="medium">v{v.version}</span>
              {v.version === current && <span className="tag live">current</span>}
            </span>
          ),
        },
        { head: "Note", wide: true, from: "sm", cell: (v) => <span className="t2">{v.note}</span> },
        { head: "By", from: "md", cell: (v) => <span className="t2">{nameOf(v.created_by)}</span> },
        { head: "Saved", align: "end", cell: (v) => <Moment at={v.created_at} /> },
      ]}
    />
  )
}
