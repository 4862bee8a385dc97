import { memo } from "react"
import type { Detail } from "../api/client"
import type { Library } from "../library/library"
import { t } from "../text"
import { stepIcon } from "../trace/StepList"
import { Icon } from "../ui/Icon"
import { OutcomeMark } from "../ui/Outcomes"
import { Status } from "../ui/Status"
import { branchWord, word } from "../ui/words"
import { branchName, type CoverageOverlay, type Seen, type Share } from "./overlay"
import type { ArmRow, Mark, NoteRow, Row, StepRow as StepRowOf } from "./rows"
import { ArmTitle, Summary } from "./Summary"

export type Overlay = { is: "none" } | { is: "trace"; of: ReadonlyMap<string, Seen>; old: boolean } | { is: "coverage"; of: CoverageOverlay }

interface Props {
  row: Row
  library: Library
  current: boolean
  selected: boolean
  cut: boolean // being dragged
  overlay: Overlay
  mark: Mark | undefined
  problems: readonly Detail[] | undefined
  onPointer: (e: React.PointerEvent, row: Row, what: "row" | "grip") => void
  onMenu: (row: StepRowOf, at: HTMLElement) => void
  onFold: (id: string) => void
}

const marks: Record<Mark, { sign: string; cls: string; word: () => string }> = {
  added: { sign: "+", cls: "add", word: () => t("added since the saved version") },
  changed: { sign: "~", cls: "mod", word: () => t("changed since the saved version") },
  moved: { sign: "↕", cls: "mov", word: () => t("moved since the saved version") },
}

export const rowId = (key: string): string => `row-${key.replace(/\W/g, "-")}`

function Guides({ depth }: { depth: number }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: guides are all alike
  return Array.from({ length: Math.min(depth, 24) }, (_, i) => <i className="guide" key={i} />)
}

// OneRow is drawn again only when something on it is another.
export const OneRow = memo(function OneRow(p: Props) {
  const { row } = p
  if (row.kind === "note")
    return (
      <div className="grp" role="presentation" title={row.text}>
        <Guides depth={row.depth} />
        <span className="trunc">{row.text}</span>
      </div>
    )
  return row.kind === "arm" ? <Arm {...p} row={row} /> : <Step {...p} row={row} />
})

function Arm({ row, library, current, overlay, onPointer }: Props & { row: ArmRow | NoteRow }) {
  if (row.kind === "note") return null
  const name = branchName(row.body)
  const share = overlay.is === "coverage" ? overlay.of.get(`${row.owner.id}:${name}`) : undefined
  const seen = overlay.is === "trace" ? overlay.of.get(row.owner.id) : undefined
  const took = seen && Object.keys(seen.took).length > 0 ? seen.took[name] : undefined
  const faint = row.off || (seen !== undefined && (seen.ran === 0 || (Object.keys(seen.took).length > 0 && !took)))
  return (
    <div
      id={rowId(row.key)}
      className={`row arm-row ${current ? "is-cur" : ""} ${faint ? "faint" : ""} ${share?.count === 0 ? "never" : ""}`}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.index + 1}
      aria-setsize={row.of}
      aria-selected={current}
      onPointerDown={(e) => onPointer(e, row, "row")}
    >
      <span />
      <span />
      <span className="s">
        <Guides depth={row.depth} />
        <ArmTitle step={row.owner} body={row.body} library={library} />
        <span className="say">
          {row.empty && t("nothing yet")}
          {share && <ShareWords of={share} />}
        </span>
      </span>
      <span className="end" />
    </div>
  )
}

