import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { specQuery, versionQuery } from "../processor/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Failure, Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import { usersQuery } from "../user/api"
import { versionDiffQuery } from "./api"
import { useSpec, useStore } from "./context"
import { DiffList } from "./DiffList"
import type { Spec } from "./document"

// Newer tells that somebody saved a version under this draft: who and when, what it changed, and the two ways on.
export function Newer({ processor }: { processor: string }) {
  const store = useStore()
  const newer = useSpec((s) => s.newer)
  const [shown, setShown] = useState(false)
  const version = useQuery({ ...versionQuery(processor, newer ?? 0), enabled: newer !== undefined })
  const users = useQuery({ ...usersQuery, enabled: newer !== undefined })
  const diff = useQuery({ ...versionDiffQuery(processor, newer ?? 0), enabled: shown && newer !== undefined })
  const current = useQuery({ ...specQuery(processor), enabled: newer !== undefined })
  if (newer === undefined) return null
  const who = users.data?.rows.find((u) => u.id === version.data?.created_by)
  const theirs = () => current.data && store.takeTheirs(t("Take version {n}", { n: newer }), newer, current.data.tree as Spec)
  const mine = () => current.data && store.onto(newer, current.data.tree as Spec)
  return (
    <div className="banner warn inset" role="alert">
      <Icon name="warnf" />
      <span className="grow">
        {t("{who} saved version {n} while you were at work.", { who: who ? who.name || who.email : t("Somebody"), n: newer })}{" "}
        <Moment at={version.data?.created_at} as="ago" />
      </span>
      <Button size="xs" onClick={() => setShown(true)}>
        {t("View what changed")}
      </Button>
      <Button size="xs" disabled={!current.data} onClick={mine}>
        {t("Keep mine")}
      </Button>
      <Button size="xs" disabled={!current.data} onClick={theirs}>
        {t("Take theirs")}
      </Button>
      <Dialog title={t("What version {n} changed", { n: newer })} open={shown} onClose={() => setShown(false)} wide>
        {diff.isPending ? <Skeleton rows={4} /> : diff.isError ? <Failure error={diff.error} /> : <DiffList diff={diff.data} />}
      </Dialog>
    </div>
  )
}
