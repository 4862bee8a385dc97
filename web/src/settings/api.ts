import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { get, patch } from "../api/client"

export interface Settings {
  name: string
  time_zone: string // IANA name
  country: string // calling code, "+31"
  record_kinds: string[]
  projects: boolean
}

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => get<Settings>("/v1/settings", undefined, signal),
})

export function useSaveSettings() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (change: Partial<Settings>) => patch<Settings>("/v1/settings", change),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: ["settings"] })
      queries.invalidateQueries({ queryKey: ["session"] }) // the menu follows the settings
      queries.invalidateQueries({ queryKey: ["provider"] }) // and so do the webhook URLs
    },
  })
}
