import { useQuery } from "@tanstack/react-query"
import { useRef } from "react"
import type { Filters } from "../ui/list"
import { partQuery, type Trace, traceQuery } from "./api"
import { keyOf, leftOut } from "./model"

interface Asked {
  data: Trace | undefined
  at: string | undefined // the row that is chosen
  error: Error | null
  isError: boolean
  refetch: () => unknown
}

// useTrace is a trace with the items of long loops that the address names: those that are not there yet are asked for, and
// until they come the trace stays as it was. Two runs are compared whole.
export function useTrace(id: string, filters: Filters): Asked {
  const comparing = filters.with !== undefined
  const first = useQuery({ ...partQuery(id, ""), enabled: !comparing })
  const whole = useQuery({ ...traceQuery(id), enabled: comparing })
  const base = comparing ? whole : first
  // Whoever comes from a record names the step, and the items of the loops around it.
  const items = (filters.items ?? "").split(".").filter(Boolean).map(Number)
  const at = filters.at ?? (filters.step && base.data ? keyOf(base.data, filters.step, items) : undefined)
  const wanted = base.data && at && leftOut(base.data, at) ? at.slice(0, at.lastIndexOf("]") + 1) : ""
  const part = useQuery({ ...partQuery(id, wanted), enabled: wanted !== "" })
  const last = useRef<{ data: Trace; at: string | undefined } | undefined>(undefined)
  const data = wanted === "" ? base.data : part.data
  if (data) last.current = { data, at }
  const before = last.current?.data.execution.id === id ? last.current : undefined
  const shown = data ? { data, at } : { data: before?.data ?? base.data, at: before?.at }
  const failed = base.isError ? base : part.isError ? part : undefined
  return {
    ...shown,
    error: failed?.error ?? null,
    isError: failed !== undefined,
    refetch: () => failed?.refetch(),
  }
}
