import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { type HomeData, homeQuery, type Range, ranges } from "../../pulse/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Failure, Skeleton } from "../../ui/Feedback"
import { useFilters } from "../../ui/list"
import { Moment } from "../../ui/Moment"
import { Lead, Page, Section } from "../../ui/Page"
import { Tabs } from "../../ui/Tabs"
import { FailureStrips } from "./FailureStrips"
import { FlowMap } from "./FlowMap"
import { Freshness } from "./Freshness"
import { HomeTables } from "./HomeTables"
import { LatencyChart } from "./LatencyChart"
import { LinkRate } from "./LinkRate"
import { Needs } from "./Needs"
import { OutcomeChart } from "./OutcomeChart"
import { Pulse } from "./Pulse"
import { sum } from "./stretch"

const names: Record<Range, string> = { "1h": t("1 h"), "24h": t("24 h"), "7d": t("7 d"), "30d": t("30 d") }

// Overview is how things go: what comes in, what becomes of it, and what needs a person.
export function Overview() {
  const { filters, set } = useFilters()
  const range = ranges.find((r) => r === filters.range) ?? "24h"
  const table = filters.view === "table"
  const home = useQuery({ ...homeQuery(range), placeholderData: keepPreviousData })
  return (
    <Page
      title={t("Home")}
      actions={
        <>
          <Tabs
            label={t("How far back")}
            tabs={ranges.map((id) => ({ id, label: names[id] }))}
            value={range}
            onChange={(r) => set({ range: r }, true)}
          />
          <Button size="sm" icon="rows" aria-pressed={table} onClick={() => set({ view: table ? undefined : "table" }, true)}>
            {t("Table")}
          </Button>
        </>
      }
    >
      {home.isPending ? (
        <Skeleton />
      ) : home.isError && !home.data ? (
        <Failure error={home.error} retry={() => home.refetch()} />
      ) : (
        <Shown data={home.data} table={table} />
      )}
    </Page>
  )
}

function Shown({ data, table }: { data: HomeData; table: boolean }) {
  const runs = sum(Object.values(data.outcomes).flat())
  const odd = data.sources.filter((s) => s.state === "silent" || s.state === "burst").length
  return (
    <div className="scroll pad">
      <Lead
        title={
          data.needs.length === 0
            ? t("Nothing needs a person")
            : t("{n, plural, one {# thing needs} other {# things need}} a person", { n: data.needs.length })
        }
      >
        {odd > 0 &&
          `${t("{odd} of {all, plural, one {# source} other {# sources}} {odd, plural, one {is} other {are}} not as usual.", { odd, all: data.sources.length })} `}
        {t("{n, plural, one {# execution} other {# executions}} in this time.", { n: runs })}
      </Lead>
      <div className="home">
        <div className="home-needs">
          <Section
            title={t("Needs a person")}
            action={
              <span className="t3 fs-12">
                {t("counted to")} <Moment at={data.counted_to} />
              </span>
            }
          >
            <Needs needs={data.needs} />
          </Section>
        </div>
        <div className="home-main">
          {table ? (
            <HomeTables data={data} />
          ) : (
            <>
              <Pulse data={data} />
              <OutcomeChart data={data} />
              <FailureStrips data={data} />
              <FlowMap data={data} />
            </>
          )}
        </div>
        <div>
          <LinkRate data={data} table={table} />
          <LatencyChart data={data} table={table} />
          {!table && <Freshness data={data} />}
        </div>
      </div>
    </div>
  )
}
