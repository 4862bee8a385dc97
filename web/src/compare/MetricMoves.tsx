import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { metricsQuery } from "../metric/api"
import { difference, write, writeChange } from "../metric/write"
import { t } from "../text"
import { number } from "../ui/format"
import { useFilters } from "../ui/list"
import { Moment } from "../ui/Moment"
import { Section } from "../ui/Page"
import { Tabs } from "../ui/Tabs"
import type { MetricMove, MetricMoves as Moves } from "./api"

// few are shown of each metric before one asks for all.
const few = 5

type By = "agent" | "team"

// MetricMoves is which metrics would be others, by how much, and for which agents and teams; and that none would, where
// none would.
export function MetricMoves({ of: m, label }: { of: Moves; label: string }) {
  const { filters, set } = useFilters()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const teams = m.moves.some((one) => one.teams.length > 0)
  const by: By = teams && filters.whom === "team" ? "team" : "agent"
  if (m.moves.length === 0) return <None />
  const toggle = (id: string) => setOpen((now) => (now.has(id) ? new Set([...now].filter((x) => x !== id)) : new Set([...now, id])))
  return (
    <Section
      title={t("What it would do to metrics")}
      count={m.moves.length}
      action={
        <span className="t3 fs-12">
          <Moment at={m.from} as="day" /> – <Moment at={last(m.to)} as="day" />
        </span>
      }
    >
      <p className="t2 sec-p">{t("Over these days, had {label} been live for these deliveries.", { label })}</p>
      {teams && (
        <Tabs<By>
          label={t("For whom")}
          value={by}
          onChange={(whom) => set({ whom: whom === "team" ? whom : undefined }, true)}
          tabs={[
            { id: "agent", label: t("Agents") },
            { id: "team", label: t("Teams") },
          ]}
        />
      )}
      <div className="home-table">
        <table className="tbl" aria-label={t("What it would do to metrics")}>
          <thead>
            <tr>
              <th scope="col">{t("Metric")}</th>
              <th scope="col">{t("For")}</th>
              <th scope="col" className="n">
                {t("Now")}
              </th>
              <th scope="col" className="n">
                {t("With {label}", { label })}
              </th>
              <th scope="col" className="n">
                {t("Difference")}
              </th>
            </tr>
          </thead>
          {m.moves.map((one) => (
            <Rows key={one.id} of={one} by={by} from={m.from} to={m.to} all={open.has(one.id)} toggle={() => toggle(one.id)} />
          ))}
        </table>
      </div>
      {m.more > 0 && <p className="t2">{t("{n, plural, one {# more metric} other {# more metrics}} may move.", { n: m.more })}</p>}
    </Section>
  )
}

// None says that no metric moves; where there are no metrics at all, that.
function None() {
  const metrics = useQuery(metricsQuery({ per_page: 1 }))
  if (metrics.isPending) return null
  return (
    <Section title={t("What it would do to metrics")}>
      <p className="t2 sec-p">
        {metrics.data?.rows.length === 0 ? t("There are no metrics yet, so there is none that would move.") : t("No metric would move.")}
      </p>
    </Section>
  )
}

interface RowsOf {
  of: MetricMove
  by: By
  from: string | null
  to: string | null
  all: boolean
  toggle: () => void
}

function Rows({ of: m, by, from, to, all, toggle }: RowsOf) {
  const [whom, more] = by === "team" ? [m.teams, m.more_teams] : [m.agents, m.more]
  const shown = all ? whom : whom.slice(0, few)
  const stretch = { by, after: from ?? "", before: to ?? "" }
  return (
    <tbody>
      <tr>
        <th scope="rowgroup">
          <Link className="row-link medium" to={`/metrics/${m.id}`} search={stretch as never}>
            {m.name}
          </Link>
        </th>
        <td>
          {t("everybody")}
          {m.elsewhen > 0 && <span className="t3"> · {t("{n, plural, one {# record} other {# records}} at another moment", { n: m.elsewhen })}</span>}
        </td>
        <Numbers of={m} now={m.now} then={m.then} />
      </tr>
      {shown.map((a) => (
        <tr key={a.id ?? ""}>
          <td />
          <td>
            {a.id ? (
              <Link className="row-link" to={`/metrics/${m.id}`} search={{ ...stretch, who: a.id } as never}>
                {a.name}
              </Link>
            ) : (
              <span className="t2">{by === "team" ? t("in no team") : t("not linked")}</span>
            )}
          </td>
          <Numbers of={m} now={a.now} then={a.then} />
        </tr>
      ))}
      {whom.length > few && (
        <tr>
          <td />
          <td colSpan={4}>
            <button type="button" className="btn btn-ghost btn-xs" aria-expanded={all} onClick={toggle}>
              {all ? t("Show fewer") : t("Show all {n}", { n: number(whom.length) })}
            </button>
            {all && more > 0 && <span className="t3"> {t("{n} more are not told.", { n: number(more) })}</span>}
          </td>
        </tr>
      )}
    </tbody>
  )
}

function Numbers({ of: m, now, then }: { of: MetricMove; now: MetricMove["now"]; then: MetricMove["then"] }) {
  const d = difference(now, then)
  return (
    <>
      <td className="n">{write(now, m.definition, true)}</td>
      <td className="n">{write(then, m.definition, true)}</td>
      <td className="n medium">{d === null ? <span className="t3">–</span> : writeChange(d, m.definition)}</td>
    </>
  )
}

// The end of a stretch is not itself within: its last day is that of the moment before.
const last = (end: string | null) => (end ? new Date(Date.parse(end) - 1).toISOString() : null)
