import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import {
  type Definition,
  type Metric,
  type MetricRecord,
  metricQuery,
  metricRecordsQuery,
  metricsQuery,
  previewQuery,
  type Stretch,
  useMetricActions,
  valuesQuery,
} from "../../metric/api"
import { LeftOut } from "../../metric/LeftOut"
import { MetricForm } from "../../metric/MetricForm"
import { MetricValues, nobody, noTeam } from "../../metric/MetricValues"
import { Mixed } from "../../metric/Mixed"
import { write } from "../../metric/write"
import { kinds } from "../../record/kinds"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { DataTable } from "../../ui/DataTable"
import { Failure, Skeleton } from "../../ui/Feedback"
import { FilterPick, ListBody, useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { Page } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"
import { useToast } from "../../ui/Toast"

const days = [7, 30, 90, 365]

export default function MetricPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const metric = useQuery(metricQuery(id))
  if (metric.isPending) return <Skeleton />
  if (metric.isError) return <Failure error={metric.error} retry={() => metric.refetch()} list="/metrics" />
  return <One key={metric.data.updated_at} metric={metric.data} />
}

function One({ metric }: { metric: Metric }) {
  const { filters, set } = useFilters()
  const { remove, create } = useMetricActions()
  const toast = useToast()
  const navigate = useNavigate()
  const by = filters.by === "agent" || filters.by === "team" ? filters.by : undefined
  const back = days.find((d) => String(d) === filters.days) ?? 30
  const bucket = (["hour", "day", "week", "month"].find((b) => b === filters.bucket) ?? (back === 365 ? "week" : "day")) as Stretch["bucket"]
  const values = useQuery({ ...valuesQuery(metric.id, { days: back, bucket, by }), placeholderData: keepPreviousData })
  if (filters.edit) return <Edit metric={metric} onClose={() => set({ edit: undefined })} />
  const open = (after: string, before: string, who?: string) => ({ ...(filters as Record<string, string>), after, before, who: who ?? "" })
  return (
    <Page
      title={metric.name}
      crumbs={[{ label: t("Metrics"), to: "/metrics" }]}
      actions={
        <>
          <Button needs="configuration:write" size="sm" icon="edit" onClick={() => set({ edit: "1" })}>
            {t("Edit")}
          </Button>
          <Button
            needs="configuration:write"
            size="sm"
            look="danger"
            icon="trash"
            onClick={() =>
              remove.mutate(metric.id, {
                onSuccess: () => {
                  toast.say(t("{name} is deleted; its records stay", { name: metric.name }), () =>
                    create
                      .mutateAsync({ name: metric.name, definition: metric.definition }) // by then the page is another
                      .then((again) => navigate({ to: `/metrics/${again.id}` }))
                      .catch((e) => toast.fail(t("Not put back"), e)),
                  )
                  navigate({ to: "/metrics" })
                },
                onError: (e) => toast.fail(t("Not deleted"), e),
              })
            }
          >
            {t("Delete")}
          </Button>
        </>
      }
    >
      <div className="filters">
        <FilterPick
          label={t("Days")}
          value={String(back)}
          always
          options={days.map((d) => ({ value: String(d), label: String(d) }))}
          onChange={(d) => set({ days: d, bucket: undefined }, true)}
        />
        <FilterPick
          label={t("Step")}
          value={bucket ?? ""}
          always
          options={[
            ...(back <= 30 ? [{ value: "hour", label: t("hour") }] : []),
            { value: "day", label: t("day") },
            { value: "week", label: t("week") },
            { value: "month", label: t("month") },
          ]}
          onChange={(b) => set({ bucket: b }, true)}
        />
        <FilterPick
          label={t("Per")}
          value={by ?? ""}
          options={[
            { value: "agent", label: t("agent") },
            { value: "team", label: t("team") },
          ]}
          onChange={(b) => set({ by: b }, true)}
        />
      </div>
      <div className="scroll pad">
        {values.isPending ? (
          <Skeleton />
        ) : values.isError && !values.data ? (
          <Failure error={values.error} retry={() => values.refetch()} />
        ) : (
          values.data && (
            <MetricValues
              definition={metric.definition}
              values={values.data}
              by={by}
              open={open}
              note={
                <>
                  <Mixed of={values.data.mixed} apart={metric.definition.aggregate === "ratio" ? undefined : () => set({ edit: "1" })} />
                  <LeftOut
                    metric={metric.id}
                    from={values.data.edges[0] ?? ""}
                    to={values.data.edges.at(-1) ?? ""}
                    show={() => set(open(values.data.edges[0] ?? "", values.data.edges.at(-1) ?? "", nobody))}
                  />
                </>
              }
            />
          )
        )}
      </div>
      {filters.after && filters.before && <Records metric={metric} />}
    </Page>
  )
}

