import { useQuery } from "@tanstack/react-query"
import { sessionQuery } from "../session/api"
import { t } from "../text"
import { Moment } from "../ui/Moment"
import type { Trace } from "./api"

// OnPaper is what a printed trace needs beside what the screen shows: whose it is, the whole date, and where it stands.
export function OnPaper({ trace }: { trace: Trace }) {
  const session = useQuery(sessionQuery)
  const e = trace.execution
  return (
    <p className="on-paper">
      {session.data?.tenant.name} · {t("Received")} <Moment at={e.received_at} as="full" /> ·{" "}
      {e.ran_at && (
        <>
          {t("Ran")} <Moment at={e.ran_at} as="full" /> ·{" "}
        </>
      )}
      {location.origin + location.pathname}
    </p>
  )
}
