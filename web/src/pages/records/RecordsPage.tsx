import { useQuery, useSuspenseQuery } from "@tanstack/react-query"
import { useNavigate, useRouterState } from "@tanstack/react-router"
import { entityFilter } from "../../entity/filter"
import { entityKinds } from "../../entity/kinds"
import { identityFilter } from "../../identity/filter"
import type { Filter } from "../../list/filters"
import { ListView } from "../../list/ListView"
import { loadOf } from "../../list/load"
import { providersQuery } from "../../provider/api"
import { type Kind, kinds } from "../../record/kinds"
import { recordColumns } from "../../record/RecordTable"
import { sessionQuery } from "../../session/api"
import { t } from "../../text"
import type { Column } from "../../ui/DataTable"
import { Icon } from "../../ui/Icon"
import { whyNot } from "../../why/addresses"
import { To } from "../../why/To"

export default function RecordsPage() {
  const path = useRouterState({ select: (s) => s.location.pathname.split("/")[1] })
  const kind = kinds.find((k) => k.path === path) ?? kinds[0]
  return kind ? <Records key={kind.id} kind={kind} /> : null
}

const teams = new Set(["activity", "anonymous_activity"]) // kinds whose records name a team

interface Row {
  id: string
}

function Records({ kind }: { kind: Kind }) {
  const navigate = useNavigate()
  const providers = useQuery(providersQuery())
  const { data: session } = useSuspenseQuery(sessionQuery)
  const presets = [{ label: t("All"), search: {} as Record<string, string> }]
  const filters: Filter[] = [
    { key: "provider_id", label: t("provider"), options: (providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })) },
  ]
  if (kind.agents) {
    filters.push(entityFilter("agent"), { key: "unlinked", label: t("counts for nobody"), options: [{ value: "true", label: t("yes") }], more: true })
    presets.push({ label: t("Counts for nobody"), search: { unlinked: "true" } })
  }
  if (kind.id === "sale") {
    filters.push({
      key: "cancelled",
      label: t("cancelled"),
      options: [
        { value: "true", label: t("yes") },
        { value: "false", label: t("no") },
      ],
      more: true,
    })
    presets.push({ label: t("Cancelled"), search: { cancelled: "true" } })
  }
  if (kind.id === "activity" || kind.id === "anonymous_activity") filters.push({ key: "activity_type", label: t("type"), text: true })
  if (kind.id === "period") filters.push({ key: "period_type", label: t("type"), text: true })
  const whose = entityKinds.filter((k) => (k.id !== "proposition" || kind.id === "sale") && (k.id !== "project" || session.tenant.projects))
  filters.push(...whose.filter((k) => k.id !== "agent").map((k) => entityFilter(k.id, true)))
  for (const k of whose)
    if (k.id === "agent" ? kind.agents : k.id !== "team" || teams.has(kind.id))
      filters.push(identityFilter(k.id, t("{kind} at the provider", { kind: k.one })))
  filters.push({ key: "external_id", label: t("external id"), text: true }, { key: "contact_key", label: t("contact"), text: true })
  return (
    <ListView<Row>
      title={kind.title}
      list={kind.path}
      name={["records", kind.path]}
      noun={kind.many}
      icon={kind.icon}
      load={loadOf<Row>(`/v1/${kind.path}`)}
      columns={recordColumns[kind.path] as unknown as Column<Row>[]}
      filters={filters}
      search={kind.agents ? t("External id, or whose it is") : t("External id, or a part of it")}
      presets={presets}
      tailing
      open={(r) => navigate({ to: `/records/${kind.path}/${r.id}` })}
      missing={(query) => {
        const text = query.external_id ?? query.search
        return (
          text && (
            <To className="btn" address={whyNot(kind.id, text)}>
              <Icon name="info" />
              {t("Why is it not there?")}
            </To>
          )
        )
      }}
      empty={{
        title: t("No {kind} yet", { kind: kind.one }),
        text: t("{kinds} appear here as soon as a processor or a fixed webhook writes one.", { kinds: kind.title }),
      }}
    />
  )
}
