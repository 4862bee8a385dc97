import { useCallback, useEffect, useMemo, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { number } from "../ui/format"
import { keyOf } from "../ui/keys"
import { plainKey } from "../ui/plainKey"
import { Tabs } from "../ui/Tabs"
import type { Trace } from "./api"
import { DifferenceBar } from "./Compared"
import { differencesOf, firstOf } from "./compare"
import { Inspector, Why } from "./Inspector"
import {
  type Chosen,
  changesOf,
  choose,
  chosenItem,
  firstChanged,
  firstFailed,
  hasFailed,
  itemOrder,
  readsOf,
  rowsOf,
  stepAt,
  valuesAt,
} from "./model"
import { RecordChanges } from "./RecordChanges"
import { StepList } from "./StepList"
import type { Since } from "./since"
import { useBeside } from "./useBeside"
import { ValueTree } from "./ValueTree"

type Tab = "steps" | "payload" | "spec"

interface Props {
  trace: Trace
  at: string | undefined // the selected row, kept in the URL
  onAt: (key: string | undefined) => void
  since?: Since | undefined // what became of its steps in the live spec
  other?: Trace | undefined // another run, to be shown on the same rows
}

// TraceView is three columns: what was visible, the steps, and one step in full; below, what was written.
export function TraceView({ trace, at: asked, onAt, since, other }: Props) {
  const [tab, setTab] = useState<Tab>("steps")
  const [picked, setPicked] = useState<Chosen>({})
  const [failedOnly, setFailedOnly] = useState(false)
  const [valuesOpen, setValuesOpen] = useState(false)
  const [sheet, setSheet] = useState(asked !== undefined) // in a narrow window the inspector lies over the list

  const first = useMemo(() => (other ? firstOf(differencesOf(trace, other))?.key : undefined), [trace, other])
  const anyFailed = useMemo(() => trace.steps.some(hasFailed), [trace])
  const changed = useMemo(() => (anyFailed || trace.execution.error ? undefined : firstChanged(trace)), [trace, anyFailed])
  const at = asked ?? first ?? changed
  const chosen = useMemo(() => (at ? choose(at, picked) : picked), [at, picked])
  const mine = useMemo(() => rowsOf(trace, chosen), [trace, chosen])
  const both = useBeside(trace, other, mine, chosen)
  const rows = both?.rows ?? mine
  const shown = useMemo(() => (failedOnly ? rows.filter((r) => hasFailed(r.step)) : rows), [rows, failedOnly])
  const row = rows.find((r) => r.key === at && r.kind === "step") ?? firstFailed(rows) ?? rows[0]
  const changes = useMemo(() => changesOf(trace), [trace])
  const stepOf = useCallback((key: string) => stepAt(trace, key), [trace])
  const there = row && both?.beside.steps.get(row.key)

  const select = (key: string) => {
    setPicked((p) => choose(key, p))
    setSheet(true)
    onAt(key)
  }

  // Going to another item keeps the step where the same step is in that item.
  const toItem = (loop: string, item: number) => {
    const next = { ...chosen, [loop]: item }
    setPicked(next)
    const prefix = `${loop}[`
    const items = rows.find((r) => r.key === loop && r.kind === "step")?.step.items ?? []
    const first = items.find((i) => !i.left_out)?.steps[0]
    // An item that is not there yet comes when a step of it is asked for.
    if (items[item]?.left_out && first) {
      const below = row?.key.startsWith(prefix) ? row.key.slice(row.key.indexOf("]/", prefix.length) + 2) : undefined
      onAt(`${prefix}${item}]/${below ?? first.id}`)
    } else if (row?.key.startsWith(prefix)) {
      const moved = row.key.replace(new RegExp(`^${literally(prefix)}\\d+\\]`), `${prefix}${item}]`)
      onAt(rowsOf(trace, next).some((r) => r.key === moved) ? moved : loop)
    } else if (row) onAt(row.key === loop ? loop : row.key)
  }

  const loopKey = row ? (row.step.items && row.step.items.length > 0 ? row.key : row.loops.at(-1)) : undefined
  const loopRow = rows.find((r) => r.key === loopKey && r.kind === "step")
  const loop = loopRow && {
    step: loopRow.step,
    current: chosenItem(loopRow, chosen),
    apart: both?.beside.items.get(loopRow.key),
    failedOnly,
    onItem: (i: number) => toItem(loopRow.key, i),
  }

  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      if (!plainKey(e) || tab !== "steps") return
      const order = itemOrder(loop?.step.items ?? [], failedOnly)
      const place = loop ? order.indexOf(loop.current) : -1
      const does = keyOf("trace", e)
      const item = order[does === "nextItem" ? place + 1 : does === "lastItem" ? place - 1 : -1]
      if (does === "failed" && anyFailed) setFailedOnly((on) => !on)
      else if (item !== undefined) loop?.onItem(item)
      else return
      e.preventDefault()
    }
    document.addEventListener("keydown", listen)
    return () => document.removeEventListener("keydown", listen)
  })

  const values = useMemo(() => (row ? valuesAt(trace, row) : []), [trace, row])
  const reads = useMemo(() => (row ? readsOf(row.step) : new Map<string, boolean>()), [row])
  const title = !row
    ? t("Values")
    : loop && loopKey !== row.key
      ? t("Values at step {n}, item {i}", { n: row.number, i: loop.current + 1 })
      : t("Values at step {n}", { n: row.number })

  return (
    <div className={`work ${valuesOpen ? "values-open" : ""} ${sheet ? "sheet-open" : ""}`}>
      <ValueTree title={title} bindings={values} reads={reads} {...(valuesOpen && { onClose: () => setValuesOpen(false) })} />
      <section className="centre" aria-label={t("Trace")}>
        <div className="sub">
          <Button size="sm" look="ghost" icon="sidel" className="only-medium" aria-pressed={valuesOpen} onClick={() => setValuesOpen(!valuesOpen)}>
            {t("Values")}
          </Button>
          <Tabs
            label={t("Shown")}
            value={tab}
            onChange={setTab}
            tabs={[
              { id: "steps", label: t("Steps") },
              { id: "payload", label: t("Raw payload") },
              { id: "spec", label: t("Spec") },
            ]}
          />
          <span className="push" />
          {tab === "steps" && anyFailed && (
            <Button
              size="sm"
              icon="filter"
              aria-pressed={failedOnly}
              className={failedOnly ? "is-on" : ""}
              onClick={() => setFailedOnly(!failedOnly)}
            >
              {t("Failed only")}
            </Button>
          )}
        </div>
        <div className="scroll steps">
          {tab === "steps" && trace.execution.error && !anyFailed && (
            <div className="inset">
              <Why error={trace.execution.error} />
            </div>
          )}
          {tab === "steps" && both && <DifferenceBar all={both.all} at={row?.key} onAt={select} />}
          {tab === "steps" && (
            <StepList
              rows={shown}
              selected={row?.key}
              chosen={chosen}
              onSelect={select}
              onItem={toItem}
              failedOnly={failedOnly}
              since={since}
              beside={both?.beside}
            />
          )}
          {tab === "payload" && (
            <pre className="code flat" tabIndex={0}>
              {JSON.stringify(trace.item, null, 2)}
            </pre>
          )}
          {tab === "spec" && (
            <pre className="code flat" tabIndex={0}>
              {trace.spec.text}
            </pre>
          )}
        </div>
      </section>
      {row && (
        <Inspector
          key={row.key}
          row={row}
          {...(loop && { loop })}
          onClose={() => setSheet(false)}
          since={since?.get(row.step.id)}
          builder={trace.execution.processor_name ? trace.execution.processor_id : undefined}
          {...(other && {
            sides: { here: both?.beside.only.has(row.key) ? undefined : row.step, there, names: [trace.execution.id, other.execution.id] as const },
          })}
        />
      )}
      <section className="drawer" aria-label={t("Record changes")}>
        <div className="sub">
          <h2>{t("Record changes")}</h2>
          <span className="count">{number(String(trace.changes_all ?? changes.length))}</span>
          {(trace.changes_all ?? 0) > changes.length && <span className="t3 fs-12">{t("the first {n} are listed", { n: changes.length })}</span>}
        </div>
        <RecordChanges changes={changes} selected={row?.key} onSelect={select} stepOf={stepOf} written={trace.execution.kind !== "dry"} />
      </section>
    </div>
  )
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
}
