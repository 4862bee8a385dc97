import { QueryCache, QueryClient } from "@tanstack/react-query"
import { Failed } from "./client"

// newQueryClient is what the app knows of the server. What one user was shown is not kept for the next.
export function newQueryClient(): QueryClient {
  const queryCache = new QueryCache()
  const queries = new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        // What the server refused it refuses again; what did not answer may.
        retry: (times, error) => times < 2 && error instanceof Failed && (error.status === 0 || error.status >= 500),
        retryDelay: (times) => 400 * 2 ** times,
        staleTime: 2_000,
      },
      // What is to be written is sent now or never: not later, when nobody looks any more or has cancelled it.
      mutations: { retry: false, networkMode: "always" },
    },
  })
  let user: string | undefined
  queryCache.subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || event.query.queryKey[0] !== "session") return
    const now = (event.query.state.data as { user?: { id: string } | null }).user?.id
    if (user !== undefined && now !== user) forgetAnswers(queries, "session")
    user = now
  })
  return queries
}

// forgetAnswers drops what the server said to one user, but for what is named.
export function forgetAnswers(queries: QueryClient, except?: string): void {
  queries.removeQueries({ predicate: (q) => q.queryKey[0] !== except && q.queryKey[0] !== "setup-state" })
}

// How often a list that changes by itself asks again, in milliseconds.
export const live = 3_000

// How often what somebody waits for, who has just set something up, is asked for, in milliseconds.
export const soon = 700
