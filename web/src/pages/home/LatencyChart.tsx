import { Link, useNavigate } from "@tanstack/react-router"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { Line } from "../../ui/chart/Line"
import { bucketName } from "../../ui/chart/moments"
import { Section } from "../../ui/Page"
import { lasts } from "./lasts"
import { stretch, whole } from "./stretch"

// LatencyChart is how long it takes from delivery to record: the middle one and the slowest but five in a hundred, over time and by processor.
export function LatencyChart({ data, table }: { data: HomeData; table: boolean }) {
  const navigate = useNavigate()
  const { edges, time_zone: zone, took } = data
  const marks = took.p50_ms.map((p50, i) => {
    const { after, before } = stretch(edges, i)
    const at = bucketName(after, before, zone)
    const p95 = took.p95_ms[i] ?? null
    return {
      name: p50 === null || p95 === null ? t("{at}: nothing ran", { at }) : t("{at}: p50 {p50}, p95 {p95}", { at, p50: lasts(p50), p95: lasts(p95) }),
      open: () => navigate({ to: "/executions", search: { after, before } as never }),
    }
  })
  return (
    <Section
      title={t("From delivery to record")}
      action={
        data.latency.length > 0 &&
        !table && (
          <div className="legend" aria-hidden="true">
            <span className="is line-key">p50</span>
            <span className="is line-key faint">p95</span>
          </div>
        )
      }
    >
      {data.latency.length === 0 ? (
        <p className="t2">{t("Nothing has run in this time.")}</p>
      ) : (
        <>
          {!table && (
            <div className="home-chart">
              <Line label={t("From delivery to record")} points={took.p50_ms} also={took.p95_ms} marks={marks} />
            </div>
          )}
          <table className="tbl">
            <thead>
              <tr>
                <th scope="col">{t("Processor")}</th>
                <th scope="col" className="n">
                  p50
                </th>
                <th scope="col" className="n">
                  p95
                </th>
              </tr>
            </thead>
            <tbody>
              {data.latency.map((l) => (
                <tr key={l.processor.id}>
                  <td className="clip">
                    <Link className="row-link" to="/executions" search={{ processor_id: l.processor.id, ...whole(edges) } as never}>
                      {l.processor.name}
                    </Link>
                  </td>
                  <td className="n">{lasts(l.p50_ms)}</td>
                  <td className="n">{lasts(l.p95_ms)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </Section>
  )
}
