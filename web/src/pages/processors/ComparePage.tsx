import { useQuery, useQueryClient } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { useEffect, useMemo, useState } from "react"
import { Among, askOf } from "../../compare/Among"
import { addTests, contentOf, type Draft, draftQuery, saveDraft, type Tried } from "../../compare/api"
import { ConfirmSave } from "../../compare/ConfirmSave"
import { ExamplePanel } from "../../compare/ExamplePanel"
import { KindTable } from "../../compare/KindTable"
import { MetricMoves } from "../../compare/MetricMoves"
import { More } from "../../compare/More"
import { type Kind, kindsOf, ofGroup, sentence } from "../../compare/model"
import { NewIDs } from "../../compare/NewIDs"
import { Tally } from "../../compare/Tally"
import { useCompare } from "../../compare/useCompare"
import { type Processor, processorQuery, versionsQuery } from "../../processor/api"
import { LiveNow, lackingNow } from "../../processor/LiveNow"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Empty, Failure, Skeleton } from "../../ui/Feedback"
import { number } from "../../ui/format"
import { Icon } from "../../ui/Icon"
import { keyOf } from "../../ui/keys"
import { FilterPick, useFilters } from "../../ui/list"
import { Lead, Page, Section } from "../../ui/Page"
import { plainKey } from "../../ui/plainKey"
import { useToast } from "../../ui/Toast"

const ofRecords = t(
  "Against what the records hold now, not against the live version: what an undo, a person, another source or an older version left there differs as well.",
)

export default function ComparePage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const processor = useQuery(processorQuery(id))
  const draft = useQuery(draftQuery(id))
  if (processor.isPending || draft.isPending) return <Skeleton />
  if (processor.isError) return <Failure error={processor.error} retry={() => processor.refetch()} />
  if (draft.isError) return <Failure error={draft.error} retry={() => draft.refetch()} />
  return <Compare key={id} processor={processor.data} draft={draft.data} />
}

