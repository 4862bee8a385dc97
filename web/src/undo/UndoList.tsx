import { FieldValue } from "../record/FieldValue"
import { fieldName } from "../record/fields"
import { t, tr } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { heading } from "../ui/words"
import type { Undone } from "./api"

const becomes: Record<Undone["outcome"], { icon: IconName; does: string }> = {
  set_back: { icon: "undo", does: t("set back") },
  removed: { icon: "trash", does: t("removed") },
  made_again: { icon: "plus", does: t("made again") },
  left: { icon: "lock", does: t("left alone") },
}

// UndoList says for each thing what becomes of it, field by field, and why something is left alone.
export function UndoList({ things }: { things: Undone[] }) {
  return (
    <ul className="undo-list" aria-label={t("What becomes of each")} tabIndex={0}>
      {things.map((x) => {
        const { icon, does } = becomes[x.outcome]
        return (
          <li key={x.noun + x.id} className="stack-s">
            <div className="r r-1">
              <Icon name={icon} size={14} className="t3" />
              <span className="medium nowrap">{heading(x.noun)}</span>
              <span className="trunc grow">{x.name ?? <code>{x.external_id ?? x.id}</code>}</span>
              <span className="tag">{does}</span>
            </div>
            {x.set_back.map((f) => (
              <div key={f.field} className="undo-field fs-12">
                <span className="t3" title={f.field}>
                  {fieldName(f.field)}
                </span>
                <span className="r r-1 undo-values">
                  <span className="was">
                    <FieldValue field={f.field} of={f.from} />
                  </span>
                  <Icon name="arrow" size={12} className="t3" />
                  <FieldValue field={f.field} of={f.to} />
                </span>
              </div>
            ))}
            {x.unlocked.length > 0 && (
              <p className="undo-note fs-12 t2">{t("No longer locked: {fields}", { fields: x.unlocked.map(fieldName).join(", ") })}</p>
            )}
            {x.left.map((l) => (
              <p key={`${l.field} ${l.why}`} className="undo-note fs-12 t2">
                {l.field
                  ? tr("<code>{field}</code> stays: {why}", { code: (inner) => <code>{inner}</code>, field: l.field, why: l.why })
                  : t("All of it stays: {why}", { why: l.why })}
              </p>
            ))}
          </li>
        )
      })}
    </ul>
  )
}
