import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { DiffList } from "../spec/DiffList"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { branchWord } from "../ui/words"
import type { Step, StepField, TraceError } from "./api"
import { BothSides } from "./Compared"
import { ExprTree, isSimple } from "./ExprTree"
import { ItemStrip } from "./ItemStrip"
import { failsInside, itemOrder, type Row, treesOf } from "./model"
import { stepIcon } from "./StepList"
import type { SpecChange } from "./since"
import { Value } from "./Value"

interface Props {
  row: Row
  loop?: Loop // the innermost loop around, or the step itself
  onClose: () => void
  since?: SpecChange | undefined // what became of the step in the live spec
  builder?: string | undefined // the processor whose spec has the step
  sides?: { here: Step | undefined; there: Step | undefined; names: readonly [string, string] } // the step in two runs
}

interface Loop {
  step: Step
  current: number
  apart?: ReadonlySet<number> | undefined
  failedOnly?: boolean
  onItem: (item: number) => void
}

// Inspector is one step in full: its error, its fields with what they came to, and how.
export function Inspector({ row, loop, onClose, since, builder, sides }: Props) {
  const { step } = row
  const item = loop?.step.items?.[loop.current]
  const order = loop ? itemOrder(loop.step.items ?? [], loop.failedOnly) : []
  const place = loop ? order.indexOf(loop.current) : -1
  const error = step.error ?? (loop && loop.step === step ? item?.error : undefined)
  return (
    <section className="insp" aria-label={t("Step")}>
      <div className="insp-h">
        <Icon name={stepIcon(step.type)} className="t3" />
        <span className="strong trunc">{step.title}</span>
        <span className="t3 fs-12 nowrap">{t("step {n}", { n: row.number })}</span>
        <span className="push" />
        <code className="t3 trunc">{step.id}</code>
        {builder && since?.kind !== "removed" && (
          <Link className="btn btn-xs" to={`/processors/${builder}/spec`} search={{ step: step.id } as never}>
            {t("Open in builder")}
          </Link>
        )}
        <Button size="xs" look="ghost" icon="x" label={t("Close step")} className="only-narrow" onClick={onClose} />
      </div>
      {loop?.step.items && loop.step.items.length > 0 && (
        <div className="stepper">
          <Button
            size="xs"
            icon="left"
            label={t("Previous item")}
            disabled={place <= 0}
            onClick={() => loop.onItem(order[place - 1] ?? loop.current)}
          />
          <ItemStrip
            big
            items={loop.step.items}
            current={loop.current}
            onItem={loop.onItem}
            window={5}
            failedOnly={loop.failedOnly ?? false}
            apart={loop.apart}
          />
          <Button
            size="xs"
            icon="right"
            label={t("Next item")}
            disabled={place >= order.length - 1}
            onClick={() => loop.onItem(order[place + 1] ?? loop.current)}
          />
          <span className="push nowrap t2">{t("item {n} of {all}", { n: loop.current + 1, all: loop.step.items.length })}</span>
        </div>
      )}
      <div className="insp-b" tabIndex={0} role="group" aria-label={t("Fields")}>
        {sides && <BothSides {...sides} />}
        {since && (
          <div className="since">
            <p className="t2">
              {since.kind === "removed"
                ? t("The live spec no longer has this step. It stands here as it ran.")
                : since.kind === "moved"
                  ? t("This step stands elsewhere in the live spec.")
                  : t("This step is another one in the live spec:")}
            </p>
            {since.kind !== "removed" && (since.fields ?? []).length > 0 && (
              <DiffList diff={{ from: 0, to: 0, same: false, same_program: false, changes: [since] }} />
            )}
          </div>
        )}
        {error && <Why error={error} undone={step.undone === true} item={item?.index} />}
        {step.undone && !error && <p className="t2">{t("This step ran, and what it did was undone: a later step of the same unit failed.")}</p>}
        {step.state === "not_reached" && <p className="t2">{t("The run ended before this step.")}</p>}
        {step.state === "not_taken" && <p className="t2">{t("The branch this step is in was not taken.")}</p>}
        {step.state === "disabled" && <p className="t2">{t("This step is switched off. It is kept, not checked and not run.")}</p>}
        {step.branch && (
          <p>
            {t("Took")} <b className="strong">{branchWord(step.branch)}</b>.
          </p>
        )}
        {step.count !== undefined && (
          <p>
            {step.count === 0
              ? t("The list is empty, so the body did not run.")
              : t("Ran once for each of {n, plural, one {# item} other {# items}}.", { n: step.count })}
          </p>
        )}
        {(step.fields ?? []).length > 0 && (
          <div className="fls">
            {(step.fields ?? []).map((f) => (
              <FieldRow key={`${row.key} ${f.name}`} field={f} failed={error?.field === f.name} said={error?.message} />
            ))}
          </div>
        )}
        {step.returns && (
          <div className="fls">
            <div className="fl">
              <span className="t3">{t("Gives")}</span>
              <span className="fv">
                <span className="var">{step.returns.name}</span> <Value of={step.returns.value} />
              </span>
            </div>
          </div>
        )}
        {step.record && (step.record.locked?.length > 0 || step.record.stale?.length > 0) && (
          <div className="fls">
            {step.record.locked?.length > 0 && (
              <div className="fl">
                <span className="t3">{t("Locked")}</span>
                <span className="fv">
                  <code>{step.record.locked.join(", ")}</code> {t("kept, because locked")}
                </span>
              </div>
            )}
            {step.record.stale?.length > 0 && (
              <div className="fl">
                <span className="t3">{t("Stale")}</span>
                <span className="fv">
                  <code>{step.record.stale.join(", ")}</code> {t("kept, because something newer set it")}
                </span>
              </div>
            )}
          </div>
        )}
      </div>
    </section>
  )
}

