import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useRouterState } from "@tanstack/react-router"
import { live } from "../../api/query"
import { providersQuery } from "../../provider/api"
import { recordsQuery } from "../../record/api"
import { type Kind, kinds } from "../../record/kinds"
import { RecordTable } from "../../record/RecordTable"
import { number } from "../../ui/format"
import { FilterPick, ListBody, Pager, perPage, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"

export default function RecordsPage() {
  const path = useRouterState({ select: (s) => s.location.pathname.split("/")[1] })
  const kind = kinds.find((k) => k.path === path) ?? kinds[0]
  return kind ? <Records key={kind.id} kind={kind} /> : null
}

function Records({ kind }: { kind: Kind }) {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const { provider_id, search } = filters
  const query = useQuery({
    ...recordsQuery(kind.path, { provider_id, search, page, per_page: perPage }),
    placeholderData: keepPreviousData,
    refetchInterval: page === 1 ? live : false,
  })
  const providers = useQuery(providersQuery())
  const total = query.data?.meta.total
  return (
    <Page title={kind.title} note={total !== undefined && number(total)}>
      <div className="filters">
        <SearchBox label="External id or contact" value={search ?? ""} onChange={(s) => set({ search: s }, true)} />
        <FilterPick
          label="provider"
          value={provider_id ?? ""}
          options={(providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
          onChange={(p) => set({ provider_id: p })}
        />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(provider_id || search)}
          clear={clear}
          icon={kind.icon}
          noun={kind.many}
          empty={{
            title: `No ${kind.one} yet`,
            text: `${kind.title} appear here as soon as a processor or a fixed webhook writes one.`,
          }}
        >
          {(rows) => <RecordTable kind={kind} rows={rows} />}
        </ListBody>
      </div>
      <Pager
        meta={query.data?.meta}
        rows={query.data?.rows.length ?? 0}
        page={page}
        onPage={(p) => set({ page: String(p) })}
        noun={kind.many}
      />
    </Page>
  )
}
