import { useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useCallback, useMemo, useState } from "react"
import { Failed } from "../api/client"
import { language, t } from "../text"
import { Button } from "../ui/Button"
import type { Column } from "../ui/DataTable"
import { Empty, Failure, Skeleton } from "../ui/Feedback"
import { number } from "../ui/format"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { FilterPick, useFilters } from "../ui/list"
import { Page } from "../ui/Page"
import { type Preset, ViewTabs } from "../view/ViewTabs"
import { FilterBar } from "./FilterBar"
import { asked, type Filter, queryOf, spans } from "./filters"
import { type ChartPath, Histogram } from "./Histogram"
import { RowGrid } from "./RowGrid"
import { nothing, type Selection } from "./selection"
import { type Load, useRows } from "./useRows"

export interface Picked {
  ids: readonly string[]
  all: boolean // instead of them: all that match the query
  query: Record<string, string>
  count: number | undefined // nothing: more than are counted
  clear: () => void
}

interface Props<T extends { id: string }> {
  title: string
  list: string // of saved views, and of the route: "executions"
  name?: readonly string[] // of the queries, where it is not the list's: what changes them drops these
  noun: string
  icon: IconName
  load: (query: Record<string, string>) => Load<T>
  columns: Column<T>[]
  filters: readonly Filter[]
  fixed?: Record<string, string> // that the list always has
  search?: string
  presets?: Preset[]
  chart?: ChartPath
  tailing?: boolean // new rows come on top
  open: (row: T) => void
  selected?: string | undefined
  bulk?: (picked: Picked) => ReactNode
  empty: { title: string; text: ReactNode; action?: ReactNode }
  actions?: ReactNode
  sheet?: ReactNode
  instead?: (query: Record<string, string>) => ReactNode // of rows, where the address asks for groups
  groups?: { label: string }
  missing?: (query: Record<string, string>) => ReactNode // what else there is to do where nothing matches
}