function Compare({ processor: p, draft }: { processor: Processor; draft: Draft | null }) {
  const { filters, set } = useFilters()
  const versions = useQuery(versionsQuery(p.id))
  const toast = useToast()
  const queries = useQueryClient()
  const chosen = filters.tests
  const picked = useMemo<ReadonlySet<string>>(() => new Set((chosen ?? "").split(",").filter(Boolean)), [chosen])
  const setPicked = (to: Iterable<string>) => set({ tests: [...to].join(",") || undefined }, true)
  const [saving, setSaving] = useState(false)
  const [adding, setAdding] = useState(false)

  // What is tried: what the URL says, else the draft, else the live version itself, of which nothing may differ.
  const given = Number(filters.version)
  const version = Number.isInteger(given) && given > 0 ? given : draft ? undefined : p.version
  const isDraft = version === undefined
  const tried: Tried | undefined = draft && isDraft ? { spec: contentOf(draft) } : version ? { version } : undefined
  const name = isDraft ? "draft" : String(version)
  const ask = askOf(filters)
  const { query, progress, stopped, again, cancel } = useCompare(p.id, isDraft ? `draft ${draft?.revision}` : name, tried, ask)
  const found = query.data

  const all = useMemo(() => (found ? kindsOf(found) : []), [found])
  const ends = useMemo(() => (found ? found.records.map((g) => ofGroup(g)) : []), [found])
  const kinds = filters.only ? all.filter((k) => k.weight === filters.only) : all
  const open = [...all, ...ends].find((k) => k.key === filters.kind)
  const at = Number(filters.example ?? 0) || 0
  const select = (k: Kind | undefined) => set({ kind: k?.key, example: undefined }, true)

  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const does = keyOf("compare", e)
      if (!open || !plainKey(e) || does === undefined) return
      const list = kinds.includes(open) ? kinds : ends
      const i = list.indexOf(open)
      const to = at + (does === "next" ? 1 : -1)
      e.preventDefault()
      e.stopImmediatePropagation()
      if (to >= 0 && to < open.examples.length) set({ example: String(to) }, true)
      else {
        const next = list[i + (does === "next" ? 1 : -1)]
        if (next) set({ kind: next.key, example: does === "back" ? String(Math.max(next.examples.length - 1, 0)) : undefined }, true)
      }
    }
    document.addEventListener("keydown", listen, true)
    return () => document.removeEventListener("keydown", listen, true)
  })

  const pick = (delivery: string) => setPicked(picked.has(delivery) ? [...picked].filter((d) => d !== delivery) : [...picked, delivery])
  const addPicked = async (ofDraft: boolean) => {
    setAdding(true)
    const example = (d: string) => all.flatMap((k) => k.examples.map((e) => ({ k, e }))).find((x) => x.e.delivery === d)
    try {
      const chosen = [...picked].map((d) => ({ id: d, name: `${example(d)?.k.what || d}`.slice(0, 150) }))
      const added = await addTests(p.id, chosen, isDraft ? draft : null, ofDraft)
      setPicked([])
      queries.invalidateQueries({ queryKey: ["processor", p.id] })
      toast.say(
        added.without > 0
          ? t("{n, plural, one {# test} other {# tests}} added; on {m} it never ran", { n: added.made, m: added.without })
          : t("{n, plural, one {# test} other {# tests}} added", { n: added.made }),
      )
    } catch (e) {
      toast.fail(t("The tests were not added"), e)
    } finally {
      setAdding(false)
    }
  }

  const label = isDraft ? t("draft") : `v${version}`
  const ofRuns = p.version ? t("What {label} writes against what v{n} writes, on the same deliveries.", { label, n: p.version }) : undefined
  const said = found && sentence(found)
  return (
    <Page
      title={t("Compare")}
      crumbs={[
        { label: t("Processors"), to: "/processors" },
        { label: p.name, to: `/processors/${p.id}` },
      ]}
      actions={
        <Link className="btn btn-ghost btn-icon btn-sm" to={`/processors/${p.id}`} aria-label={t("Close")} title={t("Close")}>
          <Icon name="x" />
        </Link>
      }
    >
      <div className="filters cmp-bar">
        <span className="tag live">{p.version ? t("live v{n}", { n: p.version }) : t("no version yet")}</span>
        <Icon name="arrow" size={14} className="t3" />
        <FilterPick
          label={t("against")}
          value={name}
          options={[
            ...(draft ? [{ value: "draft", label: t("draft") }] : []),
            ...(versions.data?.rows ?? []).map((v) => ({ value: String(v.version), label: `v${v.version}` })),
          ]}
          onChange={(v) => set({ version: v === "draft" || v === "" ? undefined : v, kind: undefined, only: undefined })}
        />
        <Among processor={p.id} filters={filters} set={(c) => set({ ...c, kind: undefined, only: undefined })} found={found?.identified_by} />
        <span className="push" />
        {found && <span className="st ok fs-12 from-md">{t("{n} tried, nothing was written", { n: number(found.deliveries) })}</span>}
        {tried && !query.isFetching && (
          <Button size="sm" icon="replay" onClick={again}>
            {found ? t("Run again") : t("Run")}
          </Button>
        )}
      </div>
      <div className={`cmp ${open ? "is-open" : ""}`}>
        <div className="scroll pad">
          {!tried ? (
            <Empty
              icon="flow"
              title={t("There is nothing to compare yet")}
              action={
                <Link className="btn" to={`/processors/${p.id}/spec`}>
                  {t("Edit spec")}
                </Link>
              }
            >
              {t("Change the spec first. Your draft is then held against the live version over what came in before, and nothing is written.")}
            </Empty>
          ) : query.isFetching ? (
            <Running progress={progress} onCancel={cancel} />
          ) : stopped ? (
            <Empty icon="stop" title={t("Stopped")} action={<Button onClick={again}>{t("Run it after all")}</Button>}>
              {t("Nothing was written.")}
            </Empty>
          ) : query.isError ? (
            <Failure error={query.error} retry={again} title={t("Could not compare")} />
          ) : found && said ? (
            <>
              <Lead title={said.title}>{said.more.join(" ")}</Lead>
              {found.deliveries > 0 && (
                <Tally of={found} only={filters.only ?? ""} onOnly={(w) => set({ only: filters.only === w ? undefined : w }, true)} />
              )}
              <NewIDs processor={p.id} groups={found.new_external_ids} saved={!isDraft && version === p.version} />
              {all.length > 0 && (
                <Section title={t("By kind of change")} count={kinds.length}>
                  <KindTable
                    against={ofRuns}
                    label={t("By kind of change")}
                    kinds={kinds}
                    selected={open?.key}
                    onSelect={select}
                    counted={t("Deliveries")}
                  />
                </Section>
              )}
              {ends.length > 0 && (
                <Section title={t("What the records would hold in the end")} count={ends.length}>
                  <KindTable
                    against={ofRecords}
                    label={t("What the records would hold in the end")}
                    kinds={ends}
                    selected={open?.key}
                    onSelect={select}
                    counted={t("Records")}
                  />
                </Section>
              )}
              <MetricMoves of={found.metrics} label={label} />
              <More of={found} />
            </>
          ) : null}
        </div>
        {open && tried && (
          <ExamplePanel
            key={open.key}
            processor={p.id}
            kind={open}
            at={at}
            onAt={(n) => set({ example: n ? String(n) : undefined }, true)}
            onClose={() => select(undefined)}
            left={p.version ? { name: t("live v{n}", { n: p.version }), tried: { version: p.version } } : undefined}
            right={{ name, label, tried }}
            picked={picked}
            onPick={pick}
          />
        )}
      </div>
      {found && (isDraft || picked.size > 0) && (
        <div className="cmp-foot">
          {found.tally.now_fails > 0 && isDraft && (
            <span className="st bad">
              <Icon name="fail" />
              {t("{n, plural, one {# delivery} other {# deliveries}} would fail; saving asks you to type it", { n: found.tally.now_fails })}
            </span>
          )}
          <span className="push" />
          {picked.size > 0 && (
            <Button
              size="sm"
              icon="flask"
              needs="configuration:write"
              busy={adding}
              onClick={() => addPicked(false)}
              title={t("A test expects what ran then, on the same delivery.")}
            >
              {t("Add {n, plural, one {# example as test} other {# examples as tests}}", { n: picked.size })}
            </Button>
          )}
          {picked.size > 0 && (
            <Button
              size="sm"
              needs="configuration:write"
              busy={adding}
              hidden={!isDraft}
              onClick={() => addPicked(true)}
              title={t("A test expects what the draft writes, on the same delivery.")}
            >
              {t("…expecting what the draft does")}
            </Button>
          )}
          {isDraft && draft && (
            <Button
              look={found.tally.now_fails > 0 ? "danger" : found.deliveries > 0 ? "primary" : "plain"}
              size="sm"
              icon="save"
              needs="configuration:write"
              onClick={() => setSaving(true)}
            >
              {found.tally.now_fails > 0 ? t("Save anyway…") : found.deliveries > 0 ? t("Save…") : t("Save without having tried it…")}
            </Button>
          )}
        </div>
      )}
      {saving && draft && (
        <ConfirmSave
          foreseen={{ nowFails: found?.tally.now_fails ?? 0, of: found?.deliveries ?? 0, since: found?.since ?? null }}
          untried={found?.deliveries === 0}
          onClose={() => setSaving(false)}
          onSave={async () => {
            const n = await saveDraft(p.id, draft)
            for (const key of ["processors", "processor", "compare", "dry-run"]) queries.invalidateQueries({ queryKey: [key] })
            setSaving(false)
            toast.say(<LiveNow text={t("Version {n} is live", { n })} lacking={await lackingNow(queries, p)} />)
          }}
        />
      )}
    </Page>
  )
}

function Running({ progress, onCancel }: { progress: { done: number; total?: number } | undefined; onCancel: () => void }) {
  const total = progress?.total
  return (
    <div className="empty" role="status">
      <h2>{t("Trying it on what came in before")}</h2>
      <progress className="cmp-progress" aria-label={t("Progress")} {...(progress && total ? { value: progress.done, max: total } : {})} />
      <p className="num">
        {progress && total ? t("{done} of {total} deliveries", { done: number(progress.done), total: number(total) }) : t("Starting")}
      </p>
      <Button size="sm" icon="stop" onClick={onCancel}>
        {t("Cancel")}
      </Button>
    </div>
  )
}
