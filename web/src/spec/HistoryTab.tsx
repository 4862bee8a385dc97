import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { RestoreVersion } from "../compare/RestoreVersion"
import { type Processor, specQuery, versionsQuery } from "../processor/api"
import { VersionTable } from "../processor/VersionTable"
import { t } from "../text"
import { Failure, Skeleton } from "../ui/Feedback"
import { useFilters } from "../ui/list"
import { usersQuery } from "../user/api"
import { versionDiffQuery } from "./api"
import { useSpec, useStore } from "./context"
import { DiffList } from "./DiffList"
import type { Spec } from "./document"

// HistoryTab is every version there was, what each changed, and the way back to it.
export default function HistoryTab({ processor }: { processor: Processor }) {
  const store = useStore()
  const { filters, set } = useFilters()
  const base = useSpec((s) => s.base)
  const draft = useSpec((s) => s.diff)
  const versions = useQuery(versionsQuery(processor.id))
  const users = useQuery(usersQuery)
  const [own, setOwn] = useState(false)
  const n = Number(filters.version ?? 0) || base
  const diff = useQuery({ ...versionDiffQuery(processor.id, n), enabled: n > 0 && !own })
  const queries = useQueryClient()
  const nameOf = (author: string) => {
    const user = users.data?.rows.find((u) => u.id === author)
    return user ? user.name || user.email : author.startsWith("key_") ? t("API key") : author
  }
  const restored = async (what: string, version: number) => {
    const now = await queries.fetchQuery({ ...specQuery(processor.id), staleTime: 0 })
    store.takeTheirs(what, version, now.tree as Spec)
  }
  if (versions.isPending) return <Skeleton />
  if (versions.isError) return <Failure error={versions.error} retry={() => versions.refetch()} />
  const noteOf = versions.data.rows.find((v) => v.version === n)?.note
  const changed = draft !== undefined && !draft.same
  return (
    <div className="hist">
      <div className="hist-l">
        {changed && (
          <button type="button" className={`line ${own ? "is-sel" : ""}`} onClick={() => setOwn(true)}>
            <span className="tag draft">{t("Draft")}</span>
            <span className="t2">{t("{n, plural, one {# change} other {# changes}}", { n: draft.changes.length })}</span>
          </button>
        )}
        {versions.data.rows.length === 0 ? (
          <p className="pad-s t2">{t("Every save that changes something makes one; none is ever changed or lost.")}</p>
        ) : (
          <VersionTable
            rows={versions.data.rows}
            current={base}
            selected={own ? undefined : String(n)}
            nameOf={nameOf}
            onOpen={(v) => {
              setOwn(false)
              set({ version: String(v.version) }, true)
            }}
          />
        )}
      </div>
      <div className="hist-r" tabIndex={0} role="group" aria-label={t("What changed")}>
        {own && changed ? (
          <DiffList diff={draft} />
        ) : n === 0 ? null : diff.isPending ? (
          <Skeleton rows={4} />
        ) : diff.isError ? (
          <Failure error={diff.error} retry={() => diff.refetch()} />
        ) : (
          <>
            <div className="r">
              <h2 className="strong">{n > 1 ? t("Version {n}, against version {before}", { n, before: n - 1 }) : t("Version 1, against nothing")}</h2>
              <span className="push" />
              {n !== base && <RestoreVersion processor={processor} n={n} onRestored={restored} />}
            </div>
            {noteOf && <p className="t2 wrap">{noteOf}</p>}
            <DiffList diff={diff.data} />
          </>
        )}
      </div>
    </div>
  )
}
