import { type ReactNode, useId, useRef } from "react"
import { t } from "../text"
import { Combo, type ComboItem } from "./Combo"
import { Icon } from "./Icon"

interface Props {
  label: string
  placeholder: string
  hint?: ReactNode
  error?: string | undefined
  chosen: ComboItem[]
  items: ComboItem[] // that have the text
  text: string
  onText: (text: string) => void
  onChange: (ids: string[]) => void
  free?: boolean // what is typed can be taken as it is
}

// PickMany is some of many, each found by typing a part of its name.
export function PickMany({ label, placeholder, hint, error, chosen, items, text, onText, onChange, free }: Props) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const ids = chosen.map((c) => c.id)
  const typed = text.trim()
  const shown = items.filter((i) => !ids.includes(i.id))
  if (free && typed && !items.some((i) => i.id === typed) && !ids.includes(typed))
    shown.push({ id: typed, name: t("Take “{text}”", { text: typed }) })
  const remove = (gone: string) => {
    onChange(ids.filter((x) => x !== gone))
    box.current?.querySelector("input")?.focus() // the button that had the focus goes with it
  }
  return (
    <div className="field" ref={box} role="group" aria-label={label} aria-describedby={error || hint ? id : undefined}>
      <Combo
        label={label}
        placeholder={placeholder}
        items={shown}
        text={text}
        onText={onText}
        chosen={null}
        onChoose={(picked) => {
          if (picked === null) return
          onChange([...ids, picked])
          onText("")
        }}
      />
      {chosen.length > 0 && (
        <ul className="picked">
          {chosen.map((c) => (
            <li className="chip on chip-x" key={c.id}>
              <span className="trunc">{c.name}</span>
              <button type="button" aria-label={t("Remove {name}", { name: c.name })} onClick={() => remove(c.id)}>
                <Icon name="x" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {error ? (
        <span className="err" id={id}>
          <Icon name="fail" size={14} />
          {error}
        </span>
      ) : (
        hint && (
          <span className="hint" id={id}>
            {hint}
          </span>
        )
      )}
    </div>
  )
}
