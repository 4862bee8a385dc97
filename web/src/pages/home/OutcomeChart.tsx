import { Link, useNavigate } from "@tanstack/react-router"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { Bars } from "../../ui/chart/Bars"
import { bucketName } from "../../ui/chart/moments"
import { number } from "../../ui/format"
import { OutcomeMark } from "../../ui/Outcomes"
import { Section } from "../../ui/Page"
import { stretch, sum } from "./stretch"

const kinds = [
  { key: "unchanged", is: "same", cls: "viz-same" },
  { key: "updated", is: "changed", cls: "viz-chg" },
  { key: "created", is: "new", cls: "viz-new" },
  { key: "skipped", is: "skipped", cls: "viz-skip" },
] as const

// OutcomeChart is what became of executions: stacks above the axis, failures below it, saved versions as flags.
export function OutcomeChart({ data }: { data: HomeData }) {
  const navigate = useNavigate()
  const { outcomes: o, edges, time_zone: zone } = data
  const first = Date.parse(edges[0] ?? "")
  const span = Date.parse(edges.at(-1) ?? "") - first
  const marks = o.created.map((_, i) => {
    const { after, before } = stretch(edges, i)
    const failed = o.failed[i] ?? 0
    return {
      name: t("{at}: {created} new, {updated} changed, {unchanged} same, {skipped} skipped, {failed} failed", {
        at: bucketName(after, before, zone),
        created: o.created[i] ?? 0,
        updated: o.updated[i] ?? 0,
        unchanged: o.unchanged[i] ?? 0,
        skipped: o.skipped[i] ?? 0,
        failed,
      }),
      open: () => navigate({ to: "/executions", search: { after, before } as never }),
    }
  })
  return (
    <Section
      title={t("Outcomes")}
      action={
        <div className="legend">
          {(
            [
              ["created", "new"],
              ["updated", "changed"],
              ["unchanged", "same"],
              ["skipped", "skipped"],
            ] as const
          ).map(([key, is]) => (
            <span className="is" key={key}>
              <OutcomeMark is={is} bare />
              {number(sum(o[key]))}
            </span>
          ))}
          <Link className="is row-link" to="/executions" search={{ status: "failed" } as never}>
            <OutcomeMark is="failed" bare />
            {number(sum(o.failed))}
          </Link>
        </div>
      }
    >
      <div className="home-chart chart-tall">
        <Bars
          label={t("Executions by outcome")}
          stacks={kinds.map((k) => ({ name: k.key, cls: k.cls, values: o[k.key] }))}
          below={o.failed}
          flags={data.versions.map((v) => ({ at: (Date.parse(v.at) - first) / span, name: `${v.processor.name} v${v.version}` }))}
          marks={marks}
        />
        <div className="chart-ends" aria-hidden="true">
          <span>{bucketName(edges[0] ?? "", edges[1] ?? "", zone)}</span>
          <span>{bucketName(edges.at(-2) ?? "", edges.at(-1) ?? "", zone)}</span>
        </div>
        {data.versions.length > 0 && (
          <p className="t2 fs-12">
            {t("Saved in this time:")}{" "}
            {data.versions.slice(0, 5).map((v, i) => (
              <span key={`${v.processor.id} ${v.version}`}>
                {i > 0 && ", "}
                <Link className="row-link" to={`/processors/${v.processor.id}`} search={{ tab: "versions", version: String(v.version) } as never}>
                  {v.processor.name} v{v.version}
                </Link>
              </span>
            ))}
          </p>
        )}
      </div>
    </Section>
  )
}
