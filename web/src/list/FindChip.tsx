import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components"
import { t } from "../text"
import { FilterChip } from "../ui/list"
import type { FindFilter } from "./filters"

interface Props {
  filter: FindFilter
  value: string | undefined
  focus: boolean // somebody has just asked for it
  onDone: (value: string | undefined) => void // nothing: it stays as it is
  onClear: () => void
}

// FindChip narrows by one of many things, which is found by typing a part of its name.
export function FindChip({ filter: f, value, focus, onDone, onClear }: Props) {
  const one = useQuery({
    queryKey: ["filter", f.key, "one", value],
    queryFn: ({ signal }) => f.find.one(value ?? "", signal),
    enabled: Boolean(value),
    staleTime: 60_000,
  })
  if (value) return <FilterChip label={f.label} value={one.data ?? value} onRemove={onClear} />
  return <Finder filter={f} focus={focus} onDone={onDone} />
}

function Finder({ filter: f, focus, onDone }: Pick<Props, "filter" | "focus" | "onDone">) {
  const [text, setText] = useState("")
  const found = useQuery({
    queryKey: ["filter", f.key, "search", text.trim()],
    queryFn: ({ signal }) => f.find.search(text.trim(), signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  return (
    <ComboBox
      className="chip textchip findchip"
      items={found.data ?? []}
      inputValue={text}
      onInputChange={setText}
      onChange={(key) => key !== null && onDone(String(key))}
      onBlur={() => onDone(undefined)}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Label className="vh">{f.label}</Label>
      <Input placeholder={f.label} ref={(el) => (focus ? el?.focus() : undefined)} />
      <Popover className="popover combo-pop">
        <ListBox className="menu" renderEmptyState={() => <p className="pad-s t2">{found.isPending ? t("Loading") : t("No name has that.")}</p>}>
          {(item: { id: string; name: string; note?: string }) => (
            <ListBoxItem id={item.id} textValue={item.name}>
              <span className="trunc">{item.name}</span>
              {item.note && <span className="t3 push">{item.note}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
