import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react"
import type { Detail } from "../../api/client"
import { libraryQuery } from "../../library/api"
import type { Library } from "../../library/library"
import { type Processor, processorQuery, type Spec as Saved, specQuery } from "../../processor/api"
import { check, compare, coverageQuery, type Drafts, draftQuery, dryRun, forgetDraft, keepDraft } from "../../spec/api"
import { fixed, useCommands } from "../../spec/commands"
import { SpecContext, useSpec, useStore } from "../../spec/context"
import { Drawer, type DrawerTab, fixOf, useProblems } from "../../spec/Drawer"
import { emptySpec, type Spec, stepAt } from "../../spec/document"
import { Elsewhere } from "../../spec/Elsewhere"
import { Newer } from "../../spec/Newer"
import { seenIn, sharesOf } from "../../spec/overlay"
import { SpecPanel } from "../../spec/SpecPanel"
import type { Overlay } from "../../spec/StepRow"
import { StepTree } from "../../spec/StepTree"
import { Switching } from "../../spec/Switching"
import { SpecStore, type State } from "../../spec/store"
import { TestDialog } from "../../spec/TestDialog"
import { DraftState, UndoRedo } from "../../spec/TopBar"
import { useSave } from "../../spec/useSave"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Failure, Skeleton } from "../../ui/Feedback"
import { Icon } from "../../ui/Icon"
import { useFilters } from "../../ui/list"
import { useMay } from "../../ui/may"
import { Page } from "../../ui/Page"
import { plainKey } from "../../ui/plainKey"
import { Tabs } from "../../ui/Tabs"

const YamlTab = lazy(() => import("../../spec/YamlTab"))
const TestsTab = lazy(() => import("../../spec/TestsTab"))
const HistoryTab = lazy(() => import("../../spec/HistoryTab"))
const Inspector = lazy(() => import("../../inspector/Inspector"))

const tabs = ["steps", "yaml", "coverage", "tests", "history"] as const
type Tab = (typeof tabs)[number]

// The Spec Builder: what it is about on the left, the steps, and one step in full on the right.
export default function SpecPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const processor = useQuery(processorQuery(id))
  const spec = useQuery(specQuery(id))
  const draft = useQuery(draftQuery(id))
  const library = useQuery(libraryQuery(id))
  const failed = [processor, spec, draft, library].find((q) => q.isError)
  if (failed?.error) return <Failure error={failed.error} retry={() => failed.refetch()} title={t("Could not open the Spec Builder")} />
  if (!processor.data || !spec.data || !draft.data || !library.data) return <Skeleton />
  return <Open key={id} processor={processor.data} saved={spec.data} drafts={draft.data} library={library.data} />
}

function Open({ processor, saved, drafts, library }: { processor: Processor; saved: Saved; drafts: Drafts; library: Library }) {
  const may = useMay("configuration:write")
  const [store] = useState(
    () =>
      new SpecStore({
        processor: processor.id,
        server: {
          check: (content, signal) => check(processor.id, content, signal),
          compare: (content, against, signal) => compare(processor.id, content, against, signal),
          dryRun: (content, of, signal) => dryRun(processor.id, content, of, signal),
          keep: (content, base, revision) => keepDraft(processor.id, content, base, revision),
          forget: () => forgetDraft(processor.id),
        },
        shelf: sessionStorage,
        base: saved.version,
        saved: saved.version > 0 ? (saved.tree as Spec) : undefined,
        kept: drafts.mine,
        start: emptySpec(processor.source_model),
        readOnly: !may,
      }),
  )
  useEffect(() => {
    const leave = () => store.flush()
    addEventListener("pagehide", leave)
    return () => {
      removeEventListener("pagehide", leave)
      store.close()
    }
  }, [store])
  // Somebody may save while this is open.
  const { data: now } = useQuery({ ...specQuery(processor.id), refetchInterval: 20_000 })
  useEffect(() => {
    if (now) store.somebodySaved(now.version)
  }, [now, store])
  return (
    <SpecContext.Provider value={store}>
      <Builder processor={processor} library={library} others={drafts.others} />
    </SpecContext.Provider>
  )
}

