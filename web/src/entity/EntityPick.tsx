import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { PickMany } from "../ui/PickMany"
import { type EntityPath, entitiesQuery, entityQuery } from "./api"

interface Props {
  kind: EntityPath
  label: string
  placeholder: string
  id: string // "": none
  onChange: (id: string) => void
}

// EntityPick is one agent, team or other entity, or none, found by typing a part of its name.
export function EntityPick({ kind, label, placeholder, id, onChange }: Props) {
  const [text, setText] = useState("")
  const found = useQuery({
    ...entitiesQuery(kind, { per_page: 20, sort: "name", ...(text.trim() && { search: text.trim() }) }),
    placeholderData: keepPreviousData,
  })
  const chosen = useQuery({ ...entityQuery(kind, id), enabled: id !== "" })
  return (
    <PickMany
      label={label}
      placeholder={placeholder}
      chosen={id === "" ? [] : [{ id, name: chosen.data?.name ?? id }]}
      items={(found.data?.rows ?? []).map((e) => ({ id: e.id, name: e.name, ...(e.team && { note: e.team.name }) }))}
      text={text}
      onText={setText}
      onChange={(ids) => onChange(ids.at(-1) ?? "")}
    />
  )
}
