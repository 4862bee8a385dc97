import { useContext, useState } from "react"
import { t } from "../text"
import { moment } from "../ui/format"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { FilterChip, FilterPick, type Filters, SearchBox } from "../ui/list"
import { Menu } from "../ui/Menu"
import { Zone } from "../ui/Moment"
import { FindChip } from "./FindChip"
import type { Filter } from "./filters"

interface Props {
  filters: Filters
  all: readonly Filter[]
  search: string | undefined // what the search box says; nothing: there is none
  set: (change: Filters, replace?: boolean) => void
  clear: () => void
}

// FilterBar is the search and the chips. What is rarely narrowed by is behind "Filter" until it is.
export function FilterBar({ filters, all, search, set, clear }: Props) {
  const zone = useContext(Zone)
  const [asked, setAsked] = useState<readonly string[]>([])
  const rare = (f: Filter) => "text" in f || f.more
  const shown = all.filter((f) => !rare(f) || filters[f.key] || asked.includes(f.key))
  const hidden = all.filter((f) => !shown.includes(f))
  const any = ["search", "after", "before", ...all.map((f) => f.key)].some((k) => filters[k])
  return (
    <div className="filters" role="search" aria-label={t("Filters")}>
      {search && <SearchBox label={search} value={filters.search ?? ""} onChange={(text) => set({ search: text }, true)} />}
      {shown.map((f) =>
        "find" in f ? (
          <FindChip
            key={f.key}
            filter={f}
            value={filters[f.key]}
            focus={asked.includes(f.key)}
            onDone={(value) => {
              setAsked(asked.filter((k) => k !== f.key))
              if (value) set({ [f.key]: value })
            }}
            onClear={() => set({ [f.key]: undefined })}
          />
        ) : "text" in f ? (
          filters[f.key] ? (
            <FilterChip key={f.key} label={f.label} value={filters[f.key] ?? ""} onRemove={() => set({ [f.key]: undefined })} />
          ) : (
            <TextChip
              key={f.key}
              label={f.label}
              onDone={(value) => {
                setAsked(asked.filter((k) => k !== f.key))
                if (value) set({ [f.key]: value })
              }}
            />
          )
        ) : (
          <FilterPick
            key={f.key}
            label={f.label}
            value={filters[f.key] ?? ""}
            options={f.options}
            onChange={(v) => set({ [f.key]: v })}
            none={f.none}
          />
        ),
      )}
      {(filters.after || filters.before) && (
        <FilterChip
          label={t("time")}
          value={`${filters.after ? moment(filters.after, zone) : "…"} – ${filters.before ? moment(filters.before, zone) : t("now")}`}
          onRemove={() => set({ after: undefined, before: undefined })}
        />
      )}
      {hidden.length > 0 && (
        <Menu
          label={t("Add a filter")}
          className="chip add"
          trigger={
            <>
              <Icon name="plus" /> {t("Filter")}
            </>
          }
          entries={hidden.map((f) => ({ id: f.key, label: f.label, act: () => setAsked([...asked, f.key]) }))}
        />
      )}
      {any && (
        <button type="button" className="chip plainchip" onClick={clear}>
          {t("Clear filters")}
        </button>
      )}
    </div>
  )
}

// TextChip is a filter that is being written.
function TextChip({ label, onDone }: { label: string; onDone: (value: string) => void }) {
  const [text, setText] = useState("")
  return (
    <span className="chip textchip">
      <input
        aria-label={label}
        placeholder={label}
        value={text}
        ref={(el) => el?.focus()}
        onChange={(e) => setText(e.target.value)}
        onBlur={() => onDone(text.trim())}
        onKeyDown={(e) => {
          const does = keyOf("field", e)
          if (does === "take") onDone(text.trim())
          if (does === "leave") onDone("")
        }}
      />
    </span>
  )
}
