import { type KeyboardEvent, useEffect, useRef } from "react"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { Moment } from "../ui/Moment"
import { plainKey } from "../ui/plainKey"
import type { Identity } from "./api"

export const kindIcon: Record<string, IconName> = {
  agent: "person",
  team: "team",
  project: "folder",
  segment: "tagi",
  proposition: "box",
}

// IdentityList is the inbox: one line of name, one of id. Arrows and j, k choose.
export function IdentityList({ rows, selected, onSelect }: { rows: Identity[]; selected: string | undefined; onSelect: (id: string) => void }) {
  const box = useRef<HTMLDivElement>(null)
  const at = Math.max(
    rows.findIndex((r) => r.id === selected),
    0,
  )

  const step = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]
    if (!next) return
    onSelect(next.id)
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }
  const latest = useRef(step)
  latest.current = step

  useEffect(() => {
    const listen = (e: globalThis.KeyboardEvent) => {
      if (!plainKey(e)) return
      if (e.key === "j") latest.current(1)
      else if (e.key === "k") latest.current(-1)
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  }, [])

  const onKey = (e: KeyboardEvent) => {
    const by = e.key === "ArrowDown" || e.key === "j" ? 1 : e.key === "ArrowUp" || e.key === "k" ? -1 : 0
    if (by === 0) return
    e.preventDefault()
    e.stopPropagation()
    step(by)
  }

  return (
    <div className="inbox" role="listbox" aria-label={t("External identities")} ref={box} onKeyDown={onKey} tabIndex={-1}>
      {rows.map((r, i) => (
        <div
          key={r.id}
          role="option"
          aria-selected={r.id === selected}
          tabIndex={i === at ? 0 : -1}
          className={`inbox-row ${r.id === selected ? "is-sel" : ""}`}
          onClick={() => onSelect(r.id)}
          onKeyDown={(e) => {
            if (e.key === "Enter" || e.key === " ") {
              e.preventDefault()
              onSelect(r.id)
            }
          }}
        >
          <span className="medium trunc">{r.external_name || r.external_id}</span>
          {r.entity ? <span className="t2 trunc end-col">{r.entity.name}</span> : <span className="t3 trunc end-col">{r.provider_name}</span>}
          <span className="r r-1 t3 trunc">
            <Icon name={kindIcon[r.kind] ?? "ident"} size={14} />
            <code className="trunc">{r.external_id}</code>
          </span>
          <span className="t3 end-col">
            <Moment at={r.created_at} as="ago" />
          </span>
        </div>
      ))}
    </div>
  )
}
