import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef } from "react"
import { type Language, language, t } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { keyOf } from "../ui/keys"
import { OutcomeMark } from "../ui/Outcomes"
import { Status } from "../ui/Status"
import { branchWord, word } from "../ui/words"
import type { Step } from "./api"
import type { Otherwise } from "./compare"
import { ItemStrip } from "./ItemStrip"
import { type Chosen, chosenItem, outcomeOf, type Row, roomFor } from "./model"
import type { Since } from "./since"
import { useWindow } from "./useWindow"

const icons: Record<string, IconName> = {
  upsert_team_external_identity: "team",
  upsert_agent_external_identity: "person",
  upsert_project_external_identity: "folder",
  upsert_segment_external_identity: "tagi",
  upsert_proposition_external_identity: "box",
  upsert_activity: "pulse",
  upsert_anonymous_activity: "ghost",
  upsert_sale: "euro",
  upsert_call: "phone",
  upsert_period: "period",
  if_else: "fork",
  switch: "fork",
  for_each: "loop",
  define_variable: "braces",
  stop: "stop",
  fail: "stop",
}

export const stepIcon = (type: string): IconName => icons[type] ?? "play"

interface Props {
  rows: Row[]
  selected: string | undefined
  chosen: Chosen
  onSelect: (key: string) => void
  onItem: (loop: string, item: number) => void
  failedOnly: boolean
  since?: Since | undefined // what became of the steps since this version
  beside?: Beside | undefined // another run, on the same rows
}

// Beside is what another run did on the rows of this one.
export interface Beside {
  name: string
  steps: ReadonlyMap<string, Step>
  only: ReadonlySet<string> // rows that only the other run has
  apart: ReadonlyMap<string, Otherwise>
  items: ReadonlyMap<string, ReadonlySet<number>> // of each loop those in which the runs differ
}

// StepList is the spec as it reads, with what each step did. Selecting follows the focus, as in a tree.
export function StepList({ rows, selected, chosen, onSelect, onItem, failedOnly, since, beside }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const steps = rows.filter((r) => r.kind === "step")
  const at = steps.findIndex((r) => r.key === selected)
  const tops = useMemo(() => {
    let top = 0
    const all = rows.map((r) => {
      const here = top
      top += heightOf(r)
      return here
    })
    return [...all, top]
  }, [rows])
  const { from, to, all } = useWindow(box, tops)
  const chosenRow = rows.findIndex((r) => r.kind === "step" && r.key === selected)

  useEffect(() => {
    if (!selected) return
    const there = box.current?.querySelector<HTMLElement>('[aria-selected="true"]')
    if (there) there.scrollIntoView({ block: "nearest" })
  }, [selected])
  // Whoever came here by a key goes on by keys.
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus({ preventScroll: true })
  }, [])

  const onKey = (e: KeyboardEvent) => {
    const does = keyOf("trace", e)
    const to = does === "down" ? at + 1 : does === "up" ? at - 1 : does === "first" ? 0 : does === "last" ? steps.length - 1 : undefined
    const next = to === undefined ? undefined : steps[Math.max(0, Math.min(steps.length - 1, to))]
    if (!next) return
    e.preventDefault()
    onSelect(next.key)
    // The row gets its tab stop with the next paint.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }

  return (
    <div
      className={`rows ${all ? "" : "is-long"}`}
      role="tree"
      aria-label={t("Steps")}
      ref={box}
      onKeyDown={onKey}
      tabIndex={-1}
      style={all ? undefined : { height: tops[rows.length] }}
    >
      {inSight(rows, from, to, chosenRow).map(({ row, i }) =>
        row.kind === "arm" ? (
          <div key={row.key} className={`row arm-row ${row.faint ? "faint" : ""}`} role="presentation" style={placed(all, tops[i])}>
            <span />
            <span />
            <span className="s">
              <Guides depth={row.depth} />
              <span className="arm">{branchWord(row.arm?.name ?? "")}</span>
              <span className="say">{row.arm?.reached && !row.arm.taken ? t("not taken") : ""}</span>
            </span>
            <span className="end" />
          </div>
        ) : (
          <div
            key={row.key}
            className={`row ${row.key === selected ? "is-sel" : ""} ${row.step.state === "failed" ? "is-bad" : ""} ${beside?.only.has(row.key) || since?.get(row.step.id)?.kind === "removed" ? "ghost" : ""} ${row.step.state === "disabled" ? "off" : row.faint ? "faint" : ""}`}
            role="treeitem"
            style={placed(all, tops[i])}
            aria-level={row.depth + 1}
            aria-posinset={all ? undefined : i + 1}
            aria-setsize={all ? undefined : rows.length}
            aria-selected={row.key === selected}
            tabIndex={row.key === selected || (at < 0 && row === steps[0]) ? 0 : -1}
            onClick={(e) => {
              if (!(e.target as Element).closest("button")) onSelect(row.key)
            }}
          >
            <Gutter since={since?.get(row.step.id)?.kind} apart={beside?.apart.get(row.key)} />
            <span className="no">{beside?.only.has(row.key) ? "" : row.number}</span>
            <span className="s">
              <Guides depth={row.depth} />
              <Icon name={stepIcon(row.step.type)} size={14} />
              <Say summary={row.step.summary} />
            </span>
            <span className="end">
              {row.step.returns && !beside && (
                <span className="ret w-ret trunc">
                  <span aria-hidden="true">→ </span>
                  <span className="vh">{t("gives")} </span>
                  <b>{row.step.returns.name}</b>
                </span>
              )}
              <span className="w-oc">
                {beside?.only.has(row.key) ? (
                  <span className="t3 fs-12">{t("not there")}</span>
                ) : (
                  <Result row={row} chosen={chosen} onItem={(i) => onItem(row.key, i)} failedOnly={failedOnly} apart={beside?.items.get(row.key)} />
                )}
              </span>
              {beside && (
                <span className="w-oc w-other">
                  <span className="vh">{t("in {run}:", { run: beside.name })} </span>
                  <OtherResult step={beside.steps.get(row.key)} />
                </span>
              )}
            </span>
          </div>
        ),
      )}
    </div>
  )
}

