import { Link, useNavigate } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { t } from "../text"
import { Line } from "../ui/chart/Line"
import { bucketName } from "../ui/chart/moments"
import type { Definition, Series, Values } from "./api"
import { Multiples } from "./Multiples"
import { write } from "./write"

interface Props {
  definition: Definition
  values: Values
  by?: "agent" | "team" | undefined
  note?: ReactNode // below the total
  open?: ((from: string, to: string, who?: string) => Record<string, string>) | undefined // the filters of the records behind a number
}

// nobody stands for an agent where records are of identities that are not linked; noTeam for a team where they are of no team: of
// such identities, or of agents that are in none.
export const nobody = "none"
export const noTeam = "no-team"

// MetricValues is a metric over time: its total, a line, and a table in which every number leads to its records.
export function MetricValues({ definition: d, values: v, by, note, open }: Props) {
  const navigate = useNavigate()
  const edge = (i: number) => v.edges[i] ?? ""
  const bucket = (i: number) => bucketName(edge(i), edge(i + 1), v.time_zone)
  const marks = v.all.points.map((p, i) => ({
    name: `${bucket(i)}: ${write(p, d)}`,
    open: open && (() => navigate({ to: ".", search: open(edge(i), edge(i + 1)) as never })),
  }))
  const number = (text: string, search: Record<string, string> | undefined) =>
    search ? (
      <Link className="row-link" to="." search={search as never}>
        {text}
      </Link>
    ) : (
      text
    )
  const rows = by ? v.by : []
  const none = by === "team" ? noTeam : nobody
  const nameOf = (s: Series) => s.name || (by === "team" ? t("No team") : t("not linked"))
  const whole = (s: Series) => open?.(edge(0), edge(v.edges.length - 1), s.id ?? none)
  return (
    <div className="metric-cols">
      <div>
        <p className="big-number">{write(v.all.total, d)}</p>
        {note}
      </div>
      <div className="chart-tall">
        <Line label={t("Values over time")} points={v.all.points.map((p) => (p === null ? null : Number(String(p))))} marks={marks} height={200} />
        <div className="chart-ends" aria-hidden="true">
          <span>{bucket(0)}</span>
          <span>{bucket(v.edges.length - 2)}</span>
        </div>
      </div>
      {rows.length > 0 && <Multiples definition={d} series={rows.map((s) => ({ name: nameOf(s), of: s, search: whole(s) }))} bucket={bucket} />}
      <div className="home-table">
        <table className="tbl" aria-label={t("Values")}>
          <thead>
            <tr>
              <th scope="col">{t("From")}</th>
              <th scope="col" className="n">
                {t("All")}
              </th>
              {rows.map((s) => (
                <th scope="col" className="n" key={s.id ?? ""}>
                  {nameOf(s)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">{t("Total")}</th>
              <td className="n medium">{number(write(v.all.total, d, true), open?.(edge(0), edge(v.edges.length - 1)))}</td>
              {rows.map((s) => (
                <td className="n medium" key={s.id ?? ""}>
                  {number(write(s.total, d, true), whole(s))}
                </td>
              ))}
            </tr>
            {v.all.points.map((p, i) => (
              <tr key={edge(i)}>
                <th scope="row">{bucket(i)}</th>
                <td className="n">{number(write(p, d, true), open?.(edge(i), edge(i + 1)))}</td>
                {rows.map((s) => (
                  <td className="n" key={s.id ?? ""}>
                    {number(write(s.points[i] ?? null, d, true), open?.(edge(i), edge(i + 1), s.id ?? none))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {v.more && <p className="t2">{t("Shown are the 500 largest.")}</p>}
    </div>
  )
}
