import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"

export type Settings = Of<"Settings">

export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => thing(api.GET("/v1/settings", { signal })) as Promise<Settings>,
})

export function useSaveSettings() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Of<"SettingsInputBody">) => thing(api.PATCH("/v1/settings", { body })),
    onSuccess: () => {
      // The menu follows the settings, and so do the webhook URLs and whether processors may run.
      for (const key of ["settings", "session", "provider", "processors", "processor"]) queries.invalidateQueries({ queryKey: [key] })
    },
  })
}

// useRenewPseudonyms makes another key for pseudonyms. There is no way back.
export function useRenewPseudonyms() {
  return useMutation({ mutationFn: () => thing(api.POST("/v1/settings/pseudonym-key", { body: { confirm: true } })) })
}