// Records are those behind a number.
function Records({ metric }: { metric: Metric }) {
  const { filters, set } = useFilters()
  const who = filters.who ?? ""
  const query = useQuery({
    ...metricRecordsQuery(metric.id, {
      from: filters.after,
      to: filters.before,
      per_page: 100,
      ...(who.startsWith("agt_") && { agent_id: who }),
      ...(who.startsWith("tea_") && { team_id: who }),
      ...(who === nobody && { unlinked: true }),
      ...(who === noTeam && { without_team: true }),
    }),
    placeholderData: keepPreviousData,
  })
  const close = () => set({ after: undefined, before: undefined, who: undefined })
  return (
    <Sheet
      title={t("Records behind the number")}
      sub={
        <>
          <Moment at={filters.after} /> – <Moment at={filters.before} />
        </>
      }
      onClose={close}
    >
      <ListBody
        query={query}
        filtered
        clear={close}
        icon="rows"
        noun={t("records")}
        empty={{ title: t("No record"), text: t("Nothing was counted in this time.") }}
      >
        {(rows) => (
          <DataTable
            label={t("Records behind the number")}
            rows={rows as MetricRecord[]}
            rowKey={(r) => r.id}
            columns={[
              {
                head: t("External id"),
                wide: true,
                cell: (r) => (
                  <Link className="row-link" to={`/records/${kinds.find((k) => k.id === r.kind)?.path}/${r.id}`}>
                    {r.external_id}
                  </Link>
                ),
              },
              {
                head: t("Agent"),
                cell: (r) =>
                  r.agent?.name ?? <span className="t3">{r.unlinked_agent ? t("{name}, not linked", { name: r.unlinked_agent }) : "–"}</span>,
              },
              {
                head: t("Value"),
                align: "end",
                cell: (r) => (r.value === null ? "–" : write(r.value, { format: "number", decimals: metric.definition.decimals ?? 0 })),
              },
              { head: t("Moment"), align: "end", cell: (r) => <Moment at={r.moment} /> },
            ]}
          />
        )}
      </ListBody>
    </Sheet>
  )
}

function Edit({ metric, onClose }: { metric: Metric; onClose: () => void }) {
  const [name, setName] = useState(metric.name)
  const [definition, setDefinition] = useState<Definition>(metric.definition)
  const others = useQuery(metricsQuery({ per_page: 100 }))
  const preview = useQuery({ ...previewQuery(definition), placeholderData: keepPreviousData })
  const { change } = useMetricActions()
  const toast = useToast()
  return (
    <Page title={metric.name} crumbs={[{ label: t("Metrics"), to: "/metrics" }]}>
      <div className="scroll pad metric-edit">
        <MetricForm
          name={name}
          definition={definition}
          others={((others.data?.rows ?? []) as Metric[]).filter((m) => m.id !== metric.id)}
          error={change.error}
          busy={change.isPending}
          onName={setName}
          onDefinition={setDefinition}
          onSubmit={() =>
            change.mutate(
              { id: metric.id, name, definition },
              {
                onSuccess: () => {
                  toast.say(t("{name} is saved", { name }))
                  onClose()
                },
              },
            )
          }
          onCancel={onClose}
        />
        <div>
          {preview.data ? (
            <MetricValues definition={definition} values={preview.data} note={<Mixed of={preview.data.mixed} />} />
          ) : (
            <p className="t2">{preview.error?.message}</p>
          )}
        </div>
      </div>
    </Page>
  )
}
