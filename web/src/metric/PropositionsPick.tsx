import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { entitiesQuery, entityQuery } from "../entity/api"
import { t } from "../text"
import { PickMany } from "../ui/PickMany"

interface Props {
  ids: string[]
  error?: string | undefined
  onChange: (ids: string[]) => void
}

// PropositionsPick narrows sales to some propositions.
export function PropositionsPick({ ids, error, onChange }: Props) {
  const [text, setText] = useState("")
  const found = useQuery({
    ...entitiesQuery("propositions", { per_page: 20, sort: "name", ...(text.trim() && { search: text.trim() }) }),
    placeholderData: keepPreviousData,
  })
  const names = useQueries({ queries: ids.map((id) => entityQuery("propositions", id)) })
  return (
    <PickMany
      label={t("Only these propositions")}
      placeholder={t("Find a proposition")}
      hint={ids.length === 0 ? t("None chosen: all propositions. A sale counts where its external identity is linked to one.") : undefined}
      error={error}
      chosen={ids.map((id, i) => ({ id, name: names[i]?.data?.name ?? id }))}
      items={(found.data?.rows ?? []).map((p) => ({ id: p.id, name: p.name }))}
      text={text}
      onText={setText}
      onChange={onChange}
    />
  )
}
