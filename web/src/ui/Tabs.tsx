import type { KeyboardEvent, ReactNode } from "react"
import { keyOf } from "./keys"

interface Tab<K extends string> {
  id: K
  label: ReactNode
}

// Tabs choose what is shown below them; arrows move between them, as screen readers expect.
export function Tabs<K extends string>({
  label,
  tabs,
  value,
  onChange,
  line,
}: {
  label: string
  tabs: Tab<K>[]
  value: K
  onChange: (id: K) => void
  line?: boolean
}) {
  const onKey = (e: KeyboardEvent<HTMLDivElement>) => {
    const does = keyOf("control", e)
    const step = does === "right" ? 1 : does === "left" ? -1 : 0
    if (step === 0) return
    e.preventDefault()
    const i = tabs.findIndex((t) => t.id === value)
    const next = tabs[(i + step + tabs.length) % tabs.length]
    if (!next) return
    onChange(next.id)
    e.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <div className={`tabs ${line ? "tabs-line" : ""}`} role="tablist" aria-label={label} onKeyDown={onKey} tabIndex={-1}>
      {tabs.map((t) => (
        <button
          key={t.id}
          type="button"
          role="tab"
          data-tab={t.id}
          aria-selected={t.id === value}
          tabIndex={t.id === value ? 0 : -1}
          onClick={() => onChange(t.id)}
        >
          {t.label}
        </button>
      ))}
    </div>
  )
}
