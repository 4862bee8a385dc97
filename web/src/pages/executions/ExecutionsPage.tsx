import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { type Execution, statuses } from "../../execution/api"
import { Causes } from "../../execution/Causes"
import { executionColumns } from "../../execution/ExecutionTable"
import { ReplayMany } from "../../execution/ReplayMany"
import { asked, type Filter, queryOf } from "../../list/filters"
import { ListView } from "../../list/ListView"
import { loadOf } from "../../list/load"
import { processorsQuery } from "../../processor/api"
import { providersQuery } from "../../provider/api"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { useFilters } from "../../ui/list"
import { word } from "../../ui/words"
import type { Preset } from "../../view/ViewTabs"

const presets: Preset[] = [
  { label: t("All"), search: {} },
  { label: t("Failed or partial"), search: { errors: "true" } },
  { label: t("Waiting"), search: { status: "waiting" } },
  { label: t("Changed nothing"), search: { changed: "false" } },
]

const load = loadOf<Execution>("/v1/executions")
const options = (rows: readonly { id: string; name: string }[] | undefined) => (rows ?? []).map((r) => ({ value: r.id, label: r.name }))

export default function ExecutionsPage() {
  const providers = useQuery(providersQuery())
  const sources = useQuery(allSourcesQuery)
  const processors = useQuery(processorsQuery())
  const navigate = useNavigate()
  const { filters: address } = useFilters()
  const filters: Filter[] = [
    { key: "status", label: t("status"), options: statuses.map((s) => ({ value: s, label: word(s) })) },
    { key: "processor_id", label: t("processor"), options: options(processors.data?.rows) },
    { key: "source_id", label: t("source"), options: options(sources.data?.rows) },
    { key: "provider_id", label: t("provider"), options: options(providers.data?.rows), more: true },
    { key: "kind", label: t("kind"), options: ["live", "test", "replay", "real"].map((k) => ({ value: k, label: word(k) })), more: true },
    { key: "errors", label: t("errors"), options: [{ value: "true", label: t("some") }], more: true },
    {
      key: "changed",
      label: t("changed something"),
      options: [
        { value: "true", label: t("yes") },
        { value: "false", label: t("no") },
      ],
      more: true,
    },
    { key: "external_id", label: t("external id"), text: true },
    { key: "error_code", label: t("error code"), text: true },
    { key: "instruction", label: t("step"), text: true },
    { key: "version", label: t("version"), text: true },
    { key: "delivery_id", label: t("delivery"), text: true },
  ]
  const list = queryOf(asked(address, filters)) // through which J and K go from one trace to the next
  return (
    <ListView
      title={t("Processor executions")}
      list="executions"
      noun={t("executions")}
      icon="runs"
      load={load}
      columns={executionColumns}
      filters={filters}
      search={t("Any id, external id or error")}
      presets={presets}
      chart="/v1/executions/histogram"
      tailing
      open={(e) => navigate({ to: `/executions/${e.id}`, search: (list ? { list } : {}) as never })}
      bulk={(picked) => <ReplayMany picked={picked} />}
      groups={{ label: t("By cause") }}
      instead={(query) => <Causes query={query} />}
      empty={{
        title: t("No execution yet"),
        text: t(
          "One stands here for each delivery and each processor that ran on it. Link an enabled processor to a source, and send something to its URL.",
        ),
        action: (
          <Link className="btn" to="/providers">
            {t("To the providers")}
          </Link>
        ),
      }}
    />
  )
}
