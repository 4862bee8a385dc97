import { Link } from "@tanstack/react-router"
import { FieldValue } from "../record/FieldValue"
import { fieldName } from "../record/fields"
import { kinds } from "../record/kinds"
import { MadeBy } from "../record/MadeBy"
import { t } from "../text"
import type { Column } from "../ui/DataTable"
import { Moment } from "../ui/Moment"
import type { JournalChange } from "./api"

export const recordPath = (c: JournalChange) => `/records/${kinds.find((k) => k.id === c.kind)?.path}/${c.record_id}`

export const journalColumns: Column<JournalChange>[] = [
  { head: t("At"), width: 170, cell: (c) => <Moment at={c.at} /> },
  { head: t("Kind"), width: 140, from: "md", cell: (c) => kinds.find((k) => k.id === c.kind)?.one },
  {
    head: t("Record"),
    cell: (c) =>
      c.external_id ? (
        <Link className="row-link" to={recordPath(c)} tabIndex={-1}>
          <code>{c.external_id}</code>
        </Link>
      ) : (
        <span className="t3">
          <code>{c.record_id}</code> {t("removed")}
        </span>
      ),
  },
  {
    head: t("What was there before"),
    wide: true,
    cell: (c) =>
      c.fields.length === 0 ? (
        <span className="t3">{t("made, removed or locked")}</span>
      ) : (
        <span className="trunc">
          {c.fields.map((f, i) => (
            <span key={f.name}>
              {i > 0 && ", "}
              <span title={f.name}>{fieldName(f.name)}</span>{" "}
              <span className="was">
                <FieldValue field={f.name} of={f.before} />
              </span>
            </span>
          ))}
        </span>
      ),
  },
  { head: t("By"), from: "sm", cell: (c) => <MadeBy maker={c.made_by} name={c.by} /> },
]
