import { queryOptions } from "@tanstack/react-query"
import { api, thing } from "../api/client"
import { type Declarations, Library } from "./library"

// libraryQuery is what specs of a processor can be written with. It changes with a new server, and with what is switched
// off in Settings.
export const libraryQuery = (processor: string) =>
  queryOptions({
    queryKey: ["library", processor],
    queryFn: async ({ signal }) =>
      new Library((await thing(api.GET("/v1/spec-library", { params: { query: { processor_id: processor } }, signal }))) as unknown as Declarations),
    staleTime: 5 * 60_000,
    structuralSharing: false,
  })
