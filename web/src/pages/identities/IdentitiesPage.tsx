import { useQueries, useQuery } from "@tanstack/react-query"
import { useCallback, useEffect, useMemo, useRef, useState } from "react"
import { entityKinds } from "../../entity/kinds"
import { type Change, type Changed, type Identity, identityQuery, type Standing, standingQuery, useIdentityChanges } from "../../identity/api"
import { BulkBar } from "../../identity/BulkBar"
import { IdentityDetail } from "../../identity/IdentityDetail"
import { Inbox } from "../../identity/Inbox"
import { useTakeBack } from "../../identity/useTakeBack"
import { FilterBar } from "../../list/FilterBar"
import { asked, type Filter, queryOf } from "../../list/filters"
import { loadOf } from "../../list/load"
import { every, nothing, type Selection } from "../../list/selection"
import { useRows } from "../../list/useRows"
import { providersQuery } from "../../provider/api"
import { language, t } from "../../text"
import { Button } from "../../ui/Button"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { number } from "../../ui/format"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { useMay } from "../../ui/may"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"
import { ViewTabs } from "../../view/ViewTabs"

// The views that everybody has; nothing in the address: what is to be linked.
const views = [
  { id: undefined, label: t("Unlinked"), title: t("Unlinked external identities"), query: { linked: "false" } },
  { id: "ignored", label: t("Ignored"), title: t("Ignored external identities"), query: { ignored: "true" } },
  { id: "linked", label: t("Linked"), title: t("Linked external identities"), query: { linked: "true" } },
  { id: "all", label: t("All"), title: t("All external identities"), query: {} },
] as const

const ages = [1, 7, 30].map((n) => ({ value: String(n), label: t("{n, plural, one {# day} other {# days}} ago or earlier", { n }) }))

const orders = [
  { value: "id", label: t("oldest first") },
  { value: "external_name", label: t("by name") },
]

const near = 40 // rows from the end when the next page is asked for
const kept = 50 // things done that U takes back, one after the other
const pickable = 5_000 // identities that are picked at once