function Builder({ processor, library, others }: { processor: Processor; library: Library; others: Drafts["others"] }) {
  const store = useStore()
  const commands = useCommands(library)
  const navigate = useNavigate()
  const { filters, set } = useFilters()
  const tab = (tabs.includes(filters.tab as Tab) ? filters.tab : "steps") as Tab
  const [drawer, setDrawer] = useState<DrawerTab | undefined>("problems")
  const [left, setLeft] = useState(() => innerWidth > 1100) // below that it lies over the list
  const [right, setRight] = useState(true)
  const [sheet, setSheet] = useState(false)
  const [traced, setTraced] = useState(true)
  const [testing, setTesting] = useState(false)
  const problems = useProblems()
  const run = useSpec((s) => s.run)
  const old = useSpec((s) => s.running || s.runFailed !== undefined)
  const base = useSpec((s) => s.base)
  const asked = useSpec((s) => s.focusAsked)
  const coverage = useQuery({ ...coverageQuery(processor.id, base), enabled: tab === "coverage" && base > 0 })
  const saving = useSave(processor, () => setDrawer("problems"))
  const box = useRef<HTMLDivElement>(null)

  const overlay = useMemo<Overlay>(() => {
    if (tab === "coverage") return { is: "coverage", of: sharesOf(coverage.data) }
    return traced && run?.trace ? { is: "trace", of: seenIn(run.trace.steps), old } : { is: "none" }
  }, [tab, coverage.data, traced, run, old])

  const setTab = useCallback((to: Tab) => set({ tab: to === "steps" ? undefined : to }, true), [set])

  useEffect(() => {
    if (asked) {
      setRight(true)
      setSheet(true)
    }
  }, [asked])

  const openProblem = useCallback(
    (p: Detail) => {
      const found = stepAt(store.get().spec, p.pointer ?? "")
      const id = p.instruction_id ?? found?.step.id
      if (tab === "yaml" || !id) return
      if (tab !== "steps" && tab !== "coverage") setTab("steps")
      store.focus(id, found?.rest[0])
    },
    [store, tab, setTab],
  )

  const at = useRef(-1)
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const mod = e.ctrlKey || e.metaKey
      const key = e.key.toLowerCase()
      const did = (act: () => void) => {
        e.preventDefault()
        act()
      }
      const editing = e.target instanceof Element && e.target.closest("input, textarea, select, [contenteditable]")
      if (mod && key === "s") return did(() => saving.go())
      if (mod && key === "enter") return did(() => (e.shiftKey ? navigate({ to: `/processors/${processor.id}/compare` }) : setTesting(true)))
      if (e.key === "F8" && problems.length > 0)
        return did(() => {
          at.current = (at.current + (e.shiftKey ? -1 : 1) + problems.length) % problems.length
          setDrawer("problems")
          const p = problems[at.current]
          if (p) openProblem(p)
        })
      if (mod && key === "." && !e.defaultPrevented) {
        const mine = problems.find((p) => fixOf(p) && isOf(p, store.get())) ?? problems.find(fixOf)
        const fix = mine && fixOf(mine)
        if (fix) return did(() => store.edit(fix.title, (s) => fixed(s, fix.edits ?? [])))
      }
      if (editing) return
      if (mod && key === "z") return did(() => (e.shiftKey ? store.redo() : store.undo()))
      if (mod && key === "y") return did(() => store.redo())
      if (!plainKey(e)) return
      if (e.key === "[") did(() => setLeft((on) => !on))
      else if (e.key === "]") did(() => setRight((on) => !on))
      else if (key === "t") did(() => setTraced((on) => !on))
      else if (key === "y") did(() => setTab(tab === "yaml" ? "steps" : "yaml"))
      else if (e.key === "Escape") did(() => box.current?.querySelector<HTMLElement>("[data-steps]")?.focus())
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  })

  const errors = problems.filter((p) => p.severity !== "warning").length
  return (
    <Page
      title={processor.name}
      crumbs={[{ label: t("Processors"), to: "/processors" }]}
      note={<DraftState />}
      actions={
        <>
          <UndoRedo />
          <Button needs="processors:run" size="sm" icon="flask" keys="Ctrl ⏎" onClick={() => setTesting(true)}>
            {t("Test")}
          </Button>
          <Link className="btn btn-sm only-l" to={`/processors/${processor.id}/compare`}>
            <Icon name="compare" />
            {t("Compare…")}
          </Link>
          <Switching processor={processor} />
          <Button
            needs="configuration:write"
            size="sm"
            look="primary"
            icon="save"
            keys="Ctrl S"
            busy={saving.busy}
            title={errors > 0 ? t("{n, plural, one {# problem} other {# problems}} to solve first", { n: errors }) : undefined}
            onClick={saving.go}
          >
            {t("Save")}
          </Button>
        </>
      }
    >
      <div
        ref={box}
        className={`bld ${left ? "" : "no-left"} ${right && tab !== "tests" && tab !== "history" && tab !== "yaml" ? "" : "no-insp"} ${sheet ? "sheet-open" : ""}`}
      >
        <SpecPanel library={library} processor={processor.id} />
        <section className="centre" aria-label={t("Spec")}>
          <div className="sub">
            <Button
              size="sm"
              look="ghost"
              icon="sidel"
              label={t("Show or hide the panel on the left")}
              aria-pressed={left}
              onClick={() => setLeft(!left)}
            />
            <Tabs
              label={t("Views of the spec")}
              value={tab}
              onChange={setTab}
              tabs={[
                { id: "steps", label: t("Steps") },
                { id: "yaml", label: t("YAML") },
                { id: "coverage", label: t("Coverage") },
                { id: "tests", label: t("Tests") },
                { id: "history", label: t("History") },
              ]}
            />
            <span className="push" />
            {tab === "steps" && <Values on={traced} onSwitch={() => setTraced(!traced)} />}
          </div>
          <Newer processor={processor.id} />
          <Elsewhere processor={processor.id} />
          {others.length > 0 && (
            <p className="pad-s t2 fs-12">
              <Icon name="edit" size={12} className="inline-i" />{" "}
              {t("{who} has a draft of this spec, too. Whoever saves last is told.", { who: others.map((o) => o.name).join(", ") })}
            </p>
          )}
          {tab === "coverage" && base === 0 && <p className="pad-s t2">{t("Coverage is of saved versions. Save one first.")}</p>}
          {tab === "coverage" && coverage.data && (
            <p className="pad-s t2">
              {t("Version {n} over the last {deliveries} deliveries: {reached} of {all} steps and {branches} of {of} branches were reached.", {
                n: coverage.data.version,
                deliveries: coverage.data.deliveries,
                reached: coverage.data.instructions.reached,
                all: coverage.data.instructions.all,
                branches: coverage.data.branches.reached,
                of: coverage.data.branches.all,
              })}
            </p>
          )}
          <Suspense fallback={<Skeleton />}>
            {(tab === "steps" || tab === "coverage") && <StepTree commands={commands} overlay={overlay} />}
            {tab === "yaml" && <YamlTab problems={problems} />}
            {tab === "tests" && <TestsTab processor={processor.id} />}
            {tab === "history" && <HistoryTab processor={processor} />}
          </Suspense>
        </section>
        {tab !== "tests" && tab !== "history" && tab !== "yaml" && right && (
          <Suspense fallback={<section className="insp" aria-label={t("Inspector")} />}>
            <Inspector processor={processor.id} library={library} onClose={() => setSheet(false)} />
          </Suspense>
        )}
        {tab !== "tests" && tab !== "history" && <Drawer tab={drawer} onTab={setDrawer} onOpen={openProblem} />}
      </div>
      <StepInUrl />
      <TestDialog processor={processor} open={testing} onClose={() => setTesting(false)} onShow={() => setTraced(true)} />
    </Page>
  )
}

const isOf = (p: Detail, { spec, current }: State): boolean =>
  current !== undefined && (p.instruction_id === current || stepAt(spec, p.pointer ?? "")?.step.id === current)

// StepInUrl keeps the chosen step in the address, once it stays chosen, and chooses the one the address names.
function StepInUrl() {
  const store = useStore()
  const { filters, set } = useFilters()
  const current = useSpec((s) => s.current)
  const first = useRef(filters.step)
  const latest = useRef({ filters, set })
  latest.current = { filters, set }
  useEffect(() => {
    if (first.current) store.select([first.current])
    first.current = undefined
  }, [store])
  useEffect(() => {
    const timer = setTimeout(() => {
      if (current !== latest.current.filters.step) latest.current.set({ step: current }, true)
    }, 400)
    return () => clearTimeout(timer)
  }, [current])
  return null
}

function Values({ on, onSwitch }: { on: boolean; onSwitch: () => void }) {
  const entry = useSpec((s) => s.entry)
  if (!entry) return null
  return (
    <Button size="sm" aria-pressed={on} className={on ? "is-on" : ""} keys="T" onClick={onSwitch}>
      <span className="t2 only-l">{t("Values from")}</span> <code>{entry.label}</code>
    </Button>
  )
}
