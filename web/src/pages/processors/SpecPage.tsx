import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { useParams } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { libraryQuery } from "../../library/api"
import type { Library } from "../../library/library"
import { type Processor, processorQuery, type Spec as Saved, specQuery } from "../../processor/api"
import { sessionQuery } from "../../session/api"
import { check, compare, type Drafts, draftQuery, dryRun, forgetDraft, keepDraft } from "../../spec/api"
import { Builder } from "../../spec/Builder"
import { SpecContext } from "../../spec/context"
import { emptySpec, type Spec } from "../../spec/document"
import { SpecStore } from "../../spec/store"
import { t } from "../../text"
import { Failure, Skeleton } from "../../ui/Feedback"
import { useMay } from "../../ui/may"

// The Spec Builder: what it is about on the left, the steps, and one step in full on the right.
export default function SpecPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const processor = useQuery(processorQuery(id))
  const spec = useQuery(specQuery(id))
  const draft = useQuery(draftQuery(id))
  const library = useQuery(libraryQuery(id))
  const failed = [processor, spec, draft, library].find((q) => q.isError)
  if (failed?.error) return <Failure error={failed.error} retry={() => failed.refetch()} title={t("Could not open the Spec Builder")} />
  if (!processor.data || !spec.data || !draft.data || !library.data) return <Skeleton />
  return <Open key={id} processor={processor.data} saved={spec.data} drafts={draft.data} library={library.data} />
}

function Open({ processor, saved, drafts, library }: { processor: Processor; saved: Saved; drafts: Drafts; library: Library }) {
  const may = useMay("configuration:write")
  const { data: session } = useSuspenseQuery(sessionQuery)
  const [store] = useState(
    () =>
      new SpecStore({
        processor: processor.id,
        author: session.user?.id ?? "",
        server: {
          check: (content, signal) => check(processor.id, content, signal),
          compare: (content, against, signal) => compare(processor.id, content, against, signal),
          dryRun: (content, of, signal) => dryRun(processor.id, content, of, signal),
          keep: (content, base, revision) => keepDraft(processor.id, content, base, revision),
          forget: () => forgetDraft(processor.id),
        },
        shelf: sessionStorage,
        base: saved.version,
        saved: saved.version > 0 ? (saved.tree as Spec) : undefined,
        kept: drafts.mine,
        start: emptySpec(processor.source_model),
        readOnly: !may,
      }),
  )
  useEffect(() => {
    const leave = () => store.flush()
    addEventListener("pagehide", leave)
    return () => {
      removeEventListener("pagehide", leave)
      store.close()
    }
  }, [store])
  // Somebody may save while this is open.
  const { data: now } = useQuery({ ...specQuery(processor.id), refetchInterval: 20_000 })
  useEffect(() => {
    if (now) store.somebodySaved(now.version, now.tree as Spec)
  }, [now, store])
  return (
    <SpecContext.Provider value={store}>
      <Builder processor={processor} library={library} others={drafts.others} />
    </SpecContext.Provider>
  )
}
