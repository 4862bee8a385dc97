// The addresses of why pages, and the ways back into a trace.
import { kinds } from "../record/kinds"
import type { Explained } from "./api"

export interface Address {
  to: string
  search: Record<string, string>
}

const given = (search: Record<string, string | undefined>) =>
  Object.fromEntries(Object.entries(search).filter((p): p is [string, string] => Boolean(p[1])))

// whyOf is the page that tells where a field of a thing comes from.
export const whyOf = (path: Explained, id: string, field?: string): Address => ({
  to: path === "identities" ? `/identities/${id}/why` : `/records/${path}/${id}/why`,
  search: given({ field }),
})

// whyNot is the page that tells what became of an external id. With a field it goes on to the thing that has the id.
export const whyNot = (kind: string, externalId: string, more: { provider_id?: string; field?: string } = {}): Address => ({
  to: "/why",
  search: given({ kind, external_id: externalId, ...more }),
})

// traceAt is the step of a trace, in the items of the loops around it, counted from 1.
export const traceAt = (execution: string, step?: string, items: readonly number[] = []): Address => ({
  to: `/executions/${execution}`,
  search: given({ step, items: items.join(".") }),
})

// nounOf is a noun of the server as the addresses have it: "agent_identity" is the kind agent, and no record.
export function nounOf(noun: string): { kind: string; path: Explained } {
  const record = kinds.find((k) => k.id === noun)
  return record ? { kind: noun, path: record.path } : { kind: noun.replace(/_(external_)?identity$/, ""), path: "identities" }
}
