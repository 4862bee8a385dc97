import { ExpressionSlot } from "../expression/ExpressionSlot"
import { useWorld } from "../expression/world"
import type { Param } from "../library/library"
import { type Case, casesOf, countOf, type Instruction } from "../spec/document"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import type { Props } from "./Field"

// Cases are the values that a switch tells apart; their steps stand in the list.
export function Cases({ param, pointer, onChange, step }: Props) {
  const { readOnly } = useWorld()
  const cases = casesOf(step)
  const one: Param = { ...param, form: "expression", literals: ["string", "number", "boolean", "null"] }
  const set = (i: number, to: Case | undefined) =>
    onChange(["cases"], to === undefined ? cases.filter((_, k) => k !== i) : cases.map((c, k) => (k === i ? to : c)))
  return (
    <fieldset className="several">
      <legend className="lab">{param.title}</legend>
      {cases.map((c, i) => {
        const steps = (c.body ?? []).reduce((sum, s) => sum + countOf(s), 0)
        const equals = Array.isArray(c.equals) ? c.equals : [c.equals]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a case is its place
          <div key={i} className="case" role="group" aria-label={t("Case {n}", { n: i + 1 })}>
            <div className="lab">
              {t("Case {n}", { n: i + 1 })}
              <span className="push t3 fs-12">{stepsWord(steps)}</span>
              {!readOnly && (
                <Button
                  size="xs"
                  look="ghost"
                  icon="x"
                  disabled={cases.length === 1}
                  label={t("Take out case {n}, with its steps", { n: i + 1 })}
                  onClick={() => set(i, undefined)}
                />
              )}
            </div>
            {equals.map((e, j) => (
              <ExpressionSlot
                // biome-ignore lint/suspicious/noArrayIndexKey: a value is its place
                key={j}
                bare
                label={t("Case {n}, value {m}", { n: i + 1, m: j + 1 })}
                param={one}
                pointer={`${pointer}/${i}/equals/${j}`}
                value={e}
                onChange={(v) =>
                  set(i, {
                    ...c,
                    equals: (v === undefined && equals.length > 1
                      ? equals.filter((_, k) => k !== j)
                      : equals.map((y, k) => (k === j ? (v ?? { type: "literal", value: "" }) : y))) as Case["equals"],
                  })
                }
              />
            ))}
            {!readOnly && (
              <button type="button" className="chip add" onClick={() => set(i, { ...c, equals: [...equals, { type: "literal", value: "" }] })}>
                <Icon name="plus" />
                {t("Or another value")}
              </button>
            )}
          </div>
        )
      })}
      {!readOnly && (
        <button
          type="button"
          className="chip add"
          onClick={() => onChange(["cases"], [...cases, { equals: [{ type: "literal", value: "" }], body: [] }])}
        >
          <Icon name="plus" />
          {t("Another case")}
        </button>
      )}
    </fieldset>
  )
}

// Steps are a list within a block: it is edited in the list of steps, and told here.
export function Steps({ param, value, onTakeOut }: Props) {
  const { readOnly } = useWorld()
  const steps = ((value as Instruction[] | undefined) ?? []).reduce((sum, s) => sum + countOf(s), 0)
  return (
    <div className="lab body-line">
      {param.title}
      <span className="t3 fs-12 push">{stepsWord(steps)}</span>
      {onTakeOut && !readOnly && (
        <Button size="xs" look="ghost" icon="x" label={t("Take out {name}, with its steps", { name: param.title })} onClick={onTakeOut} />
      )}
    </div>
  )
}

const stepsWord = (n: number) => (n === 0 ? t("no steps yet") : t("{n, plural, one {# step} other {# steps}}", { n }))
