import { Link } from "@tanstack/react-router"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { bucketName } from "../../ui/chart/moments"
import { number } from "../../ui/format"
import { Section } from "../../ui/Page"
import { GraphTables } from "./GraphTables"
import { filterOf } from "./Pulse"

// HomeTables are the charts as numbers.
export function HomeTables({ data }: { data: HomeData }) {
  const { edges, outcomes: o, time_zone: zone } = data
  const stretch = (i: number) => ({ after: edges[i] ?? "", before: edges[i + 1] ?? "" })
  return (
    <>
      <Section title={t("Pulse")}>
        <div className="home-table">
          <table className="tbl" aria-label={t("Deliveries by source")}>
            <thead>
              <tr>
                <th scope="col">{t("From")}</th>
                {data.sources.map((s) => (
                  <th scope="col" className="n" key={s.source?.id ?? s.provider.id}>
                    {s.source?.name ?? s.provider.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {edges.slice(0, -1).map((at, i) => (
                <tr key={at}>
                  <th scope="row">{bucketName(at, edges[i + 1] ?? at, zone)}</th>
                  {data.sources.map((s) => (
                    <td className="n" key={s.source?.id ?? s.provider.id}>
                      <Link className="row-link" to="/deliveries" search={filterOf(s, stretch(i).after, stretch(i).before) as never}>
                        {number(s.deliveries[i] ?? 0)}
                      </Link>
                      {s.band[i] && <span className="t3"> {t("usual {low}–{high}", { low: s.band[i].low, high: s.band[i].high })}</span>}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section title={t("Outcomes")}>
        <div className="home-table">
          <table className="tbl" aria-label={t("Executions by outcome")}>
            <thead>
              <tr>
                <th scope="col">{t("From")}</th>
                {[t("new"), t("changed"), t("same"), t("skipped"), t("failed")].map((head) => (
                  <th scope="col" className="n" key={head}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {edges.slice(0, -1).map((at, i) => (
                <tr key={at}>
                  <th scope="row">
                    <Link className="row-link" to="/executions" search={stretch(i) as never}>
                      {bucketName(at, edges[i + 1] ?? at, zone)}
                    </Link>
                  </th>
                  {[o.created, o.updated, o.unchanged, o.skipped, o.failed].map((list, k) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
                    <td className="n" key={k}>
                      {number(list[i] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <GraphTables data={data} />
    </>
  )
}
