import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { live } from "../../api/query"
import { type DeliveryFilters, deliveriesQuery, states } from "../../delivery/api"
import { DeliveryTable } from "../../delivery/DeliveryTable"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { number } from "../../ui/format"
import { FilterPick, ListBody, Pager, perPage, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { word } from "../../ui/words"

export default function DeliveriesPage() {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const { source_id, state } = filters
  const query = useQuery({
    ...deliveriesQuery({ source_id, state: state as DeliveryFilters["state"], page, per_page: perPage }),
    placeholderData: keepPreviousData,
    refetchInterval: page === 1 ? live : false,
  })
  const sources = useQuery(allSourcesQuery)
  const navigate = useNavigate()
  const total = query.data?.meta.total
  return (
    <Page title={t("Deliveries")} note={total !== undefined && number(total)}>
      <div className="filters">
        <FilterPick
          label={t("state")}
          value={state ?? ""}
          options={states.map((s) => ({ value: s, label: word(s) }))}
          onChange={(s) => set({ state: s })}
        />
        <FilterPick
          label={t("source")}
          value={source_id ?? ""}
          options={(sources.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
          onChange={(s) => set({ source_id: s })}
        />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(source_id || state)}
          clear={clear}
          icon="envelope"
          noun={t("deliveries")}
          empty={{ title: t("No delivery yet"), text: t("Each item that a source or a fixed webhook took in stands here, as it came in.") }}
        >
          {(rows) => <DeliveryTable rows={rows} onOpen={(d) => navigate({ to: `/deliveries/${d.id}` })} />}
        </ListBody>
      </div>
      <Pager
        meta={query.data?.meta}
        rows={query.data?.rows.length ?? 0}
        page={page}
        onPage={(p) => set({ page: String(p) })}
        noun={t("deliveries")}
      />
    </Page>
  )
}