// ListView is a page of a list of any length: views, search, filters, a chart, the rows, and what can be done to many.
export function ListView<T extends { id: string }>(p: Props<T>) {
  const { filters, set } = useFilters()
  const queries = useQueryClient()
  const now = asked(filters, p.filters)
  const query = { ...now, ...p.fixed }
  const text = queryOf(query)
  const [atTop, setTop] = useState(true)
  const [selection, setSelection] = useState<Selection>(nothing)
  const [allOf, setAllOf] = useState<string | undefined>(undefined) // the query whose matches are all picked
  const [stopped, setStopped] = useState<string | undefined>(undefined) // the query that is not looked through further
  const paused = filters.live === "off"
  const tailing = Boolean(p.tailing) && !paused && !filters.before
  const key = useMemo(() => [...(p.name ?? [p.list]), text], [p.name, p.list, text])
  const load = p.load
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the query
  const loader = useMemo(() => load(query), [text])
  const { pages, rows, fresh, waiting, letIn, total } = useRows(key, loader, tailing, atTop)
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isFetchNextPageError } = pages
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !isFetchNextPageError && stopped !== text) fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, stopped, text])
  const clear = () => set(Object.fromEntries(["search", "after", "before", ...p.filters.map((f) => f.key)].map((k) => [k, undefined])))
  const filtered = Object.keys(now).length > 0
  const grouped = p.groups && filters.by === "cause"
  // Filters of the address that the server refuses.
  const wrong = pages.error instanceof Failed ? pages.error.details.map((d) => d.field).filter((name) => name !== undefined && name in filters) : []
  const span = filters.span ?? "24h"
  const { after: _a, before: _b, ...timeless } = query
  const count = total === undefined ? (pages.isSuccess ? `${number(String(rows.length))}+` : undefined) : number(String(total))
  const note =
    total === undefined && rows.length >= 10_000
      ? `${number("10000")}+`
      : total === undefined && hasNextPage && rows.length > 0 && !filtered
        ? `${number("10000")}+`
        : count
  const picked: Picked = {
    ids: [...selection.ids],
    all: allOf === text,
    query,
    count: allOf === text ? total : selection.ids.size,
    clear: () => {
      setSelection(nothing)
      setAllOf(undefined)
    },
  }
  const select = (s: Selection) => {
    setSelection(s)
    setAllOf(undefined)
  }
  return (
    <Page
      title={p.title}
      note={note && (filtered ? t("{n} match", { n: note }) : note)}
      actions={
        <>
          {p.actions}
          <a className="btn btn-sm" href={`/v1/${p.list}/export${text && `?${text}`}`} download hrefLang={language()}>
            <Icon name="save" />
            {t("Export CSV")}
          </a>
        </>
      }
    >
      <div className="views">
        <ViewTabs list={p.list} presets={p.presets ?? [{ label: t("All"), search: {} }]} now={now} />
        <span className="push" />
        {p.groups && (
          <span className="seg">
            <button type="button" aria-pressed={!grouped} onClick={() => set({ by: undefined })}>
              {t("List")}
            </button>
            <button type="button" aria-pressed={Boolean(grouped)} onClick={() => set({ by: "cause" })}>
              {p.groups.label}
            </button>
          </span>
        )}
        {p.tailing && (
          <Button
            size="sm"
            aria-pressed={tailing}
            onClick={() => set({ live: paused ? undefined : "off" }, true)}
            title={tailing ? t("New ones appear by themselves") : t("The list stands still")}
          >
            <span className={tailing ? "live" : "live off"}>
              <span className="dot" />
              {tailing ? t("Live") : t("Paused")}
            </span>
          </Button>
        )}
      </div>
      <FilterBar filters={filters} all={p.filters} search={p.search} set={set} clear={clear} />
      {p.chart && (
        <div className="histo-row">
          <Histogram
            path={p.chart}
            query={timeless}
            span={span}
            after={filters.after}
            before={filters.before}
            onRange={(after, before) => set({ after, before })}
          />
          <FilterPick label={t("chart")} value={span} options={spans} onChange={(s) => set({ span: s === "24h" ? undefined : s })} />
        </div>
      )}
      {grouped && p.instead ? (
        <div className="lst">{p.instead(query)}</div>
      ) : (
        <div className={p.sheet ? "split" : "whole"}>
          <div className="list-main">
            {waiting > 0 && !atTop && (
              <button type="button" className="newrows" onClick={letIn}>
                {t("{n, plural, one {# new} other {# new}}", { n: waiting })}
              </button>
            )}
            {pages.isPending ? (
              <Skeleton />
            ) : pages.isError && rows.length === 0 ? (
              <Failure
                error={pages.error}
                retry={() => pages.refetch()}
                remedy={
                  wrong.length > 0 && (
                    <Button onClick={() => set(Object.fromEntries(wrong.map((name) => [name, undefined])))}>
                      {t("Take away {filters}", { filters: wrong.join(", ") })}
                    </Button>
                  )
                }
              />
            ) : rows.length === 0 && !hasNextPage ? (
              filtered ? (
                <Empty
                  icon="filter"
                  title={t("Nothing matches")}
                  action={
                    <span className="r r-wrap">
                      <Button onClick={clear}>{t("Clear filters")}</Button>
                      {p.missing?.(now)}
                    </span>
                  }
                >
                  {t("The filters hide all {noun}.", { noun: p.noun })}
                </Empty>
              ) : (
                <Empty icon={p.icon} title={p.empty.title} action={p.empty.action}>
                  {p.empty.text}
                </Empty>
              )
            ) : (
              <RowGrid
                key={text}
                label={p.title}
                rows={rows}
                columns={p.columns}
                total={total}
                ended={!hasNextPage}
                fresh={fresh}
                selected={p.selected}
                selection={p.bulk ? selection : undefined}
                onSelect={select}
                onOpen={p.open}
                onNearEnd={more}
                onTop={setTop}
                foot={
                  <div className="list-foot num" role="status">
                    {pages.isError ? (
                      <>
                        {pages.error.message}{" "}
                        <Button size="xs" onClick={() => fetchNextPage()}>
                          {t("Try again")}
                        </Button>
                      </>
                    ) : hasNextPage ? (
                      stopped === text ? (
                        <>
                          {t("Older ones were not looked at.")}{" "}
                          <Button size="xs" onClick={() => setStopped(undefined)}>
                            {t("Go on")}
                          </Button>
                        </>
                      ) : (
                        <>
                          {t("Looking at older ones")}{" "}
                          {filtered && (
                            <Button size="xs" onClick={() => setStopped(text)}>
                              {t("Stop")}
                            </Button>
                          )}
                        </>
                      )
                    ) : (
                      rows.length > 20 && t("That was all.")
                    )}
                  </div>
                }
              />
            )}
          </div>
          {p.sheet}
        </div>
      )}
      {p.bulk && !grouped && selection.ids.size > 0 && (
        <section className="bulkbar" aria-label={t("What is selected")}>
          <b>{picked.all ? t("All that match are selected") : t("{n} selected", { n: number(String(selection.ids.size)) })}</b>
          {!picked.all && (total === undefined || total > selection.ids.size) && (
            <button type="button" className="row-link" onClick={() => setAllOf(text)}>
              {t("Select all {n} that match", { n: note ?? "" })}
            </button>
          )}
          <span className="rule" />
          {p.bulk(picked)}
          <Button size="sm" look="ghost" icon="x" label={t("Select nothing")} onClick={picked.clear} />
        </section>
      )}
      <span className="vh" role="status">
        {pages.isFetching && !pages.isFetchingNextPage && queries.isFetching() > 0 ? t("Loading") : ""}
      </span>
    </Page>
  )
}
