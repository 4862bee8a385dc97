import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { difference, write, writeChange } from "../metric/write"
import { t } from "../text"
import { number } from "../ui/format"
import { Moment } from "../ui/Moment"
import { Section } from "../ui/Page"
import type { MetricMove, MetricMoves as Moves } from "./api"

// few agents are shown of each metric before one asks for all.
const few = 5

// MetricMoves is which metrics would be others, by how much, and for whom.
export function MetricMoves({ of: m, label }: { of: Moves; label: string }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  if (m.moves.length === 0) return null
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
            <Rows key={one.id} of={one} from={m.from} to={m.to} all={open.has(one.id)} toggle={() => toggle(one.id)} />
          ))}
        </table>
      </div>
      {m.more > 0 && <p className="t2">{t("{n, plural, one {# more metric} other {# more metrics}} may move.", { n: m.more })}</p>}
    </Section>
  )
}

interface RowsOf {
  of: MetricMove
  from: string | null
  to: string | null
  all: boolean
  toggle: () => void
}

function Rows({ of: m, from, to, all, toggle }: RowsOf) {
  const shown = all ? m.agents : m.agents.slice(0, few)
  const stretch = { by: "agent", after: from ?? "", before: to ?? "" }
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
              <span className="t2">{t("not linked")}</span>
            )}
          </td>
          <Numbers of={m} now={a.now} then={a.then} />
        </tr>
      ))}
      {m.agents.length > few && (
        <tr>
          <td />
          <td colSpan={4}>
            <button type="button" className="btn btn-ghost btn-xs" aria-expanded={all} onClick={toggle}>
              {all ? t("Show fewer") : t("Show all {n}", { n: number(m.agents.length) })}
            </button>
            {all && m.more > 0 && <span className="t3"> {t("{n} more are not told.", { n: number(m.more) })}</span>}
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
