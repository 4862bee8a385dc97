import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page, thing } from "../api/client"

// An agent, team, project, segment or proposition: what external identities are linked to.
export type Entity = Of<"Entity", { team: Of<"Named"> | null }>

export type EntityPath = "agents" | "teams" | "projects" | "segments" | "propositions"

export const entitiesQuery = (path: EntityPath, filters: FiltersOf<"/v1/agents"> = {}) =>
  queryOptions({
    queryKey: ["entities", path, filters],
    queryFn: ({ signal }) => page(api.GET(`/v1/${path}`, { params: { query: given(filters) }, signal })) as Promise<Page<Entity>>,
  })

export const entityQuery = (path: EntityPath, id: string) =>
  queryOptions({
    queryKey: ["entities", path, id],
    queryFn: ({ signal }) => thing(api.GET(`/v1/${path}/{id}`, { params: { path: { id } }, signal })) as Promise<Entity>,
  })

export function useEntityActions(path: EntityPath) {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["entities", "identities", "records"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({ mutationFn: (body: Of<"EntityInputBody">) => thing(api.POST(`/v1/${path}`, { body })), onSuccess }),
    change: useMutation({
      mutationFn: ({ id, ...body }: { id: string } & Of<"EntityChangeInputBody">) =>
        thing(api.PATCH(`/v1/${path}/{id}`, { params: { path: { id } }, body })),
      onSuccess,
    }),
  }
}
