import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useRouterState } from "@tanstack/react-router"
import { entitiesQuery } from "../../entity/api"
import { EntityForm } from "../../entity/EntityForm"
import { EntityTable } from "../../entity/EntityTable"
import { entityKinds } from "../../entity/kinds"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { ListBody, Pager, perPage, SearchBox, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"

export default function EntitiesPage() {
  const path = useRouterState({ select: (s) => s.location.pathname.split("/")[1] })
  const kind = entityKinds.find((k) => k.path === path) ?? entityKinds[0]
  return kind ? <Entities key={kind.id} kind={kind} /> : null
}

function Entities({ kind }: { kind: (typeof entityKinds)[number] }) {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const query = useQuery({
    ...entitiesQuery(kind.path, { search: filters.search, page, per_page: perPage }),
    placeholderData: keepPreviousData,
  })
  const teams = useQuery({ ...entitiesQuery("teams", { per_page: 100 }), enabled: kind.id === "agent" })
  const form = Boolean(filters.new)
  const setForm = (is: boolean) => set({ new: is ? "1" : undefined }, true)
  const toast = useToast()
  const navigate = useNavigate()
  return (
    <Page
      title={kind.title}
      actions={
        <Button needs="identities:link" look="primary" size="sm" icon="plus" onClick={() => setForm(true)}>
          {kind.fresh}
        </Button>
      }
    >
      <div className="filters">
        <SearchBox label={t("Name")} value={filters.search ?? ""} onChange={(search) => set({ search }, true)} />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={Boolean(filters.search)}
          clear={clear}
          icon={kind.icon}
          noun={kind.many}
          empty={{
            title: t("No {kind} yet", { kind: kind.one }),
            text: t("External identities are linked to {kinds}, so that records of several systems count together.", { kinds: kind.many }),
            action: (
              <Link className="btn" to="/identities" search={{ kind: kind.id } as never}>
                {t("Unlinked identities")}
              </Link>
            ),
          }}
        >
          {(rows) => <EntityTable kind={kind} rows={rows} onOpen={(entity) => navigate({ to: `/${kind.path}/${entity.id}` })} />}
        </ListBody>
      </div>
      <Pager meta={query.data?.meta} rows={query.data?.rows.length ?? 0} page={page} onPage={(p) => set({ page: String(p) })} noun={kind.many} />
      {form && (
        <EntityForm kind={kind} teams={teams.data?.rows ?? []} entity={undefined} onClose={() => setForm(false)} onDone={(said) => toast.say(said)} />
      )}
    </Page>
  )
}
