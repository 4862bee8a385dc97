import { queryOptions } from "@tanstack/react-query"
import { api, type Of, thing } from "../api/client"
import type { EntityPath } from "./api"

// countsQuery is how many records of each kind count for an entity; the lists are narrowed by the same.
export const countsQuery = (path: EntityPath, id: string) =>
  queryOptions({
    queryKey: ["entities", path, id, "records"],
    queryFn: ({ signal }) => thing(api.GET(`/v1/${path}/{id}/records`, { params: { path: { id } }, signal })) as Promise<Of<"EntityCount">[]>,
  })
