import { useMemo, useRef } from "react"
import { FieldValue } from "../record/FieldValue"
import { fieldName } from "../record/fields"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { OutcomeMark } from "../ui/Outcomes"
import { heading } from "../ui/words"
import { nounOf, whyNot } from "../why/addresses"
import { To } from "../why/To"
import type { Step } from "./api"
import type { RecordChange } from "./model"
import { stepIcon } from "./StepList"
import { useWindow } from "./useWindow"
import { same } from "./values"

const lineHeight = 27 // of .line

// RecordChanges lists what a run wrote: the records on the left, one of them field by field on the right.
export function RecordChanges({
  changes,
  selected,
  onSelect,
  written,
  stepOf,
}: {
  changes: RecordChange[]
  written: boolean // for real: what is held can be asked about
  stepOf: (key: string) => Step | undefined
  selected: string | undefined
  onSelect: (key: string) => void
}) {
  const shown = changes.find((c) => c.key === selected) ?? changes[0]
  const list = useRef<HTMLDivElement>(null)
  const tops = useMemo(() => Array.from({ length: changes.length + 1 }, (_, i) => i * lineHeight), [changes.length])
  const { from, to, all } = useWindow(list, tops)
  const step = useMemo(() => (shown ? stepOf(shown.key) : undefined), [shown, stepOf])
  if (!shown) return <p className="pad-s t2">{t("This run wrote no record.")}</p>
  return (
    <div className="recs">
      <div className="rl">
        <div
          ref={list}
          role="listbox"
          aria-label={t("Records")}
          tabIndex={-1}
          style={all ? undefined : { paddingTop: tops[from], paddingBottom: (changes.length - to) * lineHeight }}
        >
          {changes.slice(from, to).map((c, i) => (
            <button
              type="button"
              key={c.key}
              role="option"
              aria-posinset={all ? undefined : from + i + 1}
              aria-setsize={all ? undefined : changes.length}
              aria-selected={c.key === shown.key}
              className={`line ${c.key === shown.key ? "is-sel" : ""}`}
              onClick={() => onSelect(c.key)}
            >
              <OutcomeMark is={c.outcome} bare />
              <Icon name={stepIcon(c.type)} size={14} className="kind" />
              <code className="trunc">{c.name}</code>
            </button>
          ))}
        </div>
      </div>
      <div className="rb" tabIndex={0} role="group" aria-label={t("Before and after")}>
        {step ? (
          <Change change={shown} step={step} written={written} />
        ) : (
          <p className="pad-s">
            <Button size="sm" onClick={() => onSelect(shown.key)}>
              {t("See what it wrote")}
            </Button>
          </p>
        )}
      </div>
    </div>
  )
}

function Change({ change, step, written }: { change: RecordChange; step: Step; written: boolean }) {
  const { outcome } = change
  const record = step.record
  if (!record) return <p className="pad-s t2">{step.error?.message ?? t("Nothing was written.")}</p>
  const before = new Map(record.before?.map((f) => [f.name, f.value]) ?? [])
  const formulas = new Map((step.fields ?? []).map((f) => [f.name, f.formula]))
  const after = record.fields_after ?? []
  const changed = after.filter((f) => (outcome === "new" ? true : before.has(f.name) && !same(before.get(f.name), f.value)))
  const rest = after.filter((f) => !changed.includes(f))
  const isMoney = after.some((f) => f.name === "value_is_money" && f.value === true)
  const why = written && record.external_id && outcome !== "failed" && !step.undone
  const whyField = (field: string) => whyNot(nounOf(record.noun).kind, record.external_id, { field })
  return (
    <>
      <div className="rb-h">
        <OutcomeMark is={outcome} bare />
        <span className="strong nowrap">{heading(record.noun)}</span>
        <code className="trunc">{change.name}</code>
        <span className="push t3 fs-12 nowrap">
          {outcome === "new"
            ? t("created")
            : outcome === "changed"
              ? t("{n} changed, {m} same", { n: changed.length, m: rest.length })
              : outcome === "same"
                ? t("nothing changed")
                : step.undone
                  ? t("undone")
                  : ""}
        </span>
      </div>
      {changed.length > 0 && (
        <table className="tbl" aria-label={t("Fields")}>
          <thead>
            <tr>
              <th scope="col">{t("Field")}</th>
              <th scope="col">{t("Before")}</th>
              <th scope="col">{t("After")}</th>
              <th scope="col" className="because">
                {t("Because")}
              </th>
            </tr>
          </thead>
          <tbody>
            {changed.map((f) => (
              <tr key={f.name}>
                <td title={f.name}>{fieldName(f.name)}</td>
                <td>
                  {outcome === "new" ? (
                    <span className="t3">–</span>
                  ) : (
                    <span className="was">
                      <FieldValue field={f.name} of={before.get(f.name)} isMoney={isMoney} />
                    </span>
                  )}
                </td>
                <td>
                  <ins className="now">
                    <FieldValue field={f.name} of={f.value} isMoney={isMoney} />
                  </ins>
                </td>
                <td className="because clip">
                  <span className="r">
                    <code className="t2 trunc grow" title={formulas.get(f.name)}>
                      {(formulas.get(f.name) ?? "").replace(/^=/, "")}
                    </code>
                    {why && (
                      <To className="why-link" address={whyField(f.name)} label={t("Why {field}", { field: fieldName(f.name) })}>
                        {t("why")}
                      </To>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rest.length > 0 && (
        <p className="r fs-12 t3 same-line">
          <OutcomeMark is="same" bare />
          <span>
            {rest.map((f, i) => (
              <span key={f.name}>
                {i > 0 && ", "}
                {why ? (
                  <To address={whyField(f.name)} label={t("Why {field}", { field: fieldName(f.name) })}>
                    {fieldName(f.name)}
                  </To>
                ) : (
                  fieldName(f.name)
                )}
              </span>
            ))}
          </span>
        </p>
      )}
    </>
  )
}
