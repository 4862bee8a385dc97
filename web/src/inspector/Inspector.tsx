import { useDeferredValue, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react"
import { under, WorldContext } from "../expression/world"
import type { Library } from "../library/library"
import { useStore } from "../spec/context"
import { stepsById } from "../spec/document"
import type { SpecStore } from "../spec/store"
import { t } from "../text"
import { Inspector as StepTrace } from "../trace/Inspector"
import { type Chosen, chosenItem } from "../trace/model"
import { Tabs } from "../ui/Tabs"
import { Form } from "./Form"
import { Head } from "./Head"
import { HistoryTab } from "./HistoryTab"
import { rowOf } from "./live"
import { ScopePanel } from "./ScopePanel"
import { TestsTab } from "./TestsTab"
import { useStepWorld } from "./useStepWorld"

interface Props {
  store?: SpecStore
  library: Library
  processor: string
  readOnly?: boolean
  onClose?: () => void // where it lies over the list
}

type Tab = "edit" | "trace" | "tests" | "history"

// Inspector is the chosen step: its fields to edit, what it did, which tests come by it, which versions changed it.
export default function Inspector(props: Props) {
  const around = useStore()
  const store = props.store ?? around
  const state = useSyncExternalStore(store.subscribe, store.get)
  // Going quickly over the list comes first; the form follows. Where the focus is asked for here it does so at once: what
  // is typed next belongs in it.
  const deferred = useDeferredValue(state.current)
  const asked = useRef<string | undefined>(undefined)
  if (state.focusAsked) asked.current = state.focusAsked.id
  const current = asked.current === state.current ? state.current : deferred
  const found = stepsById(state.spec).get(current ?? "")
  if (!found)
    return (
      <section className="insp" aria-label={t("Inspector")}>
        <div className="insp-b">
          <p className="t2">
            {state.spec.instructions.length === 0 ? t("Add a step, and its fields stand here.") : t("Choose a step, and its fields stand here.")}
          </p>
        </div>
      </section>
    )
  return <OfStep key={found.step.id} {...props} store={store} readOnly={props.readOnly ?? store.readOnly} id={found.step.id} />
}

function OfStep({ store, library, processor, readOnly, onClose, id }: Props & { store: SpecStore; readOnly: boolean; id: string }) {
  const state = useSyncExternalStore(store.subscribe, store.get)
  const found = stepsById(state.spec).get(id)
  const [tab, setTab] = useState<Tab>("edit")
  const [chosen, setChosen] = useState<Chosen>({})
  const [noting, setNoting] = useState(found?.step.note !== undefined)
  const box = useRef<HTMLElement>(null)
  // What was there when this was drawn stays for the last frame of a step that is being deleted.
  const last = useRef(found)
  if (found) last.current = found
  const shown = found ?? last.current
  if (!shown) throw new Error("the inspector shows a step that never was")
  const { world, row, asking } = useStepWorld({ store, state, found: shown, library, processor, readOnly, chosen })
  const type = library.instruction(shown.step.type)
  const asked = state.focusAsked?.id === id ? state.focusAsked : undefined

  // Before the next key can come: a frame later it would be lost, or mean something to the page.
  useLayoutEffect(() => {
    if (!asked) return
    if (tab !== "edit") return setTab("edit") // and then again, with its form
    if (asked.field === "note" && !noting) return setNoting(true)
    focusIn(box.current, asked)
    store.focused()
  }, [asked, tab, noting, store])

  const loop = useMemo(() => {
    const key = row ? (row.step.items && row.step.items.length > 0 ? row.key : row.loops.at(-1)) : undefined
    const of = key === undefined ? undefined : rowByKey(state.run, key, chosen)
    return of && { step: of.step, current: chosenItem(of, chosen), onItem: (item: number) => setChosen((c) => ({ ...c, [of.key]: item })) }
  }, [row, state.run, chosen])

  const leftOut = state.run?.left_out.find((l) => l.kind === "step" && l.name === id)
  const problems = world.problems.length
  return (
    <section className="insp" aria-label={t("Inspector")} ref={box}>
      <WorldContext value={world}>
        <Head store={store} found={shown} type={type} library={library} readOnly={readOnly} noting={noting} onNoting={setNoting} onClose={onClose} />
        <div className="insp-tabs">
          <Tabs
            line
            label={t("Of this step")}
            value={tab}
            onChange={setTab}
            tabs={[
              { id: "edit", label: problems > 0 ? <Counted word={t("Edit")} n={problems} /> : t("Edit") },
              { id: "trace", label: t("Trace") },
              {
                id: "tests",
                label: (state.spec.tests?.length ?? 0) > 0 ? <Counted word={t("Tests")} n={state.spec.tests?.length ?? 0} /> : t("Tests"),
              },
              { id: "history", label: t("History") },
            ]}
          />
        </div>
        {tab === "edit" && (
          <>
            <Form store={store} step={shown.step} pointer={shown.pointer} type={type} />
            <ScopePanel asking={asking} />
          </>
        )}
        {tab === "trace" && (
          <div className="insp-trace">
            {leftOut ? (
              <div className="insp-b">
                <p className="t2">{t("This step did not run yet: {why}", { why: leftOut.message })}</p>
              </div>
            ) : row ? (
              <StepTrace row={row} {...(loop && { loop })} onClose={() => setTab("edit")} />
            ) : (
              <div className="insp-b">
                <p className="t2">
                  {state.entry === undefined
                    ? t("Choose an entry of the Trace Schema, and what this step does with it stands here.")
                    : state.running
                      ? t("Running…")
                      : (state.runFailed?.message ?? t("The last run did not come by this step: it is newer than the run."))}
                </p>
              </div>
            )}
          </div>
        )}
        {tab === "tests" && <TestsTab processor={processor} spec={state.spec} id={id} />}
        {tab === "history" && <HistoryTab processor={processor} id={id} base={state.base} type={type} />}
      </WorldContext>
    </section>
  )
}

const Counted = ({ word, n }: { word: string; n: number }) => (
  <>
    {word} <span className="count">{n}</span>
  </>
)

function rowByKey(run: Parameters<typeof rowOf>[0], key: string, chosen: Chosen) {
  const id = key.slice(key.lastIndexOf("/") + 1)
  return rowOf(run, id, chosen)
}

// What an edit goes into comes before what else can be pressed in a field, whatever stands first.
const inputs = [
  "[data-path='[]']",
  ".slot :is(input, textarea, select, button)",
  "input:not([type=hidden]), select, textarea",
  "button:not(.lab button)",
]

const inside = (of: Element | null | undefined): HTMLElement | undefined => {
  for (const kind of inputs) {
    const found = of?.querySelector<HTMLElement>(kind)
    if (found) return found
  }
}

// focusIn puts the focus in a field, or where a pointer leads within it, or in the first that is empty and needs something,
// or in the first.
function focusIn(box: HTMLElement | null, asked: { field?: string; pointer?: string }) {
  const { field, pointer } = asked
  const form = box?.querySelector<HTMLElement>(".insp-form")
  const of = field ? form?.querySelector(`[data-field="${CSS.escape(field)}"]`) : undefined
  const slots = [...(of?.querySelectorAll<HTMLElement>("[data-pointer]") ?? [])].filter((s) => pointer && under(pointer, s.dataset.pointer ?? ""))
  const nearest = slots.toSorted((a, b) => (b.dataset.pointer?.length ?? 0) - (a.dataset.pointer?.length ?? 0))[0]
  const target =
    inside(nearest?.parentElement) ??
    inside(of) ??
    (field ? box?.querySelector<HTMLElement>(`[data-head="${CSS.escape(field)}"]`) : undefined) ??
    form?.querySelector<HTMLElement>("[data-required] .hole.whole") ??
    inside(form?.querySelector("[data-field]")) ??
    box?.querySelector<HTMLElement>("select, button")
  target?.focus()
  target?.scrollIntoView({ block: "nearest" })
}
