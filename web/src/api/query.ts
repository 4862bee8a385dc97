import { QueryCache, QueryClient } from "@tanstack/react-query"
import { Failed } from "./client"

// onSignedOut is called when the server no longer knows the session.
export function newQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (error instanceof Failed && error.status === 401 && query.queryKey[0] !== "session") onSignedOut()
      },
    }),
    defaultOptions: {
      queries: {
        // What the server refused it refuses again; what did not answer may.
        retry: (times, error) => times < 2 && error instanceof Failed && (error.status === 0 || error.status >= 500),
        retryDelay: (times) => 400 * 2 ** times,
        staleTime: 2_000,
      },
      mutations: { retry: false },
    },
  })
}

// How often a list that changes by itself asks again, in milliseconds.
export const live = 3_000

// How often what somebody waits for, who has just set something up, is asked for, in milliseconds.
export const soon = 700
