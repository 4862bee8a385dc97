import { queryOptions } from "@tanstack/react-query"
import { get, post } from "../api/client"

export interface User {
  id: string
  email: string
  name: string
  role: "owner" | "admin" | "member" | "viewer"
}

export interface Tenant {
  id: string
  name: string
  time_zone: string
  record_kinds: string[]
  projects: boolean
}

export interface Session {
  user: User
  tenant: Tenant
}

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => get<Session>("/v1/auth/session", undefined, signal),
  staleTime: 60_000,
})

export const setupStateQuery = queryOptions({
  queryKey: ["setup-state"],
  queryFn: ({ signal }) => get<{ setup_needed: boolean }>("/v1/auth/setup-state", undefined, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

export interface Credentials {
  email: string
  password: string
}

export const signIn = (c: Credentials) => post<Session>("/v1/auth/login", c)
export const signOut = () => post<unknown>("/v1/auth/logout")

export interface FirstOwner extends Credentials {
  name: string
  tenant_name: string
}

export const createOwner = (o: FirstOwner) => post<unknown>("/v1/auth/setup", o)
