import { t } from "../text"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import type { AnyRecord, Change } from "./api"
import { FieldValue } from "./FieldValue"
import { withAfter } from "./history"
import { MadeBy } from "./MadeBy"

// RecordHistory is each change of a record, the newest first, with the values before and after it.
export function RecordHistory({ record, changes }: { record: AnyRecord; changes: Change[] }) {
  const rows = withAfter(record, changes)
  return (
    <ol className="history">
      {rows.map(({ change, fields }) => (
        <li key={change.id}>
          <div className="r r-wrap">
            <Moment at={change.at} />
            <MadeBy maker={change.made_by} />
          </div>
          {fields.length === 0 && <p className="t3 fs-12">{t("No field changed: it was made or removed, or a lock was set.")}</p>}
          {fields.length > 0 && (
            <table className="tbl" aria-label={t("Fields that changed")}>
              <thead>
                <tr>
                  <th scope="col">{t("Field")}</th>
                  <th scope="col">{t("Before")}</th>
                  <th scope="col">{t("After")}</th>
                </tr>
              </thead>
              <tbody>
                {fields.map((f) => (
                  <tr key={f.name}>
                    <td>{f.name}</td>
                    <td>
                      <span className="was">
                        <FieldValue field={f.name} of={f.before} />
                      </span>
                    </td>
                    <td>
                      <ins className="now">
                        <FieldValue field={f.name} of={f.after} />
                      </ins>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </li>
      ))}
      <li>
        <div className="r r-wrap">
          <Icon name="plus" size={14} className="t3" />
          <span>{t("Created")}</span>
          <Moment at={record.created_at} />
        </div>
      </li>
    </ol>
  )
}
