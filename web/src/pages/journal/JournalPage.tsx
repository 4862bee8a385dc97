import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import type { JournalChange } from "../../journal/api"
import { journalColumns, recordPath } from "../../journal/columns"
import type { Filter } from "../../list/filters"
import { ListView } from "../../list/ListView"
import { loadOf } from "../../list/load"
import { processorsQuery } from "../../processor/api"
import { kinds } from "../../record/kinds"
import { t } from "../../text"

const load = loadOf<JournalChange>("/v1/journal")

export default function JournalPage() {
  const processors = useQuery(processorsQuery())
  const navigate = useNavigate()
  const filters: Filter[] = [
    { key: "kind", label: t("kind"), options: kinds.map((k) => ({ value: k.id, label: k.one })) },
    { key: "processor_id", label: t("processor"), options: (processors.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })) },
    {
      key: "origin",
      label: t("by"),
      options: [
        { value: "provider", label: t("a delivery") },
        { value: "user", label: t("a user") },
        { value: "client", label: t("an API client") },
        { value: "rule", label: t("a rule of the server") },
      ],
    },
    { key: "field", label: t("field"), text: true },
    { key: "external_id", label: t("external id"), text: true },
    { key: "execution_id", label: t("execution"), text: true },
  ]
  return (
    <ListView
      title={t("Journal")}
      list="journal"
      noun={t("changes")}
      icon="history"
      load={load}
      columns={journalColumns}
      filters={filters}
      tailing
      open={(c) => c.external_id && navigate({ to: recordPath(c) })}
      empty={{
        title: t("Nothing has changed yet"),
        text: t("Each change of a record that was there already stands here, with what it held before and who changed it."),
      }}
    />
  )
}
