import { useQuery } from "@tanstack/react-query"
import { type Call, callQuery } from "../../call/api"
import { CallDetail } from "../../call/CallDetail"
import { callColumns, entrance } from "../../call/CallTable"
import type { Filter } from "../../list/filters"
import { ListView } from "../../list/ListView"
import { loadOf } from "../../list/load"
import { providersQuery } from "../../provider/api"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { useFilters } from "../../ui/list"
import { Sheet } from "../../ui/Sheet"

const load = loadOf<Call>("/v1/source-executions")

export default function SourceExecutionsPage() {
  const { filters: at, set } = useFilters()
  const providers = useQuery(providersQuery())
  const sources = useQuery(allSourcesQuery)
  const filters: Filter[] = [
    {
      key: "status",
      label: t("status"),
      options: [
        { value: "succeeded", label: t("succeeded") },
        { value: "failed", label: t("failed") },
      ],
    },
    { key: "provider_id", label: t("provider"), options: (providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })) },
    { key: "source_id", label: t("source"), options: (sources.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name })) },
  ]
  return (
    <ListView
      title={t("Source executions")}
      list="source-executions"
      name={["calls"]}
      noun={t("source executions")}
      icon="inbox"
      load={load}
      columns={callColumns}
      filters={filters}
      search={t("An id, or what was answered")}
      presets={[
        { label: t("All"), search: {} },
        { label: t("Failed"), search: { status: "failed" } },
      ]}
      chart="/v1/source-executions/histogram"
      tailing
      open={(c) => set({ call: c.id })}
      selected={at.call}
      sheet={at.call && <CallSheet key={at.call} id={at.call} onClose={() => set({ call: undefined })} />}
      empty={{
        title: t("Nothing has come in yet"),
        text: t("Each call to a webhook URL or a source stands here with its answer, refused ones too."),
      }}
    />
  )
}

function CallSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const { data } = useQuery(callQuery(id))
  return (
    <Sheet title={data ? entrance(data) : t("Webhook call")} sub={<code>{id}</code>} onClose={onClose}>
      <CallDetail id={id} />
    </Sheet>
  )
}
