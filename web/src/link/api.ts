import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import type { ConstantValue } from "../constant/value"

// A link from a source to a processor, with the values its constants have there. `state` is the processor's.
export type Link = Of<"Link", { constants: Record<string, ConstantValue>; state: "enabled" | "disabled" | "suspended" }>

export const linksOfSource = (sourceId: string) =>
  queryOptions({
    queryKey: ["links", "source", sourceId],
    queryFn: ({ signal }) => thing(api.GET("/v1/sources/{id}/processors", { params: { path: { id: sourceId } }, signal })) as Promise<Link[]>,
  })

export const linksOfProcessor = (processorId: string) =>
  queryOptions({
    queryKey: ["links", "processor", processorId],
    queryFn: ({ signal }) => thing(api.GET("/v1/processors/{id}/sources", { params: { path: { id: processorId } }, signal })) as Promise<Link[]>,
  })

export type LinkInput = Pick<Link, "processor_id" | "constants">

// useSetLinks replaces all links of a source, in their order of running.
export function useSetLinks(sourceId: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: LinkInput[]) => thing(api.PUT("/v1/sources/{id}/processors", { params: { path: { id: sourceId } }, body })),
    onSuccess: () => {
      for (const key of ["links", "sources", "source", "processors", "processor"]) queries.invalidateQueries({ queryKey: [key] })
    },
  })
}
