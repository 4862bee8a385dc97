import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { list, patch, post, type Query } from "../api/client"

// An agent, team, project, segment or proposition: what external identities are linked to.
export interface Entity {
  id: string
  name: string
  team?: { id: string; name: string } | null // agents only
  active?: boolean // agents only
  identities?: number
  created_at: string
  updated_at: string
}

export const entitiesQuery = (path: string, query: Query = {}) =>
  queryOptions({ queryKey: ["entities", path, query], queryFn: ({ signal }) => list<Entity>(`/v1/${path}`, query, signal) })

export function useEntityActions(path: string) {
  const queries = useQueryClient()
  const changed = () => {
    for (const key of ["entities", "identities", "records"]) queries.invalidateQueries({ queryKey: [key] })
  }
  return {
    create: useMutation({ mutationFn: (name: string) => post<Entity>(`/v1/${path}`, { name }), onSuccess: changed }),
    rename: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => patch<Entity>(`/v1/${path}/${id}`, { name }),
      onSuccess: changed,
    }),
  }
}
