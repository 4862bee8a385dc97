import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { Failed } from "../../api/client"
import { RunAgain } from "../../execution/RunAgain"
import { t } from "../../text"
import { traceQuery } from "../../trace/api"
import { keyOf } from "../../trace/model"
import { TraceView } from "../../trace/TraceView"
import { Button } from "../../ui/Button"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { useMay } from "../../ui/may"
import { Outcomes } from "../../ui/Outcomes"
import { Page } from "../../ui/Page"
import { Status } from "../../ui/Status"
import { word } from "../../ui/words"
import { UndoButton } from "../../undo/UndoButton"

export default function TracePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(traceQuery(id))
  const { filters, set } = useFilters()
  const [again, setAgain] = useState(false)
  const navigate = useNavigate()
  const mayRun = useMay("processors:run")
  if (query.isPending) return <Skeleton />
  if (query.error instanceof Failed && query.error.status === 404) return <NoExecution id={id} />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} title={t("Could not load this trace")} />
  const { execution: e, digest_matches, note } = query.data
  // Whoever comes from a record names the step, and the items of the loops around it.
  const at = filters.at ?? (filters.step && keyOf(query.data, filters.step, (filters.items ?? "").split(".").filter(Boolean).map(Number)))
  return (
    <Page
      title={e.id}
      crumbs={[{ label: t("Processor executions"), to: "/executions" }]}
      note={
        <>
          <Status is={e.status} />
          {e.kind !== "live" && <span className="tag">{word(e.kind)}</span>}
        </>
      }
      actions={
        <>
          <UndoButton of="execution" id={e.id} />
          {e.processor_name && mayRun && (
            <Link
              className="btn btn-sm from-md"
              to="/executions/dry"
              search={{ processor: e.processor_id, delivery: e.delivery_id } as never}
              title={t("What the live version would do with this delivery now")}
            >
              <Icon name="flask" />
              {t("Dry run")}
            </Link>
          )}
          <Button needs="processors:run" size="sm" icon="replay" onClick={() => setAgain(true)}>
            {t("Run again…")}
          </Button>
        </>
      }
    >
      <div className="path">
        <span className="node" title={e.delivery_id}>
          <Icon name="envelope" />
          {e.source_name || t("deleted source")}
          <Link className="row-link from-md" to={`/deliveries/${e.delivery_id}`}>
            <code>{e.delivery_id}</code>
          </Link>
          <span className="t3 fs-12 from-sm">
            <Moment at={e.received_at} />
          </span>
        </span>
        <Icon name="right" className="from-sm" />
        <span className="node" aria-current="true">
          <Icon name="flow" />
          <Link className="row-link" to={`/processors/${e.processor_id}`}>
            {e.processor_name || t("deleted processor")}
          </Link>
          <span className="t3">v{e.version}</span>
        </span>
        <Icon name="right" className="from-sm" />
        <span className="node">
          <Icon name="rows" />
          <Outcomes counts={e.counts} />
        </span>
        <span className="push" />
        {digest_matches ? (
          <span
            className="st ok fs-12 from-md"
            title={t("The trace was computed again from what the run took in and was answered, and comes to the same digest.")}
          >
            {t("Recomputed, digest matches")}
            <Icon name="ok" />
          </span>
        ) : (
          <span className="st warn fs-12" title={note}>
            <Icon name="warnf" />

            {t("Digest differs")}
          </span>
        )}
      </div>
      {!digest_matches && (
        <div className="banner warn inset">
          <Icon name="warnf" />
          <span>
            {note ?? t("What is shown was computed today and differs from what ran then. Stored fields, answers and outcome are as they were.")}
          </span>
        </div>
      )}
      <RunAgain
        id={e.id}
        processor={e.processor_name}
        open={again}
        onClose={() => setAgain(false)}
        onDone={(id) => navigate({ to: `/executions/${id}` })}
      />
      <TraceView key={e.id} trace={query.data} at={at} onAt={(at) => set({ at, step: undefined, items: undefined }, true)} />
    </Page>
  )
}

function NoExecution({ id }: { id: string }) {
  return (
    <Page title={id} crumbs={[{ label: t("Processor executions"), to: "/executions" }]}>
      <Empty
        icon="runs"
        title={t("No execution has this id")}
        action={
          <Link className="btn" to="/executions">
            {t("To the executions")}
          </Link>
        }
      >
        <code className="wrap">{id}</code> {t("is not known here. The id may be cut off, or it is of another tenant.")}
      </Empty>
    </Page>
  )
}
