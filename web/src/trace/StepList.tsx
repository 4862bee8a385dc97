import { type KeyboardEvent, useEffect, useRef } from "react"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { OutcomeMark } from "../ui/Outcomes"
import { Status } from "../ui/Status"
import type { Step } from "./api"
import { ItemStrip } from "./ItemStrip"
import { type Chosen, chosenItem, outcomeOf, type Row } from "./model"

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
}

// StepList is the spec as it reads, with what each step did. Selecting follows the focus, as in a tree.
export function StepList({ rows, selected, chosen, onSelect, onItem }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const steps = rows.filter((r) => r.kind === "step")
  const at = steps.findIndex((r) => r.key === selected)

  useEffect(() => {
    if (!selected) return
    box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" })
  }, [selected])

  const onKey = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const to = e.key === "ArrowDown" ? at + 1 : e.key === "ArrowUp" ? at - 1 : e.key === "Home" ? 0 : e.key === "End" ? steps.length - 1 : undefined
    const next = to === undefined ? undefined : steps[Math.max(0, Math.min(steps.length - 1, to))]
    if (!next) return
    e.preventDefault()
    onSelect(next.key)
    // The row gets its tab stop with the next paint.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus())
  }

  return (
    <div className="rows" role="tree" aria-label={t("Steps")} ref={box} onKeyDown={onKey} tabIndex={-1}>
      {rows.map((row) =>
        row.kind === "arm" ? (
          <div key={row.key} className={`row arm-row ${row.faint ? "faint" : ""}`} role="presentation">
            <span />
            <span />
            <span className="s">
              <Guides depth={row.depth} />
              <span className="arm">{armWord(row.arm?.name ?? "")}</span>
              <span className="say">{row.arm?.reached && !row.arm.taken ? t("not taken") : ""}</span>
            </span>
            <span className="end" />
          </div>
        ) : (
          <div
            key={row.key}
            className={`row ${row.key === selected ? "is-sel" : ""} ${row.step.state === "failed" ? "is-bad" : ""} ${row.step.state === "disabled" ? "off" : row.faint ? "faint" : ""}`}
            role="treeitem"
            aria-level={row.depth + 1}
            aria-selected={row.key === selected}
            tabIndex={row.key === selected || (at < 0 && row === steps[0]) ? 0 : -1}
            onClick={(e) => {
              if (!(e.target as Element).closest("button")) onSelect(row.key)
            }}
          >
            <span />
            <span className="no">{row.number}</span>
            <span className="s">
              <Guides depth={row.depth} />
              <Icon name={stepIcon(row.step.type)} size={14} />
              <Say summary={row.step.summary} />
            </span>
            <span className="end">
              {row.step.returns && (
                <span className="ret w-ret trunc">
                  <span aria-hidden="true">→ </span>
                  <span className="vh">{t("gives")} </span>
                  <b>{row.step.returns.name}</b>
                </span>
              )}
              <span className="w-oc">
                <Result row={row} chosen={chosen} onItem={(i) => onItem(row.key, i)} />
              </span>
            </span>
          </div>
        ),
      )}
    </div>
  )
}

// Say sets the verb of a summary apart from what it is done to: Upsert activity “Deal won”.
function Say({ summary }: { summary: string }) {
  const m = /^(Upsert (?:anonymous )?\w+(?: identity)?|If|Switch on|Switch|For each|Define|Stop|Fail)\s+(.+)$/su.exec(summary)
  if (!m)
    return (
      <span className="say" title={summary}>
        <b>{summary}</b>
      </span>
    )
  return (
    <span className="say" title={summary}>
      <b>{m[1]}</b> <code>{m[2]}</code>
    </span>
  )
}

function Result({ row, chosen, onItem }: { row: Row; chosen: Chosen; onItem: (item: number) => void }) {
  const { step } = row
  if (step.state === "disabled") return <Status is="disabled">{t("off")}</Status>
  if (step.state === "not_taken" || step.state === "not_reached" || row.faint)
    return <span className="t3 fs-12">{step.state === "not_taken" ? "" : t("not reached")}</span>
  if (step.items && step.items.length > 0) return <ItemStrip items={step.items} current={chosenItem(row, chosen)} onItem={onItem} window={6} />
  if (step.type === "for_each" && step.state === "ran") return <span className="t3 fs-12">{t("no items")}</span>
  if (step.branches && step.state === "ran")
    return <span className="t2 fs-12">{step.branch ? t("took {branch}", { branch: armWord(step.branch) }) : t("took none")}</span>
  const outcome = outcomeOf(step)
  if (outcome) return step.undone && outcome !== "failed" ? <span className="t2 fs-12">{t("undone")}</span> : <OutcomeMark is={outcome} />
  return <span className="t2 fs-12">{words(step)}</span>
}

function words(step: Step): string {
  if (step.undone) return t("undone")
  return step.outcome ?? ""
}

// armWord names a branch: then, else, default, or the number of a case.
export function armWord(name: string): string {
  return /^\d+$/.test(name) ? t("case {n}", { n: name }) : name
}

function Guides({ depth }: { depth: number }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: guides are all alike
  return Array.from({ length: Math.min(depth, 12) }, (_, i) => <i className="guide" key={i} />)
}
