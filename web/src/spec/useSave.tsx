import { useQueryClient } from "@tanstack/react-query"
import { useCallback, useEffect, useRef, useState } from "react"
import { Failed } from "../api/client"
import { type Foreseen, foresee, nothingForeseen } from "../compare/api"
import { type Processor, specQuery } from "../processor/api"
import { LiveNow, lackingNow } from "../processor/LiveNow"
import { t } from "../text"
import { useToast } from "../ui/Toast"
import { save } from "./api"
import { useStore } from "./context"
import type { Spec } from "./document"

// Outcome of a save: "asked" is that deliveries would fail with it which do not today, so that it has to be confirmed;
// "refused" that something in the spec is in the way; "failed" that it did not come through, and may be tried again.
export type Outcome = "saved" | "asked" | "refused" | "failed"

interface Saving {
  note?: string
  confirmed?: boolean // what would fail with it is known
}

// useSave checks and saves what is open. A refusal shows its problems and loses nothing; a version that somebody saved
// meanwhile is told, and neither is written over the other unasked. What runs is tried on the last deliveries before it is
// replaced: where more of them would fail, onFailing is told of how many, and the draft stays.
export function useSave(processor: Processor, onProblems: () => void, onFailing: (foreseen: Foreseen, note: string) => void) {
  const store = useStore()
  const queries = useQueryClient()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const under = useRef(false)
  const here = useRef(true)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  const told = useRef<(() => void) | undefined>(undefined) // takes away what the last try said
  const go = useCallback(
    async ({ note = "", confirmed = false }: Saving = {}): Promise<Outcome> => {
      if (store.onlyLooks || under.current) return "failed"
      under.current = true
      setBusy(true)
      told.current?.()
      told.current = undefined
      const { spec, text, base, saved: live } = store.get()
      const now = () => queries.fetchQuery({ ...specQuery(processor.id), staleTime: 0, networkMode: "always" })
      try {
        const replaces = processor.state === "enabled" && base > 0 && (text !== undefined || spec !== live)
        const foreseen = replaces && !confirmed ? await foresee(processor.id, { spec: text ?? spec }) : nothingForeseen
        if (foreseen.nowFails > 0) {
          if (here.current) onFailing(foreseen, note)
          else toast.fail(t("Not saved: deliveries would fail that do not today. The draft of {name} stays", { name: processor.name }))
          return "asked"
        }
        store.saving({ spec, text, base })
        const saved = await save(processor.id, text ?? spec, base, note)
        // Where it cannot be read back now, the page hears of it as soon as it can be, and knows it for its own.
        const read = await now().catch(() => undefined)
        if (read) await store.savedAs({ spec, text }, saved.version, read.tree as Spec)
        for (const key of ["processors", "processor", "links", "source", "sources"]) queries.invalidateQueries({ queryKey: [key] })
        const runs = processor.state === "enabled"
        const lacking = saved.new && runs ? await lackingNow(queries, processor) : []
        const said = !saved.new
          ? t("Nothing changed, so there is no new version")
          : runs && lacking.length === 0
            ? t("Saved as version {n}: it runs from now on", { n: saved.version })
            : t("Saved as version {n}", { n: saved.version })
        toast.say(foreseen.untried || lacking.length > 0 ? <LiveNow text={said} untried={saved.new && foreseen.untried} lacking={lacking} /> : said)
        return "saved"
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
          return "refused"
        }
        if (e instanceof Failed && e.status === 409) {
          const theirs = await now().catch(() => undefined)
          if (theirs) {
            store.somebodySaved(theirs.version)
            return "refused"
          }
        }
        told.current = toast.fail(t("Not saved, the draft stays"), e)
        return "failed"
      } finally {
        under.current = false
        setBusy(false)
      }
    },
    [store, processor, queries, toast, onProblems, onFailing],
  )
  return { go, busy }
}
