import { FieldValue } from "../record/FieldValue"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import type { Undone } from "./api"

const becomes: Record<Undone["outcome"], { icon: IconName; word: string }> = {
  set_back: { icon: "undo", word: "set back" },
  removed: { icon: "trash", word: "removed" },
  made_again: { icon: "plus", word: "made again" },
  left: { icon: "lock", word: "left alone" },
}

// UndoList says for each thing what becomes of it, field by field, and why something is left alone.
export function UndoList({ things }: { things: Undone[] }) {
  return (
    <ul className="undo-list" aria-label={t("What becomes of each")} tabIndex={0}>
      {things.map((t) => {
        const { icon, word } = becomes[t.outcome]
        return (
          <li key={t.noun + t.id} className="stack-s">
            <div className="r r-1">
              <Icon name={icon} size={14} className="t3" />
              <span className="medium nowrap">{noun(t.noun)}</span>
              <span className="trunc grow">{t.name ?? <code>{t.external_id ?? t.id}</code>}</span>
              <span className="tag">{word}</span>
            </div>
            {t.set_back.map((f) => (
              <div key={f.field} className="undo-field fs-12">
                <span className="t3">{f.field}</span>
                <span className="r r-1 undo-values">
                  <span className="was">
                    <FieldValue field={f.field} of={f.from} />
                  </span>
                  <Icon name="arrow" size={12} className="t3" />
                  <FieldValue field={f.field} of={f.to} />
                </span>
              </div>
            ))}
            {t.unlocked.length > 0 && <p className="undo-note fs-12 t2">No longer locked: {t.unlocked.join(", ")}</p>}
            {t.left.map((l) => (
              <p key={`${l.field} ${l.why}`} className="undo-note fs-12 t2">
                {l.field ? <code>{l.field}</code> : "All of it"} stays: {l.why}
              </p>
            ))}
          </li>
        )
      })}
    </ul>
  )
}

function noun(name: string): string {
  const words = name.replaceAll("_", " ")
  return words.charAt(0).toUpperCase() + words.slice(1)
}
