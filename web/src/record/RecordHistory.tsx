import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import type { OneChange } from "../undo/api"
import { UndoDialog } from "../undo/UndoDialog"
import { waysBack } from "../undo/ways"
import type { AnyRecord, Change, RecordPath } from "./api"
import { FieldValue } from "./FieldValue"
import { fieldName } from "./fields"
import { withAfter } from "./history"
import { MadeBy } from "./MadeBy"

interface Props {
  path: RecordPath
  record: AnyRecord
  changes: Change[]
  field: string | undefined // the only one whose changes are shown
  more: (() => void) | undefined // asks for older ones; nothing: these are all
  busy: boolean
  onUndone: () => void
}

// RecordHistory is each change of a record, the newest first, with the values before and after it, and the way back.
export function RecordHistory({ path, record, changes, field, more, busy, onUndone }: Props) {
  const [undoing, setUndoing] = useState<OneChange>()
  const rows = withAfter(record, changes).filter((r) => field === undefined || r.fields.some((f) => f.name === field))
  const ways = waysBack([...changes.map((c) => c.made_by), record.made_by])
  const back = (by: OneChange["by"], change: string | undefined) => {
    const way = ways[change === undefined ? changes.length : changes.findIndex((c) => c.id === change)]
    if (way === "undone") return <span className="tag push">{t("undone")}</span>
    return (
      way && (
        <Button
          needs="processors:run"
          size="xs"
          icon="undo"
          className="push"
          onClick={() => setUndoing({ of: "change", path, id: record.id, change, by })}
        >
          {way === "redo" ? t("Undo the undo…") : t("Undo…")}
        </Button>
      )
    )
  }
  return (
    <>
      <ol className="history">
        {rows.map(({ change, fields }) => (
          <li key={change.id}>
            <div className="r r-wrap">
              <Moment at={change.at} as="full" />
              <MadeBy maker={change.made_by} name={change.by} />
              {back(change.made_by, change.id)}
            </div>
            {fields.length === 0 ? (
              <p className="t3 fs-12">{t("No field changed: it was made or removed, or a lock was set.")}</p>
            ) : (
              <table className="tbl" aria-label={t("Fields that changed")}>
                <thead>
                  <tr>
                    <th scope="col">{t("Field")}</th>
                    <th scope="col">{t("Before")}</th>
                    <th scope="col">{t("After")}</th>
                  </tr>
                </thead>
                <tbody>
                  {fields
                    .filter((f) => field === undefined || f.name === field)
                    .map((f) => (
                      <tr key={f.name}>
                        <td title={f.name}>{fieldName(f.name)}</td>
                        <td>
                          <span className="was">
                            <FieldValue field={f.name} of={f.before} isMoney={record.value_is_money ?? false} />
                          </span>
                        </td>
                        <td>
                          <ins className="now">
                            <FieldValue field={f.name} of={f.after} isMoney={record.value_is_money ?? false} />
                          </ins>
                        </td>
                      </tr>
                    ))}
                </tbody>
              </table>
            )}
          </li>
        ))}
        {more ? (
          <li>
            <Button size="sm" busy={busy} onClick={more}>
              {t("Show older changes")}
            </Button>
          </li>
        ) : (
          <li>
            <div className="r r-wrap">
              <Icon name="plus" size={14} className="t3" />
              <span>{field === undefined ? t("Created") : t("Created, with what the field held first")}</span>
              <Moment at={record.created_at} as="full" />
              <MadeBy maker={record.made_by} />
              {back(record.made_by, undefined)}
            </div>
          </li>
        )}
      </ol>
      {undoing && (
        <UndoDialog
          what={undoing}
          onClose={(undone) => {
            setUndoing(undefined)
            if (undone) onUndone()
          }}
        />
      )}
    </>
  )
}
