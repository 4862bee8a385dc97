import { t } from "../text"
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
      label={t("Versions")}
      rows={rows}
      rowKey={(v) => String(v.version)}
      selected={selected}
      onOpen={onOpen}
      columns={[
        {
          head: t("Version"),
          cell: (v) => (
            <span className="r">
              <span className="medium">v{v.version}</span>
              {v.version === current && <span className="tag live">{t("current")}</span>}
            </span>
          ),
        },
        { head: t("Note"), wide: true, from: "sm", cell: (v) => <span className="t2">{v.note}</span> },
        { head: t("By"), from: "md", cell: (v) => <span className="t2">{nameOf(v.created_by)}</span> },
        { head: t("Saved"), align: "end", cell: (v) => <Moment at={v.created_at} /> },
      ]}
    />
  )
}
