import { createContext, useContext } from "react"

// What whoever is signed in may do, by the names of the route table: "configuration:write". The server decides; this only
// keeps buttons away that it would refuse.
export const Permissions = createContext<ReadonlySet<string>>(new Set())

export function useMay(permission: string | undefined): boolean {
  const all = useContext(Permissions)
  return permission === undefined || all.has(permission)
}
