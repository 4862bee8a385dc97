import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react"
import type { Detail } from "../api/client"
import { later } from "../api/files"
import type { Foreseen } from "../compare/api"
import { ConfirmSave } from "../compare/ConfirmSave"
import type { Library } from "../library/library"
import type { Processor } from "../processor/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { useFilters } from "../ui/list"
import { Page } from "../ui/Page"
import { Splitter } from "../ui/Splitter"
import { Tabs } from "../ui/Tabs"
import { coverageQuery, type Drafts } from "./api"
import { useCommands } from "./commands"
import { useSpec, useStore } from "./context"
import { Drawer, type DrawerTab, useProblems } from "./Drawer"
import { stepAt } from "./document"
import { Elsewhere } from "./Elsewhere"
import { Lacking } from "./LeftOut"
import { Newer } from "./Newer"
import { seenIn, sharesOf } from "./overlay"
import { SaveNote } from "./SaveNote"
import { SpecPanel } from "./SpecPanel"
import { StepInUrl } from "./StepInUrl"
import type { Overlay } from "./StepRow"
import { StepTree } from "./StepTree"
import { Switching } from "./Switching"
import { TestDialog } from "./TestDialog"
import { DraftState, More, UndoRedo } from "./TopBar"
import { Unread } from "./Unread"
import { useBuilderKeys } from "./useBuilderKeys"
import { panels, usePanels } from "./usePanels"
import { useSave } from "./useSave"

const YamlTab = lazy(later(() => import("./YamlTab")))
const TestsTab = lazy(later(() => import("./TestsTab")))
const HistoryTab = lazy(later(() => import("./HistoryTab")))
const Inspector = lazy(later(() => import("../inspector/Inspector")))

const tabs = ["steps", "yaml", "coverage", "tests", "history"] as const
type Tab = (typeof tabs)[number]

