import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { live } from "../../api/query"
import { deliveryQuery } from "../../delivery/api"
import { asText } from "../../delivery/body"
import { cameIn } from "../../delivery/DeliveryTable"
import { RunMany } from "../../delivery/RunMany"
import { executionsQuery } from "../../execution/api"
import { ExecutionTable } from "../../execution/ExecutionTable"
import { t } from "../../text"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Moment } from "../../ui/Moment"
import { Page, Section } from "../../ui/Page"
import { Status } from "../../ui/Status"

export default function DeliveryPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({ ...deliveryQuery(id), refetchInterval: (q) => (q.state.data?.state === "waiting" ? live : false) })
  const executions = useQuery({ ...executionsQuery({ delivery_id: id, per_page: 100 }), refetchInterval: live })
  const navigate = useNavigate()
  if (query.isPending) return <Skeleton />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} list="/deliveries" title={t("Could not load this delivery")} />
  const d = query.data
  return (
    <Page title={d.id} crumbs={[{ label: t("Deliveries"), to: "/deliveries" }]} note={<Status is={d.state} />}>
      <div className="scroll pad">
        <dl className="kv">
          <dt>{t("Came in at")}</dt>
          <dd>
            {d.source_id ? (
              <Link className="row-link" to={`/providers/${d.provider_id}`} search={{ source: d.source_id } as never}>
                {cameIn(d)}
              </Link>
            ) : (
              cameIn(d)
            )}
          </dd>
          <dt>{t("Received")}</dt>
          <dd>
            <Moment at={d.received_at} as="full" />
          </dd>
          <dt>{t("Webhook call")}</dt>
          <dd>
            <Link className="row-link" to="/source-executions" search={{ call: d.source_execution_id } as never}>
              <code>{d.source_execution_id}</code>
            </Link>
            {t(", item {n}", { n: d.index + 1 })}
          </dd>
          {d.event_id && (
            <>
              <dt>{t("Event")}</dt>
              <dd>
                <code>{d.event_id}</code>
              </dd>
            </>
          )}
        </dl>
        <Section title={t("Executions")} count={executions.data?.meta.total}>
          {executions.isPending ? (
            <Skeleton rows={2} />
          ) : executions.isError ? (
            <Failure error={executions.error} retry={() => executions.refetch()} title={t("Could not load its executions")} />
          ) : executions.data.rows.length === 0 ? (
            <div className="stack">
              <p className="t2">
                {d.source_id ? t("No processor ran on its source when it came in.") : t("A fixed webhook writes by itself; it runs no processor.")}
              </p>
              {d.source_id && (
                <p>
                  <RunMany picked={{ all: false, ids: [d.id], query: {} }} onDone={() => query.refetch()} />
                </p>
              )}
            </div>
          ) : (
            <ExecutionTable
              rows={executions.data.rows}
              onOpen={(e) => navigate({ to: `/executions/${e.id}`, search: { list: `delivery_id=${id}` } as never })}
            />
          )}
        </Section>
        <Section title={t("What came in")}>
          <pre className="code" tabIndex={0}>
            {asText(d.body)}
          </pre>
        </Section>
      </div>
    </Page>
  )
}
