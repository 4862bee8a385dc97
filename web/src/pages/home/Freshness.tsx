import { Link, useNavigate } from "@tanstack/react-router"
import type { FreshSource, HomeData } from "../../pulse/api"
import { t } from "../../text"
import { Line } from "../../ui/chart/Line"
import { bucketName } from "../../ui/chart/moments"
import { Section } from "../../ui/Page"
import { lasts } from "./lasts"
import { filterOf } from "./Pulse"
import { stretch, whole } from "./stretch"

// Freshness is, by source, how long after the moments that they tell of records were here.
export function Freshness({ data }: { data: HomeData }) {
  return (
    <Section title={t("From event to record")}>
      {data.freshness.length === 0 ? (
        <p className="t2">{t("No record came in in this time.")}</p>
      ) : (
        <div className="fresh">
          {data.freshness.map((f) => (
            <Cell key={f.source?.id ?? f.provider.id} f={f} data={data} />
          ))}
        </div>
      )}
    </Section>
  )
}

function Cell({ f, data }: { f: FreshSource; data: HomeData }) {
  const navigate = useNavigate()
  const { edges, time_zone: zone } = data
  const name = f.source?.name ?? t("Fixed webhooks")
  const marks = f.medians_ms.map((ms, i) => {
    const when = stretch(edges, i)
    const at = bucketName(when.after, when.before, zone)
    return {
      name: ms === null ? t("{at}: no record", { at }) : t("{at}: half of them within {time}", { at, time: lasts(ms) }),
      open: () => navigate({ to: "/deliveries", search: filterOf(f, when) as never }),
    }
  })
  return (
    <div className="fresh-row">
      <div className="r r-2">
        <Link className="row-link medium trunc" to="/deliveries" search={filterOf(f, whole(edges)) as never}>
          {name}
        </Link>
        <span className="t3 fs-12 trunc grow">{f.provider.name}</span>
      </div>
      <p className="t2 fs-12">{t("half within {p50}, nearly all within {p95}", { p50: lasts(f.p50_ms), p95: lasts(f.p95_ms) })}</p>
      <Line label={t("From event to record of {name}", { name: `${name}, ${f.provider.name}` })} points={f.medians_ms} marks={marks} height={36} />
    </div>
  )
}