export function Why({ error, undone, item }: { error: TraceError; undone?: boolean; item?: number | undefined }) {
  return (
    <div className="why">
      <div className="r why-h">
        <span className="st bad strong wrap">
          <Icon name="fail" />
          {error.message}
        </span>
        <code className="push fs-12">{error.code}</code>
      </div>
      {error.remedy && <p className="t2">{error.remedy}</p>}
      {item !== undefined && undone && <p className="t2">{t("Item {n} was undone. What other items wrote stands.", { n: item })}</p>}
    </div>
  )
}

// said is the error that stands above the fields already.
function FieldRow({ field, failed, said }: { field: StepField; failed: boolean; said: string | undefined }) {
  const trees = treesOf(field)
  const hasError = failed || field.error !== undefined || trees.some(failsInside)
  const [open, setOpen] = useState(hasError)
  const simple = trees.every(isSimple)
  const title = field.title || field.name
  const formula = field.formula.replace(/^=/, "")
  const unread = trees.length > 0 && trees.every((tree) => !tree.evaluated)
  const literal = trees.length === 1 && trees[0]?.type === "literal"
  return (
    <div className={`fl ${hasError ? "is-bad" : ""}`}>
      <span className="t3">{title}</span>
      <div className="fv-box">
        <span className="fv">
          {hasError && field.value === undefined ? (
            <span className="c-bad">{t("no result")}</span>
          ) : unread && field.value === undefined ? (
            <span className="t3">{t("not evaluated")}</span>
          ) : (
            <Value of={field.value} />
          )}
        </span>
        {!(literal && field.value !== undefined) &&
          (simple ? (
            <span className="fe">{formula}</span>
          ) : (
            <button type="button" className="fe" aria-expanded={open} onClick={() => setOpen(!open)}>
              <Icon name={open ? "down" : "right"} size={12} />
              {formula}
            </button>
          ))}
        {field.error && field.error.message !== said && <span className="c-bad fs-12">{field.error.message}</span>}
      </div>
      {open && !simple && (
        <div className="fl-tree stack-s">
          {trees.map((tree) => (
            <ExprTree key={tree.formula} expr={tree} label={t("{name}, part by part", { name: title })} />
          ))}
        </div>
      )}
      {simple &&
        trees
          .flatMap((tree) => tree.remarks ?? [])
          .map((r) => (
            <span key={r.code + r.message} className="remark t3">
              <Icon name="info" size={12} /> {r.message}
            </span>
          ))}
    </div>
  )
}
