import { queryOptions } from "@tanstack/react-query"
import { api, thing } from "../api/client"

// findQuery asks for things by id, whole external id or a part of their name.
export const findQuery = (text: string) =>
  queryOptions({
    queryKey: ["find", text],
    queryFn: ({ signal }) => thing(api.GET("/v1/find", { params: { query: { q: text } }, signal })),
    staleTime: 10_000,
  })

// viewOf is the list of identities that one stands on: unlinked, ignored or linked.
export async function viewOf(identity: string): Promise<Record<string, string>> {
  const x = await thing(api.GET("/v1/identities/{id}", { params: { path: { id: identity } } }))
  return x.entity ? { view: "linked" } : x.ignored ? { view: "ignored" } : {}
}
