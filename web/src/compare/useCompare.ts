import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { type Ask, type Backtest, backtest, type Progress, type Tried } from "./api"

// useCompare runs a backtest as soon as it knows of what, and again when asked; its answer stays as long as the page does.
export function useCompare(processor: string, name: string, tried: Tried | undefined, ask: Ask) {
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress>()
  const [stopped, setStopped] = useState<string>()
  const key = ["compare", processor, name, ask]
  const id = JSON.stringify(key)
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }): Promise<Backtest> => {
      setProgress(undefined)
      return backtest(processor, tried as Tried, ask, signal, setProgress)
    },
    enabled: tried !== undefined && stopped !== id,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    structuralSharing: false,
  })
  return {
    query,
    progress,
    stopped: stopped === id && !query.data,
    again: () => {
      setStopped(undefined)
      queries.removeQueries({ queryKey: key })
      if (stopped !== id) query.refetch()
    },
    cancel: () => {
      setStopped(id)
      queries.cancelQueries({ queryKey: key })
    },
  }
}
