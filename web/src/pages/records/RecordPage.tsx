import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { RouteMissing } from "../../app/RouteFailure"
import { providersQuery } from "../../provider/api"
import { historyQuery, recordQuery } from "../../record/api"
import { type Kind, kinds } from "../../record/kinds"
import { MadeBy } from "../../record/MadeBy"
import { RecordFacts, RecordIdentities } from "../../record/RecordFacts"
import { RecordHistory } from "../../record/RecordHistory"
import { t } from "../../text"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { Moment } from "../../ui/Moment"
import { Page, Section } from "../../ui/Page"
import { whyOf } from "../../why/addresses"
import { To } from "../../why/To"

export default function RecordPage() {
  const { kind: path, id } = useParams({ strict: false }) as { kind: string; id: string }
  const kind = kinds.find((k) => k.path === path)
  return kind ? <One key={id} kind={kind} id={id} /> : <RouteMissing />
}

function One({ kind, id }: { kind: Kind; id: string }) {
  const record = useQuery(recordQuery(kind.path, id))
  const history = useQuery(historyQuery(kind.path, id))
  const providers = useQuery(providersQuery())
  if (record.isPending) return <Skeleton />
  if (record.isError) return <Failure error={record.error} retry={() => record.refetch()} title={t("Could not load this")} />
  const r = record.data
  const why = (field: string, name: string) => (
    <To className="why-link" address={whyOf(kind.path, id, field)} label={t("Why {field}", { field: name })}>
      {t("why")}
    </To>
  )
  const provider = providers.data?.rows.find((p) => p.id === r.provider_id)
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
            <dt>{t("Last written")}</dt>
            <dd>
              <span className="r r-wrap">
                <Moment at={r.updated_at} as="full" />
                <MadeBy maker={r.made_by} />
              </span>
            </dd>
          </dl>
          <Section title={t("Fields")}>
            <RecordFacts record={r} why={why} />
          </Section>
          <Section title={t("Whose it is")}>
            <RecordIdentities record={r} why={why} />
          </Section>
          <Section title={t("History")} count={history.data?.meta.total}>
            {history.isPending ? (
              <Skeleton rows={3} />
            ) : history.isError ? (
              <Failure error={history.error} retry={() => history.refetch()} title={t("Could not load its history")} />
            ) : (
              <RecordHistory record={r} changes={history.data.rows} />
            )}
          </Section>
        </div>
      </div>
    </Page>
  )
}
