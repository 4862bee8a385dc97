import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { t } from "../text"
import { PickMany } from "../ui/PickMany"
import { recordTypesQuery, type TypedSource } from "./api"

interface Props {
  source: TypedSource
  types: string[]
  error?: string | undefined
  onChange: (types: string[]) => void
}

// TypesPick narrows records to some of the types that there are, or to one that is still to come.
export function TypesPick({ source, types, error, onChange }: Props) {
  const [text, setText] = useState("")
  const found = useQuery({ ...recordTypesQuery(source, text.trim()), placeholderData: keepPreviousData })
  const item = (type: string) => ({ id: type, name: type })
  return (
    <PickMany
      label={t("Only these types")}
      placeholder={t("Find a type")}
      hint={types.length === 0 ? t("None chosen: all types.") : undefined}
      error={error}
      chosen={types.map(item)}
      items={(found.data ?? []).map(item)}
      text={text}
      onText={setText}
      onChange={onChange}
      free
    />
  )
}