export default function IdentitiesPage() {
  const { filters, set: change } = useFilters()
  const set: typeof change = (to, replace) => change({ ...("id" in to ? {} : { id: undefined }), ...to }, replace)
  const view = views.find((v) => v.id === filters.view) ?? views[0]
  const providers = useQuery(providersQuery())
  const narrowing: Filter[] = [
    { key: "kind", label: t("kind"), options: entityKinds.map((k) => ({ value: k.id, label: k.one })) },
    { key: "provider_id", label: t("provider"), options: (providers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })) },
    { key: "seen_days", label: t("first seen"), options: ages },
    { key: "sort", label: t("order"), options: orders, none: t("newest first") },
  ]
  const narrowed = asked(filters, narrowing)
  const asks: Record<string, string> = { ...narrowed, ...view.query }
  const text = queryOf(asks)
  const { sort: _, ...unordered } = asks
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the query
  const load = useMemo(() => loadOf<Identity>("/v1/identities")(asks), [text])
  const { pages: query, rows, total } = useRows(["identities", "inbox", text], load, false, true)
  const clear = () => set({ search: undefined, kind: undefined, provider_id: undefined, seen_days: undefined, sort: undefined })
  const ended = !query.hasNextPage
  const standing = useStandings(rows)

  // A link to one that is not among the rows that are loaded shows it all the same.
  const found = rows.findIndex((r) => r.id === filters.id)
  const away = useQuery({ ...identityQuery(filters.id ?? ""), enabled: Boolean(filters.id) && found < 0 && query.isSuccess })
  const current = found >= 0 ? rows[found] : filters.id ? away.data : rows[0]
  // Answers come when the filters and rows may be others than when they were asked for.
  const now = useRef({ set, rows })
  now.current = { set, rows }
  const select = (id: string | undefined) => now.current.set({ id }, true)

  const [picked, pick] = useState<Selection>(nothing)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list has other rows
  useEffect(() => pick(nothing), [text])
  const chosen = rows.filter((r) => picked.ids.has(r.id))
  const toast = useToast()
  const mayLink = useMay("identities:link")
  const changes = useIdentityChanges()
  const takeBack = useTakeBack(changes)
  const [done, setDone] = useState<Changed[][]>([])
  const [progress, setProgress] = useState<number>()

  const undo = (what: Changed[]) => {
    setDone((all) => all.filter((d) => d !== what))
    takeBack(what).then(() => {
      query.refetch()
      const one = what[0]
      if (what.length === 1 && one) select(one.id)
    })
  }

  const act = (all: Change[], said: string, failed: string) => {
    const gone = new Set(all.map((c) => c.id))
    // The next one that stays is chosen; after the last, the one before.
    const at = Math.max(found, 0)
    const next =
      current && gone.has(current.id) ? (rows.slice(at).find((r) => !gone.has(r.id)) ?? rows.slice(0, at).findLast((r) => !gone.has(r.id))) : current
    setProgress(0)
    changes.mutate(
      { changes: all, told: setProgress },
      {
        onSuccess: (result) => {
          const not = result.filter((r) => !r.done)
          const did = result.filter((r) => r.done)
          if (did.length > 0) {
            setDone((before) => [...before.slice(1 - kept), did])
            toast.say(said, () => undo(did))
          }
          if (not.length > 0)
            toast.fail(all.length === 1 ? failed : t("{n} of {all} not done", { n: not.length, all: all.length }), new Error(not[0]?.message ?? ""))
          pick(nothing)
          select(now.current.rows.some((r) => r.id === next?.id) ? next?.id : undefined)
          focusInbox()
        },
        onError: (e) => toast.fail(failed, e),
        onSettled: () => setProgress(undefined),
      },
    )
  }

  const fetchNext = query.fetchNextPage
  const fetching = query.isFetchingNextPage
  const onSight = useCallback(
    (_: number, to: number) => {
      if (!ended && !fetching && to > rows.length - near) fetchNext()
    },
    [ended, fetching, rows.length, fetchNext],
  )
  const pickAll = async () => {
    let all = rows
    let more = query.hasNextPage
    while (more && all.length < pickable) {
      const got = await fetchNext()
      if (got.isError) return toast.fail(t("Not all could be picked"), got.error)
      all = got.data?.pages.flatMap((p) => p.rows) ?? all
      more = got.hasNextPage
    }
    pick(every(all.slice(0, pickable).map((r) => r.id)))
  }

  const filtered = Object.keys(narrowed).some((k) => k !== "sort")
  const last = done.at(-1)
  return (
    <Page
      title={view.title}
      note={query.data && (total === undefined ? t("10,000+ identities") : t("{n, plural, one {# identity} other {# identities}}", { n: total }))}
      actions={
        <a className="btn btn-sm" href={`/v1/identities/export?${queryOf(unordered)}`} download hrefLang={language()}>
          <Icon name="save" />
          {t("Export CSV")}
        </a>
      }
    >
      <div className="views">
        <ViewTabs
          list="identities"
          presets={views.map((v) => ({ label: v.label, search: (v.id ? { view: v.id } : {}) as Record<string, string> }))}
          keep={narrowed}
          now={{ ...narrowed, ...(view.id && { view: view.id }) }}
        />
      </div>
      <FilterBar filters={filters} all={narrowing} search={t("Name, id or e-mail")} set={set} clear={clear} />
      <div className={`mail triage-mail ${filters.id ? "is-open" : ""}`}>
        <div className="mail-l">
          {query.isPending ? (
            <Skeleton />
          ) : query.isError && !query.data ? (
            <Failure error={query.error} retry={() => query.refetch()} />
          ) : rows.length > 0 ? (
            <Inbox
              rows={rows}
              total={total}
              ended={ended}
              selected={current?.id}
              standing={standing}
              picked={picked}
              onPick={(s) => mayLink && pick(s)}
              onSelect={select}
              onSight={onSight}
            />
          ) : filtered ? (
            <Empty icon="filter" title={t("Nothing matches")} action={<Button onClick={clear}>{t("Clear filters")}</Button>}>
              {t("The filters hide all {noun}.", { noun: t("identities") })}
            </Empty>
          ) : (
            <Nothing view={view.id} />
          )}
          <BulkBar
            picked={chosen}
            busy={changes.isPending}
            progress={changes.isPending ? progress : undefined}
            onClear={() => pick(nothing)}
            onAll={chosen.length < Math.min(total ?? pickable, pickable) ? pickAll : undefined}
            act={(all, said) => act(all, said, t("Not done"))}
          />
        </div>
        {current && (
          <div className="mail-r">
            <button type="button" className="btn btn-sm only-narrow-inline" onClick={() => set({ id: undefined }, true)}>
              {t("Back to the list")}
            </button>
            <IdentityDetail
              key={current.id + String(current.entity?.id) + String(current.ignored)}
              identity={current}
              busy={changes.isPending}
              place={
                found >= 0 || !filters.id ? (
                  <Place
                    at={Math.max(found, 0)}
                    of={total ?? rows.length}
                    known={total !== undefined}
                    go={(by) => select(rows[Math.max(found, 0) + by]?.id ?? current.id)}
                  />
                ) : null
              }
              act={(change, said, failed) => act([change], said, failed)}
              undo={last && (() => undo(last))}
            />
          </div>
        )}
      </div>
    </Page>
  )
}

