import { Link, useNavigate } from "@tanstack/react-router"
import type { HomeData, SourcePulse } from "../../pulse/api"
import { t } from "../../text"
import { Line } from "../../ui/chart/Line"
import { bucketName } from "../../ui/chart/moments"
import { number } from "../../ui/format"
import { Icon } from "../../ui/Icon"
import { Section } from "../../ui/Page"
import { type Stretch, stretch } from "./stretch"

// filterOf is what narrows lists to a source, and to a stretch of time.
export function filterOf(s: Pick<SourcePulse, "source" | "provider">, when?: Stretch): Record<string, string> {
  return { ...(s.source ? { source_id: s.source.id } : { provider_id: s.provider.id }), ...when }
}

export function Pulse({ data }: { data: HomeData }) {
  const banded = data.sources.some((s) => s.band.length > 0)
  return (
    <Section
      title={t("Pulse")}
      action={!banded && data.sources.length > 0 && <span className="t3 fs-12">{t("What is usual shows after three weeks.")}</span>}
    >
      {data.sources.length === 0 ? (
        <p className="t2">{t("No source delivers yet.")}</p>
      ) : (
        <div className="multiples">
          {data.sources.map((s) => (
            <Cell key={s.source?.id ?? s.provider.id} s={s} data={data} />
          ))}
        </div>
      )}
    </Section>
  )
}

function Cell({ s, data }: { s: SourcePulse; data: HomeData }) {
  const navigate = useNavigate()
  const name = s.source?.name ?? t("Fixed webhooks")
  const marks = s.deliveries.map((n, i) => {
    const when = stretch(data.edges, i)
    const band = s.band[i]
    const text = t("{at}: {n, plural, one {# delivery} other {# deliveries}}", {
      at: bucketName(when.after, when.before, data.time_zone),
      n,
      count: number(n),
    })
    return {
      name: band ? `${text}, ${t("usual {low}–{high}", { low: number(band.low), high: number(band.high) })}` : text,
      open: () => navigate({ to: "/deliveries", search: filterOf(s, when) as never }),
    }
  })
  return (
    <div className="multiple">
      <div className="r r-2">
        <Link className="row-link medium trunc grow" to="/deliveries" search={filterOf(s) as never}>
          {name}
        </Link>
        <State s={s} />
      </div>
      <div className="r r-2 t2 fs-12">
        <span className="trunc grow">{s.provider.name}</span>
        <span className="num nowrap">
          <b>{number(s.last_hour)}</b> {t("in the last hour")}
        </span>
      </div>
      <Line
        label={t("Deliveries of {name}", { name: `${name}, ${s.provider.name}` })}
        points={s.deliveries}
        band={s.band}
        marks={marks}
        tone={s.state === "silent" ? "bad" : s.state === "burst" ? "warn" : undefined}
      />
    </div>
  )
}

function State({ s }: { s: SourcePulse }) {
  if (s.state === "silent")
    return (
      <span className="c-bad nowrap fs-12">
        <Icon name="fail" size={14} className="inline-i" /> {t("silent")}
      </span>
    )
  if (s.state === "burst")
    return (
      <span className="c-warn nowrap fs-12">
        <Icon name="warnf" size={14} className="inline-i" /> {t("burst")}
      </span>
    )
  return s.state === "usual" ? <span className="t3 nowrap fs-12">{t("as usual")}</span> : null
}