// What a step does and what it does it to, as its summary has them one after the other in each language.
const says: Record<Language, RegExp> = {
  en: /^(Upsert (?:anonymous )?\w+(?: identity)?|If|Switch on|Switch|For each|Define|Stop|Fail:?)\s+(.+?)()$/su,
  nl: /^((?:Agent|Team|Project|Segment|Propositie)-identiteit|Anonieme activiteit|Activiteit|Verkoop|Gesprek|Periode|Als|Keuze op|Voor elk|Stoppen|Mislukt:)\s+(.+?)(\s+bijwerken)?$/su,
}

// Say sets what a summary does apart from what it is done to: Upsert activity “Deal won”.
function Say({ summary }: { summary: string }) {
  const m = says[language()].exec(summary)
  if (!m)
    return (
      <span className="say" title={summary}>
        <b>{summary}</b>
      </span>
    )
  return (
    <span className="say" title={summary}>
      <b>{m[1]}</b> <code>{m[2]}</code>
      {m[3] && <b>{m[3]}</b>}
    </span>
  )
}

// heightOf are those of .row and .arm-row.
const heightOf = (row: Row) => (row.kind === "arm" ? 26 : 32)

// The chosen row is there wherever it stands, so that the focus has a place.
function inSight(rows: Row[], from: number, to: number, chosen: number): { row: Row; i: number }[] {
  const sight = rows.slice(from, to).map((row, i) => ({ row, i: from + i }))
  const row = rows[chosen]
  if (!row || (chosen >= from && chosen < to)) return sight
  return chosen < from ? [{ row, i: chosen }, ...sight] : [...sight, { row, i: chosen }]
}

const placed = (all: boolean, top: number | undefined): CSSProperties | undefined => (all ? undefined : { top })

const marks = {
  removed: { sign: "×", cls: "mov", word: () => t("the live spec no longer has this step") },
  changed: { sign: "~", cls: "mod", word: () => t("changed since") },
  moved: { sign: "↕", cls: "mov", word: () => t("moved since") },
  added: { sign: "+", cls: "add", word: () => t("added") },
  path: { sign: "≠", cls: "mod", word: () => t("went otherwise") },
  values: { sign: "~", cls: "mov", word: () => t("other values") },
  here: { sign: "+", cls: "add", word: () => t("only in this run") },
  there: { sign: "×", cls: "mov", word: () => t("only in the other run") },
}

// Gutter is where a row says what another run, or the live spec, has otherwise.
function Gutter({ since, apart }: { since: keyof typeof marks | undefined; apart: Otherwise | undefined }) {
  const is = apart ?? since
  if (!is) return <span />
  const { sign, cls, word } = marks[is]
  return (
    <span className={`ch ${cls}`} role="img" aria-label={word()} title={word()}>
      {sign}
    </span>
  )
}

// OtherResult is what the other run did at a row, in a word.
function OtherResult({ step }: { step: Step | undefined }) {
  if (!step) return <span className="t3 fs-12">{t("not there")}</span>
  if (step.count !== undefined && step.state === "ran")
    return <span className="t2 fs-12">{t("{n, plural, one {# item} other {# items}}", { n: step.count })}</span>
  return <Plain step={step} />
}

interface ResultProps {
  row: Row
  chosen: Chosen
  onItem: (item: number) => void
  failedOnly: boolean
  apart: ReadonlySet<number> | undefined
}

function Result({ row, chosen, onItem, failedOnly, apart }: ResultProps) {
  const { step } = row
  if (step.state === "ran" && row.faint) return <span className="t3 fs-12">{t("not reached")}</span>
  if (step.items && step.items.length > 0)
    return <ItemStrip items={step.items} current={chosenItem(row, chosen)} onItem={onItem} window={roomFor} failedOnly={failedOnly} apart={apart} />
  return <Plain step={step} />
}

function Plain({ step }: { step: Step }) {
  if (step.state === "disabled") return <Status is="disabled">{t("off")}</Status>
  if (step.state === "not_taken" || step.state === "not_reached")
    return <span className="t3 fs-12">{step.state === "not_taken" ? "" : t("not reached")}</span>
  if (step.type === "for_each" && step.state === "ran") return <span className="t3 fs-12">{t("no items")}</span>
  if (step.branches && step.state === "ran")
    return <span className="t2 fs-12">{step.branch ? t("took {branch}", { branch: branchWord(step.branch) }) : t("took none")}</span>
  const outcome = outcomeOf(step)
  if (outcome) return step.undone && outcome !== "failed" ? <span className="t2 fs-12">{t("undone")}</span> : <OutcomeMark is={outcome} />
  return <span className="t2 fs-12">{words(step)}</span>
}

function words(step: Step): string {
  if (step.undone) return t("undone")
  return word(step.outcome ?? "")
}

function Guides({ depth }: { depth: number }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: guides are all alike
  return Array.from({ length: Math.min(depth, 12) }, (_, i) => <i className="guide" key={i} />)
}
