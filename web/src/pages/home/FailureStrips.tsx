import { Link, useNavigate } from "@tanstack/react-router"
import type { FailureStrip, HomeData } from "../../pulse/api"
import { t } from "../../text"
import { Chart } from "../../ui/chart/Chart"
import { bucketName } from "../../ui/chart/moments"
import { number } from "../../ui/format"
import { Section } from "../../ui/Page"
import { type Stretch, stretch, whole } from "./stretch"

const width = 600
const height = 16

// groupOf is what narrows the list of executions to those of a strip, in a stretch of time.
export function groupOf(f: FailureStrip, when: Stretch): Record<string, string> {
  return { processor_id: f.processor.id, error_code: f.code, kind: "real", ...when }
}

// FailureStrips are what fails most often, each by how often in each part of the time: the redder, the more.
export function FailureStrips({ data }: { data: HomeData }) {
  const most = Math.max(1, ...data.failures.flatMap((f) => f.executions))
  return (
    <Section title={t("What fails")}>
      {data.failures.length === 0 ? (
        <p className="t2">{t("Nothing has failed in this time.")}</p>
      ) : (
        <ul className="strips">
          {data.failures.map((f) => (
            <Strip key={`${f.processor.id} ${f.code}`} f={f} data={data} most={most} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Strip({ f, data, most }: { f: FailureStrip; data: HomeData; most: number }) {
  const navigate = useNavigate()
  const { edges, time_zone: zone } = data
  const step = width / Math.max(f.executions.length, 1)
  const marks = f.executions.map((n, i) => {
    const when = stretch(edges, i)
    return {
      name: t("{at}: {n, plural, =0 {no execution fails} one {# execution fails} other {# executions fail}}", {
        at: bucketName(when.after, when.before, zone),
        n,
      }),
      open: () => navigate({ to: "/executions", search: groupOf(f, when) as never }),
    }
  })
  return (
    <li className="fail-strip">
      <div className="strip-what">
        <Link className="row-link medium wrap" to="/executions" search={groupOf(f, whole(edges)) as never}>
          {f.message || f.code}
        </Link>
        <p className="t3 fs-12 trunc">
          {f.processor.name} · <code>{f.code}</code>
        </p>
      </div>
      <b className="num c-bad">{number(f.total)}</b>
      <Chart
        label={t("Failures of {name}: {code}", { name: f.processor.name, code: f.code })}
        marks={marks}
        width={width}
        height={height}
        x={(i) => (i + 0.5) * step}
      >
        <rect className="strip-ground" x={0} y={0} width={width} height={height} />
        {f.executions.map((n, i) =>
          n > 0 ? (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is its place
              key={i}
              className="viz-bad"
              x={i * step}
              y={0}
              width={step}
              height={height}
              fillOpacity={0.3 + 0.7 * Math.sqrt(n / most)}
            />
          ) : null,
        )}
      </Chart>
    </li>
  )
}
