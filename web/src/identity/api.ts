import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { list, post, type Query } from "../api/client"

export interface Identity {
  id: string
  provider_id: string
  provider_name?: string
  kind: string // agent, team, project, segment, proposition
  external_id: string
  external_name: string
  email?: string | null
  entity: { id: string; name: string } | null
  ignored: boolean
  records?: number
  created_at: string
  updated_at: string
}

export const identitiesQuery = (query: Query) =>
  queryOptions({ queryKey: ["identities", query], queryFn: ({ signal }) => list<Identity>("/v1/identities", query, signal) })

export function useIdentityActions() {
  const queries = useQueryClient()
  // Linking changes who records count for, so lists of those are asked again, too.
  const changed = () => {
    for (const key of ["identities", "entities", "records"]) queries.invalidateQueries({ queryKey: [key] })
  }
  const act = (path: string) => ({
    mutationFn: (id: string) => post<Identity>(`/v1/identities/${id}/${path}`),
    onSuccess: changed,
  })
  return {
    link: useMutation({
      mutationFn: ({ id, entityId }: { id: string; entityId: string }) =>
        post<Identity>(`/v1/identities/${id}/link`, { entity_id: entityId }),
      onSuccess: changed,
    }),
    create: useMutation({
      mutationFn: ({ id, name }: { id: string; name: string }) => post<Identity>(`/v1/identities/${id}/link`, { name }),
      onSuccess: changed,
    }),
    unlink: useMutation(act("unlink")),
    ignore: useMutation(act("ignore")),
    unignore: useMutation(act("unignore")),
  }
}
