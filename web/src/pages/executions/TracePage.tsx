import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { traceQuery } from "../../trace/api"
import { TraceView } from "../../trace/TraceView"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { Outcomes } from "../../ui/Outcomes"
import { Page } from "../../ui/Page"
import { Status } from "../../ui/Status"

export default function TracePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(traceQuery(id))
  const { filters, set } = useFilters()
  if (query.isPending) return <Skeleton />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} title="Could not load this trace" />
  const { execution: e, digest_matches, note } = query.data
  return (
    <Page
      title={e.id}
      crumbs={[{ label: "Processor executions", to: "/executions" }]}
      note={
        <>
          <Status is={e.status} />
          <Link className="t2 from-md trunc" to={`/processors/${e.processor_id}`}>
            {e.processor_name}, v{e.version}
          </Link>
          {e.kind !== "live" && <span className="tag">{e.kind}</span>}
        </>
      }
    >
      <div className="path">
        <span className="node">
          <Icon name="envelope" />
          <span className="from-md">Delivery</span>
          <code className="from-sm">{e.delivery_id}</code>
          <span className="t3 fs-12">
            <Moment at={e.received_at} />
          </span>
        </span>
        <Icon name="right" className="from-sm" />
        <span className="node" aria-current="true">
          <Icon name="runs" />
          <span className="from-md">from</span>
          {e.source_name}
        </span>
        <Icon name="right" className="from-sm" />
        <span className="node">
          <Icon name="rows" />
          <span className="from-md">Records</span>
          <Outcomes counts={e.counts} />
        </span>
        <span className="push" />
        {digest_matches ? (
          <span
            className="st ok fs-12 from-sm"
            title="The trace was computed again from what the run took in and was answered, and comes to the same digest."
          >
            Recomputed, digest matches
            <Icon name="ok" />
          </span>
        ) : (
          <span className="st warn fs-12" title={note}>
            <Icon name="warnf" />
            Digest differs
          </span>
        )}
      </div>
      {!digest_matches && (
        <div className="banner warn inset">
          <Icon name="warnf" />
          <span>
            {note ??
              "What is shown was computed today and differs from what ran then. Stored fields, answers and outcome are as they were."}
          </span>
        </div>
      )}
      <TraceView trace={query.data} at={filters.at} onAt={(at) => set({ at }, true)} />
    </Page>
  )
}
