import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import { t } from "../text"

export type Mark = Of<"Mark">
export type Personal = Of<"Personal", { marks: Mark[]; model: Mark[] }>
export type Suggestion = Of<"MarkSuggestion">

// The kinds of a mark, as people read them.
export const markKinds: readonly { value: string; label: string }[] = [
  { value: "email", label: t("e-mail address") },
  { value: "phone", label: t("phone number") },
  { value: "name", label: t("name") },
  { value: "address", label: t("address") },
  { value: "postcode", label: t("postcode") },
  { value: "date", label: t("date") },
  { value: "text", label: t("other text") },
]

export const kindOfMark = (kind: string) => markKinds.find((k) => k.value === kind)?.label ?? kind

export const personalQuery = (id: string) =>
  queryOptions({
    queryKey: ["source", id, "personal"],
    queryFn: ({ signal }) => thing(api.GET("/v1/sources/{id}/personal", { params: { path: { id } }, signal })) as Promise<Personal>,
  })

// suggestionsQuery is what the last deliveries of a source look like as far as people are concerned.
export const suggestionsQuery = (id: string) =>
  queryOptions({
    queryKey: ["source", id, "suggestions"],
    queryFn: async ({ signal }) => {
      const shape = await thing(api.GET("/v1/sources/{id}/shape", { params: { path: { id }, query: {} }, signal }))
      return { deliveries: shape.deliveries, suggestions: (shape.suggestions ?? []) as Suggestion[] }
    },
  })

export function useSetPersonal(id: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (marks: Mark[]) =>
      thing(api.PUT("/v1/sources/{id}/personal", { params: { path: { id } }, body: { marks } })) as Promise<
        Personal & { warnings?: { path: string; message: string }[] | null }
      >,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["source", id] }),
  })
}
