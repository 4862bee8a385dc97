import { Link } from "@tanstack/react-router"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { number } from "../../ui/format"
import { Section } from "../../ui/Page"
import { Buckets } from "./Buckets"
import { groupOf } from "./FailureStrips"
import { graphOf } from "./flow"
import { rate } from "./LinkRate"
import { lasts } from "./lasts"
import { filterOf } from "./Pulse"
import { stretch } from "./stretch"

// GraphTables are the charts below those of pulse and outcomes as numbers. What is not there has no column.
export function GraphTables({ data }: { data: HomeData }) {
  const { edges, failures, freshness, links } = data
  const times = [data.took.p50_ms, data.took.p95_ms]
  return (
    <>
      {failures.length > 0 && (
        <Buckets
          title={t("What fails")}
          label={t("Failures by what was wrong")}
          data={data}
          heads={failures.map((f) => ({ key: `${f.processor.id} ${f.code}`, name: `${f.processor.name}: ${f.code}` }))}
          cell={(i, k) => {
            const f = failures[k]
            return (
              f && (
                <Link className="row-link" to="/executions" search={groupOf(f, stretch(edges, i)) as never}>
                  {number(f.executions[i] ?? 0)}
                </Link>
              )
            )
          }}
        />
      )}
      <Flows data={data} />
      <Buckets
        title={t("Linked agents")}
        label={t("Linked agents over time")}
        data={data}
        heads={[t("records that name an agent"), t("linked"), "%"].map((name) => ({ key: name, name }))}
        cell={(i, k) => {
          const [named, linked] = [links.named[i] ?? 0, links.linked[i] ?? 0]
          const percent = rate(linked, named)
          if (k < 2) return number(k === 0 ? named : linked)
          if (percent === null) return "–"
          return (
            <Link className="row-link" to="/identities" search={{ kind: "agent" } as never}>
              {number(percent)}
            </Link>
          )
        }}
      />
      <Buckets
        title={t("From delivery to record")}
        label={t("From delivery to record")}
        data={data}
        heads={["p50", "p95"].map((name) => ({ key: name, name }))}
        cell={(i, k) => {
          const ms = times[k]?.[i] ?? null
          if (ms === null) return "–"
          return (
            <Link className="row-link" to="/executions" search={stretch(edges, i) as never}>
              {lasts(ms)}
            </Link>
          )
        }}
      />
      {freshness.length > 0 && (
        <Buckets
          title={t("From event to record")}
          label={t("From event to record, the middle of each source")}
          data={data}
          heads={freshness.map((f) => ({ key: f.source?.id ?? f.provider.id, name: f.source?.name ?? f.provider.name }))}
          cell={(i, k) => {
            const f = freshness[k]
            const ms = f?.medians_ms[i] ?? null
            if (!f || ms === null) return "–"
            return (
              <Link className="row-link" to="/deliveries" search={filterOf(f, stretch(edges, i)) as never}>
                {lasts(ms)}
              </Link>
            )
          }}
        />
      )}
    </>
  )
}

function Flows({ data }: { data: HomeData }) {
  const { columns, edges } = graphOf(data, Number.POSITIVE_INFINITY)
  const names = new Map(columns.flat().map((n) => [n.id, n.name]))
  if (edges.length === 0) return null
  return (
    <Section title={t("What goes where")}>
      <div className="home-table">
        <table className="tbl" aria-label={t("What goes where")}>
          <thead>
            <tr>
              <th scope="col">{t("From")}</th>
              <th scope="col">{t("To")}</th>
              <th scope="col" className="n">
                {t("number")}
              </th>
            </tr>
          </thead>
          <tbody>
            {edges.map((e) => (
              <tr key={`${e.from} ${e.to}`}>
                <td>{names.get(e.from)}</td>
                <td>{names.get(e.to)}</td>
                <td className="n">
                  {e.search ? (
                    <Link className="row-link" to="/executions" search={e.search as never}>
                      {number(e.n)}
                    </Link>
                  ) : (
                    number(e.n)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
