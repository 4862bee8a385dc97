import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { type Definition, type Metric, metricsQuery, previewQuery, useMetricActions, valuesQuery } from "../../metric/api"
import { MetricForm } from "../../metric/MetricForm"
import { MetricValues } from "../../metric/MetricValues"
import { Mixed } from "../../metric/Mixed"
import { write } from "../../metric/write"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { DataTable } from "../../ui/DataTable"
import { ListBody, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"

export default function MetricsPage() {
  const { filters, set, clear } = useFilters()
  const query = useQuery({ ...metricsQuery({ search: filters.search, per_page: 100 }), placeholderData: keepPreviousData })
  const navigate = useNavigate()
  if (filters.new) return <NewMetric others={(query.data?.rows ?? []) as Metric[]} onClose={() => set({ new: undefined })} />
  const create = (
    <Button needs="configuration:write" look="primary" size="sm" icon="plus" onClick={() => set({ new: "1" })}>
      {t("New metric")}
    </Button>
  )
  return (
    <Page title={t("Metrics")} actions={create}>
      <div className="filters">
        <SearchBox label={t("Name")} value={filters.search ?? ""} onChange={(search) => set({ search }, true)} />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(filters.search)}
          clear={clear}
          icon="pulse"
          noun={t("metrics")}
          empty={{
            title: t("No metric yet"),
            text: t(
              "A metric counts records or adds up one of their fields, per agent and team over time, so that people see at once whether the data is right.",
            ),
            action: create,
          }}
        >
          {(rows) => (
            <DataTable
              label={t("Metrics")}
              rows={rows as Metric[]}
              rowKey={(m) => m.id}
              onOpen={(m) => navigate({ to: `/metrics/${m.id}` })}
              columns={[
                {
                  head: t("Name"),
                  wide: true,
                  cell: (m) => (
                    <Link className="row-link medium" to={`/metrics/${m.id}`} tabIndex={-1}>
                      {m.name}
                    </Link>
                  ),
                },
                { head: t("Last 30 days"), align: "end", cell: (m) => <Total metric={m} /> },
              ]}
            />
          )}
        </ListBody>
      </div>
    </Page>
  )
}

function Total({ metric }: { metric: Metric }) {
  const values = useQuery({ ...valuesQuery(metric.id, { days: 30, bucket: "month" }), refetchInterval: false })
  return <span className="num">{values.data ? write(values.data.all.total, metric.definition, true) : values.isError ? "–" : "…"}</span>
}

const begin: Definition = { aggregate: "count", source: "activity", format: "number" }

function NewMetric({ others, onClose }: { others: Metric[]; onClose: () => void }) {
  const [name, setName] = useState("")
  const [definition, setDefinition] = useState(begin)
  const preview = useQuery({ ...previewQuery(definition), placeholderData: keepPreviousData })
  const { create } = useMetricActions()
  const toast = useToast()
  const navigate = useNavigate()
  const submit = () =>
    create.mutate(
      { name, definition },
      {
        onSuccess: (m) => {
          toast.say(t("{name} is created", { name: m.name }))
          navigate({ to: `/metrics/${m.id}` })
        },
      },
    )
  return (
    <Page title={t("New metric")} crumbs={[{ label: t("Metrics"), to: "/metrics" }]}>
      <div className="scroll pad metric-edit">
        <MetricForm
          name={name}
          definition={definition}
          others={others}
          error={create.error}
          busy={create.isPending}
          onName={setName}
          onDefinition={setDefinition}
          onSubmit={submit}
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
