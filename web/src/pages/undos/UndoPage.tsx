import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { useState } from "react"
import { entityKinds } from "../../entity/kinds"
import { kinds } from "../../record/kinds"
import { t, tr } from "../../text"
import { Button } from "../../ui/Button"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Moment } from "../../ui/Moment"
import { Lead, Page, Section } from "../../ui/Page"
import { heading } from "../../ui/words"
import { type DoneUndo, doneUndoQuery, type Touched } from "../../undo/api"
import { UndoDialog } from "../../undo/UndoDialog"
import { whyOf } from "../../why/addresses"

// UndoPage is an undo that was done, or the undo of one: what it took back, what it touched, and the way back.
export default function UndoPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery(doneUndoQuery(id))
  const [open, setOpen] = useState(false)
  if (query.isPending) return <Skeleton />
  if (query.isError) return <Failure error={query.error} retry={() => query.refetch()} title={t("Could not load this undo")} />
  const u = query.data
  const run = u.execution_id ? { of: "execution" as const, id: u.execution_id } : { of: "call" as const, id: u.source_execution_id ?? "" }
  return (
    <Page
      title={u.id}
      crumbs={[{ label: t("Journal"), to: "/journal" }]}
      actions={
        !u.redoes_id &&
        !u.taken_back_by_id && (
          <Button needs="processors:run" size="sm" icon="undo" onClick={() => setOpen(true)}>
            {t("Undo this undo")}
          </Button>
        )
      }
    >
      <div className="scroll pad">
        <Lead title={lead(u)} />
        <dl className="kv">
          <dt>{t("Done at")}</dt>
          <dd>
            <Moment at={u.at} as="full" />
          </dd>
          {u.by && (
            <>
              <dt>{t("By")}</dt>
              <dd>{u.by}</dd>
            </>
          )}
          <dt>{run.of === "execution" ? t("Execution") : t("Webhook call")}</dt>
          <dd>
            {run.of === "execution" ? (
              <Link className="row-link" to={`/executions/${run.id}`}>
                <code>{run.id}</code>
              </Link>
            ) : (
              <Link className="row-link" to="/source-executions" search={{ call: run.id } as never}>
                <code>{run.id}</code>
              </Link>
            )}
          </dd>
          {u.redoes_id && (
            <>
              <dt>{t("Took back")}</dt>
              <dd>
                <ToUndo id={u.redoes_id} />
              </dd>
            </>
          )}
          {u.taken_back_by_id && (
            <>
              <dt>{t("Taken back by")}</dt>
              <dd>
                <ToUndo id={u.taken_back_by_id} />
              </dd>
            </>
          )}
        </dl>
        <Section title={t("What it touched")} count={u.things.length}>
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t("Kind")}</th>
                <th scope="col">{t("Which")}</th>
              </tr>
            </thead>
            <tbody>
              {u.things.map((x) => (
                <tr key={`${x.noun} ${x.id}`}>
                  <td>{heading(x.noun)}</td>
                  <td>
                    <ToThing of={x} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      </div>
      {open && <UndoDialog what={{ of: "undo", id: u.id, run }} onClose={() => setOpen(false)} />}
    </Page>
  )
}

function lead(u: DoneUndo): string {
  if (u.redoes_id) return t("This put back what an undo had taken back")
  if (u.taken_back_by_id) return t("This undo was taken back itself: all is as it was before")
  return u.execution_id ? t("This took back what a run wrote") : t("This took back what a call wrote")
}

function ToUndo({ id }: { id: string }) {
  return tr("the undo <to>{id}</to>", {
    id,
    to: (inner) => (
      <Link className="row-link" to={`/undos/${id}`}>
        <code>{inner}</code>
      </Link>
    ),
  })
}

function ToThing({ of: x }: { of: Touched }) {
  const name = <code>{x.external_id ?? x.id}</code>
  const record = kinds.find((k) => k.id === x.noun)
  const entity = entityKinds.find((k) => k.id === x.noun)
  const to = record
    ? `/records/${record.path}/${x.id}`
    : entity
      ? `/${entity.path}/${x.id}`
      : x.noun.endsWith("_identity")
        ? whyOf("identities", x.id).to
        : undefined
  return to ? (
    <Link className="row-link" to={to}>
      {name}
    </Link>
  ) : (
    name
  )
}
