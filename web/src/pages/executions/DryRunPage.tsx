import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { contentOf, draftQuery, dryRunQuery, type Tried } from "../../compare/api"
import { processorQuery } from "../../processor/api"
import { t } from "../../text"
import { asTrace, firstDifference } from "../../trace/dry"
import { TraceView } from "../../trace/TraceView"
import { Button } from "../../ui/Button"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { Outcomes } from "../../ui/Outcomes"
import { Page } from "../../ui/Page"
import { Status } from "../../ui/Status"
import { Tabs } from "../../ui/Tabs"

// DryRunPage is what a draft or a version would do with a delivery now, and beside it what the live version would.
export default function DryRunPage() {
  const { filters, set } = useFilters()
  const { processor = "", delivery = "" } = filters
  const of = useQuery({ ...processorQuery(processor), enabled: processor !== "" })
  const wantsDraft = filters.spec === "draft"
  const draft = useQuery({ ...draftQuery(processor), enabled: processor !== "" && wantsDraft })

  const live = of.data?.version ?? 0
  const version = Number(filters.spec)
  const tried: Tried | undefined = wantsDraft
    ? draft.data
      ? { spec: contentOf(draft.data) }
      : undefined
    : { version: Number.isInteger(version) && version > 0 ? version : live }
  const name = wantsDraft ? `draft ${draft.data?.revision}` : String(filters.spec ?? live)
  const both = filters.with === "live" && live > 0
  const ready = processor !== "" && delivery !== ""
  const right = useQuery({
    ...dryRunQuery(processor, tried ?? { version: live }, delivery, name),
    enabled: ready && tried !== undefined && live + (wantsDraft ? 1 : 0) > 0,
  })
  const left = useQuery({ ...dryRunQuery(processor, { version: live }, delivery, `live v${live}`), enabled: ready && both })
  const crumbs = [
    { label: t("Processors"), to: "/processors" },
    { label: of.data?.name ?? processor, to: `/processors/${processor}` },
  ]

  if (!ready || (wantsDraft && draft.data === null))
    return (
      <Page title={t("Dry run")}>
        <Empty
          icon="flask"
          title={t("There is nothing to run dry")}
          action={
            <Link className="btn" to="/processors">
              {t("To the processors")}
            </Link>
          }
        >
          {ready ? t("The draft is gone: it was saved, or thrown away.") : t("A dry run is of a processor and a delivery.")}
        </Empty>
      </Page>
    )
  const failed = of.error ?? draft.error ?? right.error ?? left.error
  if (failed)
    return (
      <Page title={t("Dry run")} crumbs={crumbs}>
        <Failure error={failed} retry={() => [of, draft, right, left].forEach((q) => void (q.isError && q.refetch()))} />
      </Page>
    )
  if (!of.data || !right.data || (both && !left.data)) return <Skeleton />

  const about = { processor, processorName: of.data.name, delivery }
  const [a, b] = [left.data && both ? asTrace(left.data, about) : undefined, asTrace(right.data, about)]
  const onLeft = filters.side === "live" && a !== undefined
  const [run, trace, other] = onLeft && left.data ? [left.data, a, b] : [right.data, b, a]
  const differs = trace && other ? firstDifference(trace, other) : undefined
  const label = wantsDraft ? t("draft") : `v${filters.spec ?? live}`
  return (
    <Page
      title={t("Dry run")}
      crumbs={crumbs}
      note={<Status is={run.status} />}
      actions={
        <Link className="btn btn-sm" to={`/deliveries/${delivery}`}>
          <Icon name="envelope" />
          {t("Delivery")}
        </Link>
      }
    >
      <div className="path">
        {a && (
          <Tabs
            label={t("Version")}
            value={onLeft ? "live" : "tried"}
            onChange={(side) => set({ side: side === "live" ? "live" : undefined }, true)}
            tabs={[
              { id: "live", label: t("live v{n}", { n: live }) },
              { id: "tried", label },
            ]}
          />
        )}
        <span className="node">
          <Icon name="rows" />
          <Outcomes counts={run.counts} />
        </span>
        {other && differs && (
          <Button size="sm" icon="down" onClick={() => set({ at: differs }, true)}>
            {t("First difference")}
          </Button>
        )}
        <span className="push" />
        <span className="t2 fs-12 from-md">{t("Nothing was written.")}</span>
      </div>
      {trace ? (
        <TraceView key={onLeft ? "live" : "tried"} trace={trace} at={filters.at ?? differs} onAt={(at) => set({ at }, true)} />
      ) : (
        <Empty icon="flask" title={t("It did not run")}>
          {run.errors[0]?.message ?? run.notes?.[0] ?? ""}
        </Empty>
      )}
    </Page>
  )
}
