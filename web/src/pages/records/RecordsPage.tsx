import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate, useRouterState } from "@tanstack/react-router"
import { live } from "../../api/query"
import { entitiesQuery } from "../../entity/api"
import { providersQuery } from "../../provider/api"
import { recordsQuery } from "../../record/api"
import { type Kind, kinds } from "../../record/kinds"
import { RecordTable } from "../../record/RecordTable"
import { t } from "../../text"
import { number } from "../../ui/format"
import { FilterChip, FilterPick, ListBody, Pager, perPage, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"

export default function RecordsPage() {
  const path = useRouterState({ select: (s) => s.location.pathname.split("/")[1] })
  const kind = kinds.find((k) => k.path === path) ?? kinds[0]
  return kind ? <Records key={kind.id} kind={kind} /> : null
}

function Records({ kind }: { kind: Kind }) {
  const navigate = useNavigate()
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const { provider_id, external_id, agent_id, activity_type, period_type } = filters
  const query = useQuery({
    ...recordsQuery(kind.path, { provider_id, external_id, agent_id, activity_type, period_type, page, per_page: perPage }),
    placeholderData: keepPreviousData,
    refetchInterval: page === 1 ? live : false,
  })
  const providers = useQuery(providersQuery())
  const agents = useQuery({ ...entitiesQuery("agents", { per_page: 100 }), enabled: kind.agents })
  const total = query.data?.meta.total
  const type = activity_type ?? period_type
  return (
    <Page title={kind.title} note={total !== undefined && number(total)}>
      <div className="filters">
        <SearchBox label={t("External id, whole")} value={external_id ?? ""} onChange={(id) => set({ external_id: id }, true)} />
        <FilterPick
          label={t("provider")}
          value={provider_id ?? ""}
          options={(providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
          onChange={(id) => set({ provider_id: id })}
        />
        {kind.agents && (
          <FilterPick
            label={t("agent")}
            value={agent_id ?? ""}
            options={(agents.data?.rows ?? []).map((a) => ({ value: a.id, label: a.name }))}
            onChange={(id) => set({ agent_id: id })}
          />
        )}
        {type && <FilterChip label={t("type")} value={type} onRemove={() => set({ activity_type: undefined, period_type: undefined })} />}
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(provider_id || external_id || agent_id || type)}
          clear={clear}
          icon={kind.icon}
          noun={kind.many}
          empty={{
            title: t("No {kind} yet", { kind: kind.one }),
            text: t("{kinds} appear here as soon as a processor or a fixed webhook writes one.", { kinds: kind.title }),
          }}
        >
          {(rows) => <RecordTable kind={kind} path={kind.path} rows={rows} onOpen={(id) => navigate({ to: `/records/${kind.path}/${id}` })} />}
        </ListBody>
      </div>
      <Pager meta={query.data?.meta} rows={query.data?.rows.length ?? 0} page={page} onPage={(p) => set({ page: String(p) })} noun={kind.many} />
    </Page>
  )
}
