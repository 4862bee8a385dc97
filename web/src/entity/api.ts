import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type FiltersOf, given, type Of, type Page, page, thing, versioned } from "../api/client"

// An agent, team, project, segment or proposition: what external identities are linked to.
export type Entity = Of<"Entity", { team: Of<"Named"> | null }> & { version?: string | undefined }

export type EntityPath = "agents" | "teams" | "projects" | "segments" | "propositions"

export const entitiesQuery = (path: EntityPath, filters: FiltersOf<"/v1/agents"> = {}) =>
  queryOptions({
    queryKey: ["entities", path, filters],
    queryFn: ({ signal }) => page(api.GET(`/v1/${path}`, { params: { query: given(filters) }, signal })) as Promise<Page<Entity>>,
  })

export const entityQuery = (path: EntityPath, id: string) =>
  queryOptions({
    queryKey: ["entities", path, id],
    queryFn: ({ signal }) => versioned(api.GET(`/v1/${path}/{id}`, { params: { path: { id } }, signal })) as Promise<Entity>,
  })

export function useEntityActions(path: EntityPath) {
  const queries = useQueryClient()
  const onSuccess = () => {
    for (const key of ["entities", "identities", "records"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({ mutationFn: (body: Of<"EntityInputBody">) => thing(api.POST(`/v1/${path}`, { body })), onSuccess }),
    change: useMutation({
      // It is refused where somebody changed it since that version.
      mutationFn: ({ id, version, ...body }: { id: string; version: string | undefined } & Of<"EntityChangeInputBody">) =>
        thing(api.PATCH(`/v1/${path}/{id}`, { params: { path: { id }, ...(version && { header: { "If-Match": version } }) }, body })),
      onSuccess,
    }),
  }
}