function Step({ row, library, current, selected, cut, overlay, mark, problems, onPointer, onMenu, onFold }: Props & { row: StepRowOf }) {
  const { step } = row
  const errors = problems?.filter((x) => x.severity !== "warning").length ?? 0
  const seen = overlay.is === "trace" ? overlay.of.get(step.id) : undefined
  const share = overlay.is === "coverage" ? overlay.of.get(step.id) : undefined
  const off = step.disabled === true
  const faint = overlay.is === "trace" && overlay.of.size > 0 && (seen?.ran ?? 0) === 0
  return (
    <div
      id={rowId(row.key)}
      className={`row ${selected ? "is-sel" : ""} ${current ? "is-cur" : ""} ${cut ? "is-cut" : ""} ${off ? "off" : faint ? "faint" : ""} ${share?.count === 0 ? "never" : ""}`}
      role="treeitem"
      aria-level={row.level}
      aria-posinset={row.index + 1}
      aria-setsize={row.of}
      aria-selected={selected}
      aria-expanded={row.block ? !row.folded : undefined}
      onPointerDown={(e) => onPointer(e, row, "row")}
      onContextMenu={(e) => {
        e.preventDefault()
        onMenu(row, e.currentTarget)
      }}
    >
      <span className="gut">
        {mark && (
          <span className={`ch ${marks[mark].cls}`} role="img" aria-label={marks[mark].word()} title={marks[mark].word()}>
            {marks[mark].sign}
          </span>
        )}
        <span className="grip" aria-hidden="true" onPointerDown={(e) => onPointer(e, row, "grip")}>
          <Icon name="grip" size={12} />
        </span>
      </span>
      <span className="no">{row.number}</span>
      <span className="s">
        <Guides depth={row.depth} />
        {row.block ? (
          <button
            type="button"
            className="fold"
            tabIndex={-1}
            aria-label={row.folded ? t("Unfold step {n}", { n: row.number }) : t("Fold step {n}", { n: row.number })}
            onPointerDown={(e) => e.stopPropagation()}
            onClick={() => onFold(step.id)}
          >
            <Icon name={row.folded ? "right" : stepIcon(step.type)} size={14} />
          </button>
        ) : (
          <Icon name={stepIcon(step.type)} size={14} />
        )}
        <Summary step={step} library={library} />
      </span>
      <span className="end">
        {step.return_as && (
          <span className="ret w-ret trunc">
            <span aria-hidden="true">→ </span>
            <span className="vh">{t("gives")} </span>
            <b>{step.return_as}</b>
          </span>
        )}
        <span className="w-oc">
          {off ? (
            <Status is="disabled">{t("off")}</Status>
          ) : problems && problems.length > 0 ? (
            <span className={`st ${errors > 0 ? "bad" : "warn"} fs-12`}>
              <Icon name={errors > 0 ? "fail" : "warnf"} />
              {errors > 0
                ? t("{n, plural, one {# problem} other {# problems}}", { n: errors })
                : t("{n, plural, one {# warning} other {# warnings}}", { n: problems.length })}
            </span>
          ) : overlay.is === "coverage" ? (
            share && <ShareWords of={share} />
          ) : (
            overlay.is === "trace" && <Did seen={seen} row={row} />
          )}
        </span>
        <button
          type="button"
          className="btn btn-icon btn-xs btn-ghost more"
          tabIndex={-1}
          aria-label={t("Actions for step {n}", { n: row.number })}
          onPointerDown={(e) => e.stopPropagation()}
          onClick={(e) => onMenu(row, e.currentTarget)}
        >
          <Icon name="dots" />
        </button>
      </span>
    </div>
  )
}

function ShareWords({ of }: { of: Share }) {
  if (of.count === 0) return <span className="t3 fs-12">{t("never")}</span>
  if (of.of === 0 || of.count > of.of) return <span className="t2 fs-12 num">{t("{n, plural, one {once} other {# times}}", { n: of.count })}</span>
  return <span className="t2 fs-12 num">{t("{n, number, percent} of the last {of}", { n: of.count / of.of, of: of.of })}</span>
}

function Did({ seen, row }: { seen: Seen | undefined; row: StepRowOf }) {
  if (!seen || seen.ran === 0) return <span className="t3 fs-12">{t("not reached")}</span>
  const outcomes = Object.entries(seen.outcomes) as [keyof Seen["outcomes"], number][]
  if (seen.items !== undefined)
    return (
      <span className="r t2 fs-12 nowrap">
        {t("{n, plural, one {# item} other {# items}}", { n: seen.items })}
        {seen.failedItems > 0 && <OutcomeMark is="failed">{seen.failedItems}</OutcomeMark>}
      </span>
    )
  if (outcomes.length === 1 && outcomes[0] && outcomes[0][1] === 1) return <OutcomeMark is={outcomes[0][0] as "new"} />
  if (outcomes.length > 0)
    return (
      <span className="ocs">
        {outcomes.map(([is, n]) => (
          <OutcomeMark key={is} is={is as "new"}>
            {n}
          </OutcomeMark>
        ))}
      </span>
    )
  const took = Object.entries(seen.took)
  if (took.length > 0)
    return (
      <span className="t2 fs-12">
        {took
          .map(([name, n]) => (n > 1 || took.length > 1 ? `${branchWord(name)} ${n}` : t("took {branch}", { branch: branchWord(name) })))
          .join(", ")}
      </span>
    )
  if (row.block) return <span className="t2 fs-12">{t("took none")}</span>
  return <span className="t2 fs-12">{word(seen.words ?? "")}</span>
}
