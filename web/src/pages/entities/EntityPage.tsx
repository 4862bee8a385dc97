import { useQuery } from "@tanstack/react-query"
import { Link, useParams, useRouterState } from "@tanstack/react-router"
import { useState } from "react"
import { RouteMissing } from "../../app/RouteFailure"
import { entitiesQuery, entityQuery } from "../../entity/api"
import { countsQuery } from "../../entity/counts"
import { EntityForm } from "../../entity/EntityForm"
import { type EntityKind, entityKinds } from "../../entity/kinds"
import { type IdentityFilters, identitiesQuery, useIdentityChanges } from "../../identity/api"
import { useTakeBack } from "../../identity/useTakeBack"
import { kinds } from "../../record/kinds"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { DataTable } from "../../ui/DataTable"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { number } from "../../ui/format"
import { Moment } from "../../ui/Moment"
import { Page, Section } from "../../ui/Page"
import { useToast } from "../../ui/Toast"

export default function EntityPage() {
  const path = useRouterState({ select: (s) => s.location.pathname.split("/")[1] })
  const { id } = useParams({ strict: false }) as { id: string }
  const kind = entityKinds.find((k) => k.path === path)
  return kind ? <One key={id} kind={kind} id={id} /> : <RouteMissing />
}

// One is an agent, a team, a proposition …: what is linked to it, and what counts for it.
function One({ kind, id }: { kind: EntityKind; id: string }) {
  const entity = useQuery(entityQuery(kind.path, id))
  const teams = useQuery({ ...entitiesQuery("teams", { per_page: 100 }), enabled: kind.id === "agent" })
  const [editing, setEditing] = useState(false)
  const toast = useToast()
  if (entity.isPending) return <Skeleton />
  if (entity.isError) return <Failure error={entity.error} retry={() => entity.refetch()} list={`/${kind.path}`} />
  const e = entity.data
  return (
    <Page
      title={e.name}
      crumbs={[{ label: kind.title, to: `/${kind.path}` }]}
      note={<code className="from-sm">{e.id}</code>}
      actions={
        <Button needs="identities:link" size="sm" icon="edit" onClick={() => setEditing(true)}>
          {t("Edit")}
        </Button>
      }
    >
      <div className="scroll pad">
        <div className="record">
          <dl className="kv">
            {kind.id === "agent" && (
              <>
                <dt>{t("Team")}</dt>
                <dd>
                  {e.team ? (
                    <Link className="row-link" to={`/teams/${e.team.id}`}>
                      {e.team.name}
                    </Link>
                  ) : (
                    <span className="t3">{t("none")}</span>
                  )}
                </dd>
                <dt>{t("State")}</dt>
                <dd>{e.active ? t("active") : t("inactive")}</dd>
              </>
            )}
            <dt>{t("Since")}</dt>
            <dd>
              <Moment at={e.created_at} as="full" />
            </dd>
          </dl>
          <Counts kind={kind} id={id} />
          {kind.id === "team" && <Members team={id} />}
          <Linked kind={kind} id={id} name={e.name} />
        </div>
      </div>
      {editing && (
        <EntityForm kind={kind} teams={teams.data?.rows ?? []} entity={e} onClose={() => setEditing(false)} onDone={(said) => toast.say(said)} />
      )}
    </Page>
  )
}

function Counts({ kind, id }: { kind: EntityKind; id: string }) {
  const counts = useQuery(countsQuery(kind.path, id))
  if (counts.isPending) return <Skeleton rows={2} />
  if (counts.isError) return <Failure error={counts.error} retry={() => counts.refetch()} title={t("Could not count its records")} />
  return (
    <Section title={t("What counts for it")}>
      <dl className="kv">
        {kinds.map((k) => {
          const of = counts.data.find((c) => c.kind === k.id)
          return (
            of && (
              <div key={k.id} className="kv-row">
                <dt>{k.title}</dt>
                <dd>
                  <Link className="row-link num" to={`/${k.path}`} search={{ [`${kind.id}_id`]: id } as never}>
                    {of.count === null ? t("Too many to count") : number(of.count)}
                  </Link>
                </dd>
              </div>
            )
          )
        })}
      </dl>
    </Section>
  )
}

function Members({ team }: { team: string }) {
  const agents = useQuery(entitiesQuery("agents", { team_id: team, per_page: 100 }))
  return (
    <Section title={t("Agents")} count={agents.data?.meta.total}>
      {agents.isPending ? (
        <Skeleton rows={2} />
      ) : agents.isError ? (
        <Failure error={agents.error} retry={() => agents.refetch()} />
      ) : agents.data.rows.length === 0 ? (
        <p className="t2">{t("Nobody is in this team yet. An agent’s own page says which team it is in.")}</p>
      ) : (
        <ul className="dots">
          {agents.data.rows.map((a) => (
            <li key={a.id}>
              <Link className="row-link" to={`/agents/${a.id}`}>
                {a.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Linked({ kind, id, name }: { kind: EntityKind; id: string; name: string }) {
  const identities = useQuery(identitiesQuery({ kind: kind.id as IdentityFilters["kind"], entity_id: id, per_page: 100 }))
  const changes = useIdentityChanges()
  const takeBack = useTakeBack(changes)
  const toast = useToast()
  const more = (identities.data?.meta.total ?? 0) > 100
  return (
    <Section title={t("External identities")} count={identities.data?.meta.total}>
      {identities.isPending ? (
        <Skeleton rows={2} />
      ) : identities.isError ? (
        <Failure error={identities.error} retry={() => identities.refetch()} />
      ) : identities.data.rows.length === 0 ? (
        <div className="box">
          <Empty
            icon="ident"
            title={t("Nothing is linked to it")}
            action={
              <Link className="btn" to="/identities" search={{ kind: kind.id } as never}>
                {t("Unlinked identities")}
              </Link>
            }
          >
            {t("Until an external identity is linked to {name}, no record counts for it.", { name })}
          </Empty>
        </div>
      ) : (
        <div className="box">
          <DataTable
            label={t("External identities")}
            rows={identities.data.rows}
            rowKey={(x) => x.id}
            columns={[
              { head: t("Name"), wide: true, cell: (x) => <span className="medium">{x.external_name || x.external_id}</span> },
              { head: t("External id"), from: "sm", cell: (x) => <code>{x.external_id}</code> },
              { head: t("Provider"), cell: (x) => <span className="t2">{x.provider_name}</span> },
              { head: t("First seen"), from: "md", cell: (x) => <Moment at={x.created_at} /> },
              {
                head: t("Actions"),
                hideHead: true,
                align: "end",
                cell: (x) => (
                  <Button
                    needs="identities:link"
                    size="xs"
                    disabled={changes.isPending}
                    aria-label={t("Unlink {name}", { name: x.external_name || x.external_id })}
                    onClick={() =>
                      changes.mutate(
                        { changes: [{ id: x.id, do: "unlink" }] },
                        {
                          onSuccess: (did) => {
                            const not = did.find((c) => !c.done)
                            if (not) toast.fail(t("Still linked"), new Error(not.message ?? ""))
                            else toast.say(t("{name} is no longer linked", { name: x.external_name || x.external_id }), () => takeBack(did))
                          },
                          onError: (error) => toast.fail(t("Still linked"), error),
                        },
                      )
                    }
                  >
                    {t("Unlink")}
                  </Button>
                ),
              },
            ]}
          />
        </div>
      )}
      {more && (
        <Link className="row-link" to="/identities" search={{ view: "linked", kind: kind.id } as never}>
          {t("View all")}
        </Link>
      )}
    </Section>
  )
}
