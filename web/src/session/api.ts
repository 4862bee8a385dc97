import { queryOptions } from "@tanstack/react-query"
import { api, done, type Of, thing } from "../api/client"

export type Tenant = Of<"Settings">

export type Session = Of<"Session", { user: Of<"SessionUser"> | null; tenant: Tenant; permissions: string[] }>

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => thing(api.GET("/v1/auth/session", { signal })) as Promise<Session>,
  staleTime: 60_000,
})

export const setupStateQuery = queryOptions({
  queryKey: ["setup-state"],
  queryFn: ({ signal }) => thing(api.GET("/v1/auth/setup-state", { signal })),
  staleTime: 60_000,
})

export type Credentials = Of<"LoginInputBody">
// forget leaves nothing in this window of what was worked on: the next to sign in here may be somebody else.
export function forget(): void {
  try {
    sessionStorage.clear()
  } catch {
    // storage is closed to us: nothing was kept in it
  }
}

export type FirstOwner = Of<"SetupInputBody", { name: string }>

export const signIn = (body: Credentials) => thing(api.POST("/v1/auth/login", { body })) as Promise<Session>
export const signOut = () => done(api.POST("/v1/auth/logout"))

// createOwner makes the first owner and signs in.
export const createOwner = (body: FirstOwner) => thing(api.POST("/v1/auth/setup", { body })) as Promise<Session>
