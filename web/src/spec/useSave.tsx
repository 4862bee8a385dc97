import { useQueryClient } from "@tanstack/react-query"
import { useCallback, useRef, useState } from "react"
import { Failed } from "../api/client"
import { type Processor, specQuery } from "../processor/api"
import { t } from "../text"
import { useToast } from "../ui/Toast"
import { save } from "./api"
import { useStore } from "./context"
import type { Spec } from "./document"

// useSave checks and saves what is open. A refusal shows its problems and loses nothing; a version that somebody saved
// meanwhile is told, and neither is written over the other unasked.
export function useSave(processor: Processor, onProblems: () => void) {
  const store = useStore()
  const queries = useQueryClient()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const told = useRef<(() => void) | undefined>(undefined) // takes away what the last try said
  const go = useCallback(
    async (note = "") => {
      if (store.onlyLooks || busy) return
      setBusy(true)
      told.current?.()
      told.current = undefined
      const { spec, text, base } = store.get()
      store.saving()
      try {
        const saved = await save(processor.id, text ?? spec, base, note)
        const now = await queries.fetchQuery({ ...specQuery(processor.id), staleTime: 0 })
        await store.savedAs({ spec, text }, saved.version, now.tree as Spec)
        for (const key of ["processors", "processor", "links", "source", "sources"]) queries.invalidateQueries({ queryKey: [key] })
        toast.say(
          saved.new
            ? processor.state === "enabled"
              ? t("Saved as version {n}: it runs from now on", { n: saved.version })
              : t("Saved as version {n}", { n: saved.version })
            : t("Nothing changed, so there is no new version"),
        )
      } catch (e) {
        if (e instanceof Failed && e.status === 422) {
          store.refused(e.details)
          onProblems()
          const n = e.details.filter((p) => p.severity !== "warning").length
          told.current = toast.fail(
            n > 0
              ? t("Not saved: {n, plural, one {# problem} other {# problems}} to solve first. The draft stays.", { n })
              : t("Not saved, the draft stays"),
            n > 0 ? undefined : e,
          )
        } else if (e instanceof Failed && e.status === 409) {
          const now = await queries.fetchQuery({ ...specQuery(processor.id), staleTime: 0 })
          store.somebodySaved(now.version)
        } else told.current = toast.fail(t("Not saved, the draft stays"), e)
      } finally {
        setBusy(false)
      }
    },
    [store, processor, queries, toast, onProblems, busy],
  )
  return { go, busy }
}
