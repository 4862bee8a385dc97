import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { live } from "../../api/query"
import { countQuery, type ExecutionFilters, executionsQuery, statuses } from "../../execution/api"
import { ExecutionTable } from "../../execution/ExecutionTable"
import { processorsQuery } from "../../processor/api"
import { allSourcesQuery } from "../../source/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { number } from "../../ui/format"
import { FilterPick, ListBody, Pager, perPage, useFilters } from "../../ui/list"
import { Page } from "../../ui/Page"
import { word } from "../../ui/words"

const views = [
  { label: t("All"), status: undefined },
  { label: t("Failed"), status: "failed" },
  { label: t("Partial"), status: "partial" },
  { label: t("Waiting"), status: "waiting" },
] as const

export default function ExecutionsPage() {
  const { filters, set, clear } = useFilters()
  const page = Number(filters.page ?? 1)
  const watching = filters.live !== "off" && page === 1
  const { source_id, processor_id, status } = filters
  const query = useQuery({
    ...executionsQuery({ source_id, processor_id, status: status as ExecutionFilters["status"], page, per_page: perPage }),
    refetchInterval: watching ? live : false,
    placeholderData: keepPreviousData,
  })
  const sources = useQuery(allSourcesQuery)
  const processors = useQuery(processorsQuery())
  const navigate = useNavigate()
  const total = query.data?.meta.total
  const filtered = Boolean(source_id || processor_id || status)
  return (
    <Page title={t("Processor executions")} note={total !== undefined && (filtered ? t("{n} match", { n: number(total) }) : number(total))}>
      <div className="views">
        <nav className="tabs" aria-label={t("Views")}>
          {views.map((v) => (
            <Link
              key={v.label}
              to="/executions"
              search={{ ...filters, status: v.status, page: undefined } as never}
              aria-current={(status ?? undefined) === v.status ? "page" : undefined}
            >
              {v.label}
              {v.status && <Count of={v.status} />}
            </Link>
          ))}
        </nav>
        <span className="push" />
        <Button
          size="sm"
          aria-pressed={watching}
          onClick={() => set({ live: watching ? "off" : undefined, page: undefined }, true)}
          title={watching ? t("New executions appear by themselves") : t("The list stands still")}
        >
          <span className={watching ? "live" : "live off"}>
            <span className="dot" />
            {watching ? t("Live") : t("Paused")}
          </span>
        </Button>
      </div>
      <div className="filters">
        <FilterPick
          label={t("status")}
          value={status ?? ""}
          options={statuses.map((s) => ({ value: s, label: word(s) }))}
          onChange={(v) => set({ status: v })}
        />
        <FilterPick
          label={t("source")}
          value={source_id ?? ""}
          options={(sources.data?.rows ?? []).map((s) => ({ value: s.id, label: s.name }))}
          onChange={(v) => set({ source_id: v })}
        />
        <FilterPick
          label={t("processor")}
          value={processor_id ?? ""}
          options={(processors.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name }))}
          onChange={(v) => set({ processor_id: v })}
        />
      </div>
      <div className="lst">
        <ListBody
          query={query}
          filtered={filtered}
          clear={clear}
          icon="runs"
          noun={t("executions")}
          empty={{
            title: t("No execution yet"),
            text: t(
              "One stands here for each delivery and each processor that ran on it. Link an enabled processor to a source, and send something to its URL.",
            ),
            action: (
              <Link className="btn" to="/providers">
                {t("To the providers")}
              </Link>
            ),
          }}
        >
          {(rows) => <ExecutionTable rows={rows} onOpen={(e) => navigate({ to: `/executions/${e.id}` })} />}
        </ListBody>
      </div>
      <Pager
        meta={query.data?.meta}
        rows={query.data?.rows.length ?? 0}
        page={page}
        onPage={(p) => set({ page: String(p) })}
        noun={t("executions")}
      />
    </Page>
  )
}

// Count stands beside a view that wants a look; nothing does when there is none.
function Count({ of }: { of: "failed" | "partial" | "waiting" }) {
  const { data } = useQuery(countQuery(of))
  return data ? <span className="count">{number(data)}</span> : null
}
