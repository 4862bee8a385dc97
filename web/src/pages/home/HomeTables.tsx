import { Link } from "@tanstack/react-router"
import type { HomeData } from "../../pulse/api"
import { t } from "../../text"
import { number } from "../../ui/format"
import { Buckets } from "./Buckets"
import { GraphTables } from "./GraphTables"
import { filterOf } from "./Pulse"
import { stretch } from "./stretch"

// HomeTables are the charts as numbers.
export function HomeTables({ data }: { data: HomeData }) {
  const { edges, outcomes: o, sources } = data
  const outcomes = [o.created, o.updated, o.unchanged, o.skipped, o.failed]
  return (
    <>
      <Buckets
        title={t("Pulse")}
        label={t("Deliveries by source")}
        data={data}
        heads={sources.map((s) => ({ key: s.source?.id ?? s.provider.id, name: s.source?.name ?? s.provider.name }))}
        cell={(i, k) => {
          const s = sources[k]
          const usual = s?.band[i]
          return (
            s && (
              <>
                <Link className="row-link" to="/deliveries" search={filterOf(s, stretch(edges, i)) as never}>
                  {number(s.deliveries[i] ?? 0)}
                </Link>
                {usual && <span className="t3"> {t("usual {low}–{high}", { low: usual.low, high: usual.high })}</span>}
              </>
            )
          )
        }}
      />
      <Buckets
        title={t("Outcomes")}
        label={t("Executions by outcome")}
        data={data}
        heads={[t("new"), t("changed"), t("same"), t("skipped"), t("failed")].map((name) => ({ key: name, name }))}
        cell={(i, k) => number(outcomes[k]?.[i] ?? 0)}
        row={(i, name) => (
          <Link className="row-link" to="/executions" search={stretch(edges, i) as never}>
            {name}
          </Link>
        )}
      />
      <GraphTables data={data} />
    </>
  )
}
