import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { live, soon } from "../api/query"
import { callsQuery } from "../call/api"
import { CallTable } from "../call/CallTable"
import { t } from "../text"
import { Failure, Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { Section } from "../ui/Page"

// SourceCalls are the last calls of a source. Until there is one, it waits for it and says so.
export function SourceCalls({ id, onOpen }: { id: string; onOpen: (call: string) => void }) {
  const calls = useQuery({ ...callsQuery({ source_id: id, per_page: 20 }), refetchInterval: (q) => (q.state.data?.rows.length ? live : soon) })
  const first = calls.data?.rows.length === 0
  return (
    <Section
      title={t("Last calls")}
      count={calls.data?.meta.total}
      action={
        !first && (
          <Link className="btn btn-sm btn-ghost" to="/source-executions" search={{ source_id: id } as never}>
            {t("View source executions")}
          </Link>
        )
      }
    >
      {calls.isPending ? (
        <Skeleton rows={3} />
      ) : calls.isError && !calls.data ? (
        <Failure error={calls.error} retry={() => calls.refetch()} />
      ) : first ? (
        <div className="banner" role="status">
          <Icon name="wait" />
          <span>
            <b className="medium">{t("Waiting for the first call.")}</b> {t("Send something to the URL above; it appears here by itself.")}
          </span>
        </div>
      ) : (
        <div className="box">
          <CallTable rows={calls.data.rows} onOpen={(c) => onOpen(c.id)} />
        </div>
      )}
    </Section>
  )
}
