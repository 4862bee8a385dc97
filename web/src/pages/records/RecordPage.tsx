import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { RouteMissing } from "../../app/RouteFailure"
import { providersQuery } from "../../provider/api"
import { historyQuery, recordQuery } from "../../record/api"
import { fieldName } from "../../record/fields"
import { type Kind, kinds } from "../../record/kinds"
import { MadeBy } from "../../record/MadeBy"
import { RecordFields } from "../../record/RecordFields"
import { RecordHistory } from "../../record/RecordHistory"
import { UnlockDialog } from "../../record/UnlockDialog"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { FilterChip, useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { Page, Section } from "../../ui/Page"
import { whyOf } from "../../why/addresses"
import { To } from "../../why/To"

export default function RecordPage() {
  const { kind: path, id } = useParams({ strict: false }) as { kind: string; id: string }
  const kind = kinds.find((k) => k.path === path)
  return kind ? <One key={id} kind={kind} id={id} /> : <RouteMissing />
}

// One is a record: what it holds and why, whose it is, what happened to it, and the way back.
function One({ kind, id }: { kind: Kind; id: string }) {
  const record = useQuery(recordQuery(kind.path, id))
  const history = useInfiniteQuery(historyQuery(kind.path, id))
  const providers = useQuery(providersQuery())
  const [unlocking, setUnlocking] = useState<string[]>()
  const { filters, set } = useFilters()
  const navigate = useNavigate()
  if (record.isPending) return <Skeleton />
  if (record.isError) return <Failure error={record.error} retry={() => record.refetch()} list={`/${kind.path}`} title={t("Could not load this")} />
  const r = record.data
  const field = filters.field
  const changes = history.data?.pages.flatMap((p) => p.rows) ?? []
  const last = changes[0]
  const provider = providers.data?.rows.find((p) => p.id === r.provider_id)
  // What was made by the run that was undone is not there any more: then the list is where one goes.
  const undone = async () => {
    const again = await record.refetch()
    if (again.isError) navigate({ to: `/${kind.path}` })
    else history.refetch()
  }
  return (
    <Page
      title={r.external_id}
      crumbs={[{ label: kind.title, to: `/${kind.path}` }]}
      note={<code className="from-sm">{r.id}</code>}
      actions={
        <To className="btn btn-sm" address={whyOf(kind.path, id)}>
          <Icon name="info" />
          {t("Where it comes from")}
        </To>
      }
    >
      <div className="scroll pad">
        <div className="record">
          <dl className="kv">
            <dt>{t("Provider")}</dt>
            <dd>
              <Link className="row-link" to={`/providers/${r.provider_id}`}>
                {provider?.name ?? r.provider_id}
              </Link>
            </dd>
            <dt>{t("Created")}</dt>
            <dd className="r r-wrap">
              <Moment at={r.created_at} as="full" />
              <MadeBy maker={r.made_by} />
            </dd>
            {last && (
              <>
                <dt>{t("Last changed")}</dt>
                <dd className="r r-wrap">
                  <Moment at={last.at} as="full" />
                  <MadeBy maker={last.made_by} />
                </dd>
              </>
            )}
          </dl>
          <Section
            title={t("Fields")}
            action={
              r.locked.length > 1 && (
                <Button needs="processors:run" size="sm" icon="lock" onClick={() => setUnlocking(r.locked)}>
                  {t("Unlock all {n}…", { n: r.locked.length })}
                </Button>
              )
            }
          >
            <RecordFields
              kind={kind}
              record={r}
              onUnlock={(name) => setUnlocking([name])}
              onHistory={(name) => {
                set({ field: name }, true)
                document.getElementById("history")?.scrollIntoView({ block: "start" })
              }}
            />
          </Section>
          <div id="history">
            <Section
              title={t("History")}
              count={history.data?.pages[0]?.meta.total || undefined}
              action={field && <FilterChip label={t("field")} value={fieldName(field)} onRemove={() => set({ field: undefined }, true)} />}
            >
              {history.isPending ? (
                <Skeleton rows={3} />
              ) : history.isError && changes.length === 0 ? (
                <Failure error={history.error} retry={() => history.refetch()} title={t("Could not load its history")} />
              ) : (
                <RecordHistory
                  path={kind.path}
                  record={r}
                  changes={changes}
                  field={field}
                  more={history.hasNextPage ? () => history.fetchNextPage() : undefined}
                  busy={history.isFetchingNextPage}
                  onUndone={undone}
                />
              )}
            </Section>
          </div>
        </div>
      </div>
      {unlocking && <UnlockDialog path={kind.path} id={r.id} fields={unlocking} onClose={() => setUnlocking(undefined)} />}
    </Page>
  )
}
