import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { kinds } from "../record/kinds"
import { MadeBy } from "../record/MadeBy"
import { t } from "../text"
import { Failure } from "../ui/Feedback"
import { number } from "../ui/format"
import { Moment } from "../ui/Moment"
import { type Identity, type Moving, movingQuery } from "./api"
import type { Choice } from "./Suggestions"

const titleOf = (kind: string) => kinds.find((k) => k.id === kind)?.title ?? kind
const pathOf = (kind: string) => kinds.find((k) => k.id === kind)?.path ?? "activities"
const counted = (n: number, more: boolean) => (more ? `${number(n)}+` : number(n))

// sum is how many records all kinds have together.
export function sum(all: Moving[]): string {
  return counted(
    all.reduce((n, k) => n + k.count, 0),
    all.some((k) => k.more),
  )
}

// Moves is what linking or unlinking would move, from whom to whom, before it is done.
export function Moves({ identity: x, to }: { identity: Identity; to: Choice }) {
  const target = typeof to === "object" ? to : undefined
  const moving = useQuery(movingQuery(x.id, target?.id))
  const name = x.external_name || x.external_id
  if (moving.isError) return <Failure error={moving.error} retry={() => moving.refetch()} title={t("Could not count its records")} />
  const kinds = moving.data?.kinds
  const records = { one: kinds?.reduce((n, k) => n + k.count, 0) ?? 0, n: sum(kinds ?? []) }
  return (
    <section className="moves" aria-label={t("What would move")} aria-busy={moving.isPending}>
      <h3>{t("What would move")}</h3>
      {kinds && (
        <p className="t2">
          {kinds.length === 0
            ? t("No record names it, so nothing would move.")
            : x.entity
              ? t(
                  "{one, plural, one {{n} record counts} other {{n} records count}} for {from}. Unlinked, they count for nobody; linking again puts them back.",
                  { ...records, from: x.entity.name },
                )
              : target || to === "fresh"
                ? t("{one, plural, one {{n} record goes} other {{n} records go}} from nobody to {to}. Unlinking puts all of them back.", {
                    ...records,
                    to: target?.name ?? name,
                  })
                : t("{one, plural, one {{n} record counts} other {{n} records count}} for nobody until it is linked.", records)}
        </p>
      )}
      {kinds && kinds.length > 0 && (
        <div className="box">
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t("Record")}</th>
                <th scope="col" className="n">
                  {t("Count")}
                </th>
                <th scope="col" className="n">
                  {t("Since")}
                </th>
              </tr>
            </thead>
            <tbody>
              {kinds.map((k) => (
                <tr key={k.kind}>
                  <td>
                    <Link className="row-link" to={`/${pathOf(k.kind)}`} search={{ [`${x.kind}_identity_id`]: x.id } as never}>
                      {titleOf(k.kind)}
                    </Link>
                  </td>
                  <td className="n">{counted(k.count, k.more)}</td>
                  <td className="n">
                    <Moment at={k.since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {kinds && target && !x.entity && kinds.length > 0 && (
        <>
          <h3>{t("What {name} would have", { name: target.name })}</h3>
          <div className="box">
            <table className="tbl" aria-label={t("What {name} would have", { name: target.name })}>
              <tbody>
                {kinds.map((k) => (
                  <tr key={k.kind}>
                    <th scope="row">{titleOf(k.kind)}</th>
                    <td className="n">
                      <del className="was">{counted(k.there, k.there_more)}</del>{" "}
                      <ins className="now">{counted(k.there + k.count, k.there_more || k.more)}</ins>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}

// Seen is the delivery that named an identity first, and the newest records that name it.
export function FirstSeen({ identity }: { identity: Identity }) {
  const moving = useQuery(movingQuery(identity.id, undefined))
  return (
    <>
      <Moment at={identity.created_at} as="full" /> {moving.data && <MadeBy maker={moving.data.first_seen} />}
    </>
  )
}

export function Latest({ identity }: { identity: Identity }) {
  const latest = useQuery(movingQuery(identity.id, undefined)).data?.latest ?? []
  if (latest.length === 0) return null
  return (
    <section className="stack">
      <h3>{t("Latest records")}</h3>
      <div className="box">
        <table className="tbl" aria-label={t("Latest records")}>
          <tbody>
            {latest.map((r) => (
              <tr key={r.id}>
                <td>{kinds.find((k) => k.id === r.kind)?.one ?? r.kind}</td>
                <td className="clip">
                  <Link className="row-link" to={`/records/${pathOf(r.kind)}/${r.id}`}>
                    <code>{r.external_id}</code>
                  </Link>
                </td>
                <td className="n">
                  <Moment at={r.at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
