import { Link, useNavigate } from "@tanstack/react-router"
import type { HomeData, LinkRates } from "../../pulse/api"
import { t } from "../../text"
import { Line } from "../../ui/chart/Line"
import { bucketName } from "../../ui/chart/moments"
import { number } from "../../ui/format"
import { Moment } from "../../ui/Moment"
import { Section } from "../../ui/Page"
import { stretch, sum } from "./stretch"

// rate is what part counts for somebody, in per cent; null: there was nothing. All but all is never told as all.
export function rate(linked: number, named: number): number | null {
  if (named === 0) return null
  return linked === named ? 100 : Math.min(99.9, Math.round((1000 * linked) / named) / 10)
}

// LinkRate is how many of the records that name an agent count for somebody, and what is to be linked for the others.
export function LinkRate({ data, table }: { data: HomeData; table: boolean }) {
  const navigate = useNavigate()
  const { edges, time_zone: zone, links } = data
  const percentage = rate(sum(links.linked), sum(links.named))
  const rates = links.named.map((n, i) => rate(links.linked[i] ?? 0, n))
  const marks = rates.map((percent, i) => {
    const { after, before } = stretch(edges, i)
    const at = bucketName(after, before, zone)
    return {
      name:
        percent === null
          ? t("{at}: no record names an agent", { at })
          : t("{at}: {percent} % linked, {linked} of {named}", {
              at,
              percent: number(percent),
              linked: number(links.linked[i] ?? 0),
              named: number(links.named[i] ?? 0),
            }),
      open: () => navigate({ to: "/identities", search: { kind: "agent" } as never }),
    }
  })
  return (
    <Section title={t("Linked agents")}>
      {percentage === null ? (
        <p className="t2">{t("No record that came in in this time names an agent.")}</p>
      ) : (
        <>
          <p>
            <b className="num">{number(percentage)} %</b> <span className="t2">{t("of the records that name an agent count for somebody.")}</span>
          </p>
          {!table && (
            <div className="home-chart">
              <Line label={t("Linked agents over time")} points={rates} band={rates.map(() => ({ low: 0, high: 100 }))} marks={marks} bare />
            </div>
          )}
        </>
      )}
      <Backlog links={links} />
    </Section>
  )
}

function Backlog({ links }: { links: LinkRates }) {
  if (links.backlog.length === 0) return <p className="t2">{t("No agent waits to be linked.")}</p>
  return (
    <table className="tbl">
      <thead>
        <tr>
          <th scope="col">{t("To be linked")}</th>
          <th scope="col" className="n">
            {t("agents")}
          </th>
          <th scope="col" className="n">
            {t("the oldest")}
          </th>
        </tr>
      </thead>
      <tbody>
        {links.backlog.map((b) => (
          <tr key={b.provider.id}>
            <td className="clip">
              <Link className="row-link" to="/identities" search={{ kind: "agent", provider_id: b.provider.id } as never}>
                {b.provider.name}
              </Link>
            </td>
            <td className="n">
              {number(b.count)}
              {b.more && "+"}
            </td>
            <td className="n">
              <Moment at={b.since} as="ago" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