// focusInbox gives the focus back to the list when what had it is gone.
function focusInbox() {
  requestAnimationFrame(() => {
    if (document.activeElement && document.activeElement !== document.body && document.activeElement.isConnected) return
    const to = document.querySelector<HTMLElement>(".inbox") ?? document.getElementById("main")
    to?.focus({ preventScroll: true })
  })
}

function Place({ at, of, known, go }: { at: number; of: number; known: boolean; go: (by: number) => void }) {
  return (
    <span className="r r-1 nowrap">
      <span className="t3 num">{t("{at} of {n}", { at: number(at + 1), n: number(of) + (known ? "" : "+") })}</span>
      <Button size="sm" icon="up" label={t("Previous identity")} disabled={at === 0} onClick={() => go(-1)} />
      <Button size="sm" icon="down" label={t("Next identity")} disabled={at + 1 >= of} onClick={() => go(1)} />
    </span>
  )
}

function Nothing({ view }: { view: (typeof views)[number]["id"] }) {
  const texts = {
    unlinked: [t("Everything is linked"), t("An external identity that nobody knows yet waits here, until you say who or what it is.")],
    ignored: [t("Nothing is ignored"), t("What you ignore on the unlinked list is kept here.")],
    linked: [t("Nothing is linked"), t("What you link on the unlinked list is kept here.")],
    all: [t("No identities yet"), t("They appear as soon as a processor or a fixed webhook names an agent, team, project, segment or proposition.")],
  }[view ?? "unlinked"]
  return (
    <Empty icon="ident" title={texts[0] ?? ""}>
      {texts[1]}
    </Empty>
  )
}

// useStandings is what waits for each row, asked for by the hundred.
function useStandings(rows: Identity[]): Map<string, Standing> {
  // Rows that leave a hundred do not make it another one.
  const parts = useRef<string[][]>([])
  const known = new Set(parts.current.flat())
  const fresh = rows.filter((r) => !known.has(r.id)).map((r) => r.id)
  for (let at = 0; at < fresh.length; at += 100) parts.current.push(fresh.slice(at, at + 100))
  const wanted = new Set(rows.map((r) => r.id))
  parts.current = parts.current.filter((part) => part.some((id) => wanted.has(id)))
  const all = useQueries({ queries: parts.current.map((ids) => standingQuery(ids)) })
  return new Map(all.flatMap((q) => q.data ?? []).map((s) => [s.id, s]))
}
