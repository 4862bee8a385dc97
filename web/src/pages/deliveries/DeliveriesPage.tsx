import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { type Delivery, states } from "../../delivery/api"
import { deliveryColumns } from "../../delivery/DeliveryTable"
import { RunMany } from "../../delivery/RunMany"
import type { Filter } from "../../list/filters"
import { ListView } from "../../list/ListView"
import { loadOf } from "../../list/load"
import { processorsQuery } from "../../processor/api"
import { providersQuery } from "../../provider/api"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { word } from "../../ui/words"

const load = loadOf<Delivery>("/v1/deliveries")

export default function DeliveriesPage() {
  const providers = useQuery(providersQuery())
  const sources = useQuery(allSourcesQuery)
  const processors = useQuery(processorsQuery())
  const navigate = useNavigate()
  const filters: Filter[] = [
    { key: "state", label: t("state"), options: states.map((s) => ({ value: s, label: word(s) })) },
    { key: "source_id", label: t("source"), options: (sources.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name })) },
    { key: "provider_id", label: t("provider"), options: (providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })), more: true },
    {
      key: "ran",
      label: t("has run"),
      options: [
        { value: "true", label: t("yes") },
        { value: "false", label: t("no") },
      ],
      more: true,
    },
    { key: "not_run_by", label: t("not run by"), options: (processors.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })), more: true },
    { key: "event_id", label: t("event"), text: true },
    { key: "source_execution_id", label: t("source execution"), text: true },
  ]
  return (
    <ListView
      title={t("Deliveries")}
      list="deliveries"
      noun={t("deliveries")}
      icon="envelope"
      load={load}
      columns={deliveryColumns}
      filters={filters}
      search={t("Any id or external id, whole")}
      presets={[
        { label: t("All"), search: {} },
        { label: t("Failed"), search: { state: "failed" } },
        { label: t("Waiting"), search: { state: "waiting" } },
        { label: t("Not run"), search: { ran: "false" } },
      ]}
      chart="/v1/deliveries/histogram"
      tailing
      bulk={(picked) => <RunMany picked={picked} onDone={picked.clear} />}
      open={(d) => navigate({ to: `/deliveries/${d.id}` })}
      empty={{ title: t("No delivery yet"), text: t("Each item that a source or a fixed webhook took in stands here, as it came in.") }}
    />
  )
}