// Builder has the parts of the page around the open spec, and which of them are shown.
export function Builder({ processor, library, others }: { processor: Processor; library: Library; others: Drafts["others"] }) {
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
  const [noting, setNoting] = useState(false)
  const [note, setNote] = useState("") // of a save that did not come through, too
  const [failing, setFailing] = useState<{ foreseen: Foreseen; note: string }>()
  const problems = useProblems()
  const run = useSpec((s) => s.run)
  const old = useSpec((s) => s.running || s.runFailed !== undefined)
  const base = useSpec((s) => s.base)
  const asked = useSpec((s) => s.focusAsked !== undefined)
  const coverage = useQuery({ ...coverageQuery(processor.id, base), enabled: tab === "coverage" && base > 0 })
  const saving = useSave(
    processor,
    () => setDrawer("problems"),
    (foreseen, note) => setFailing({ foreseen, note }),
  )
  // save leaves a dialog open only where trying again can help; what is wrong with the spec stands below it.
  const save = async (how: Parameters<typeof saving.go>[0]) => {
    const outcome = await saving.go(how)
    if (outcome === "saved") setNote("")
    if (outcome !== "failed") setNoting(false)
    if (outcome === "saved" || outcome === "refused") setFailing(undefined)
  }
  const toCompare = () => navigate({ to: `/processors/${processor.id}/compare` })
  const box = useRef<HTMLDivElement>(null)
  const { sizes, style, resize } = usePanels()
  useSpec((s) => s.text !== undefined) // what may be changed is drawn anew with it

  const overlay = useMemo<Overlay>(() => {
    if (tab === "coverage") return { is: "coverage", of: sharesOf(coverage.data) }
    return traced && run?.trace ? { is: "trace", of: seenIn(run.trace.steps), old } : { is: "none" }
  }, [tab, coverage.data, traced, run, old])

  const setTab = useCallback((to: Tab) => set({ tab: to === "steps" ? undefined : to }, true), [set])

  // The inspector shows with the very render that asks for it, and stays.
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
      store.focus(id, found?.rest[0], p.pointer)
    },
    [store, tab, setTab],
  )

  useBuilderKeys({
    problems,
    save: () => save({}),
    saveWithNote: () => store.onlyLooks || setNoting(true),
    test: () => setTesting(true),
    compare: toCompare,
    openProblem: (p) => {
      setDrawer("problems")
      openProblem(p)
    },
    awaiting: () => setDrawer("problems"),
    left: () => setLeft((on) => !on),
    right: () => setRight((on) => !on),
    values: () => setTraced((on) => !on),
    yaml: () => setTab(tab === "yaml" ? "steps" : "yaml"),
    steps: () => box.current?.querySelector<HTMLElement>("[data-steps]")?.focus(),
  })

  const inspecting = (right || asked) && (tab === "steps" || tab === "coverage")
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
            className="only-l"
            size="sm"
            look="ghost"
            icon="note"
            label={t("Save with a note")}
            aria-keyshortcuts="Control+Shift+S"
            onClick={() => setNoting(true)}
          />
          <Button
            needs="configuration:write"
            size="sm"
            look="primary"
            icon="save"
            keys="Ctrl S"
            busy={saving.busy}
            title={errors > 0 ? t("{n, plural, one {# problem} other {# problems}} to solve first", { n: errors }) : undefined}
            onClick={() => save({})}
          >
            {t("Save")}
          </Button>
          <More onCompare={toCompare} onNote={() => setNoting(true)} />
        </>
      }
    >
      <div ref={box} className={`bld ${left ? "" : "no-left"} ${inspecting ? "" : "no-insp"} ${sheet || asked ? "sheet-open" : ""}`} style={style}>
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
          {tab !== "yaml" && <Unread onYaml={() => setTab("yaml")} />}
          <Lacking provider={processor.provider_id} />
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
              {t(
                "Version {n} over the last {deliveries, plural, one {delivery} other {# deliveries}}: {reached} of {all, plural, one {# step} other {# steps}} and {branches} of {of, plural, one {# branch} other {# branches}} were reached.",
                {
                  n: coverage.data.version,
                  deliveries: coverage.data.deliveries,
                  reached: coverage.data.instructions.reached,
                  all: coverage.data.instructions.all,
                  branches: coverage.data.branches.reached,
                  of: coverage.data.branches.all,
                },
              )}
            </p>
          )}
          <Suspense fallback={<Skeleton />}>
            {(tab === "steps" || tab === "coverage") && <StepTree commands={commands} overlay={overlay} />}
            {tab === "yaml" && <YamlTab problems={problems} />}
            {tab === "tests" && <TestsTab processor={processor.id} />}
            {tab === "history" && <HistoryTab processor={processor} />}
          </Suspense>
        </section>
        {left && (
          <Splitter
            label={t("Width of the panel on the left")}
            className="split-left"
            grows="right"
            value={sizes.left}
            {...panels.left}
            onChange={resize("left")}
          />
        )}
        {inspecting && (
          <Suspense fallback={<section className="insp" aria-label={t("Inspector")} />}>
            <Inspector processor={processor.id} library={library} onClose={() => setSheet(false)} />
          </Suspense>
        )}
        {inspecting && (
          <Splitter
            label={t("Width of the inspector")}
            className="split-right"
            grows="left"
            value={sizes.right}
            {...panels.right}
            onChange={resize("right")}
          />
        )}
        {tab !== "tests" && tab !== "history" && <Drawer tab={drawer} onTab={setDrawer} onOpen={openProblem} />}
        {tab !== "tests" && tab !== "history" && drawer && (
          <Splitter
            label={t("Height of the drawer")}
            className="split-drawer"
            grows="up"
            value={sizes.drawer}
            {...panels.drawer}
            onChange={resize("drawer")}
          />
        )}
      </div>
      <StepInUrl />
      {noting && <SaveNote note={note} onNote={setNote} busy={saving.busy} onSave={(note) => save({ note })} onClose={() => setNoting(false)} />}
      {failing && (
        <ConfirmSave
          foreseen={failing.foreseen}
          onSave={() => save({ note: failing.note, confirmed: true })}
          onClose={() => setFailing(undefined)}
          more={
            <Button icon="compare" onClick={() => store.keep().then(toCompare)}>
              {t("Compare")}
            </Button>
          }
        />
      )}
      <TestDialog processor={processor} open={testing} onClose={() => setTesting(false)} onShow={() => setTraced(true)} />
    </Page>
  )
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
