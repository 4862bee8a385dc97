import { useId, useState } from "react"
import { ExpressionSlot } from "../expression/ExpressionSlot"
import { read } from "../expression/formula"
import { SlotProblems } from "../expression/SlotProblems"
import { typeOf } from "../expression/scope"
import { isLiteral } from "../expression/tree"
import { under, useWorld } from "../expression/world"
import type { Param } from "../library/library"
import type { Instruction } from "../spec/document"
import { renameLoopName } from "../spec/names"
import type { SpecStore } from "../spec/store"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { Cases, Steps } from "./Cases"

export interface Props {
  store: SpecStore
  step: Instruction
  param: Param
  pointer: string
  path: readonly (string | number)[] // in the step
  value: unknown
  autoFocus?: boolean
  onChange: (path: readonly (string | number)[], value: unknown) => void
  onTakeOut: (() => void) | undefined
}

// Field is one field of a step, in the form that its declaration asks for.
export function Field(props: Props) {
  const { param, store, step } = props
  return (
    <div
      className="insp-field"
      data-field={param.name}
      data-required={param.required || undefined}
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && store.left(step.id, param.name)}
    >
      <Inner {...props} />
    </div>
  )
}

function Inner(props: Props) {
  const { param, path, pointer, value, autoFocus, onChange, onTakeOut, step } = props
  const { library, names } = useWorld()
  switch (param.form) {
    case "expression":
      return (
        <ExpressionSlot
          label={param.title}
          param={param.field_of ? withFields(param, typeOf(read(step[param.field_of], library), names, library).fields) : param}
          pointer={pointer}
          value={value}
          autoFocus={autoFocus ?? false}
          onChange={(v) => onChange(path, v)}
          onTakeOut={onTakeOut}
        />
      )
    case "expressions":
      return <Several {...props} />
    case "fields":
      return <Group {...props} />
    case "name":
      return <OwnName {...props} />
    case "cases":
      return <Cases {...props} />
    case "body":
      return <Steps {...props} />
  }
}

// withFields offers the fields of the record that another field takes, where a field is to be named.
function withFields(param: Param, fields: { name: string }[] | undefined): Param {
  const options = (fields ?? []).map((f) => f.name).filter((n) => n !== "id" && n !== "external_id")
  return options.length > 0 ? { ...param, options } : param
}

// Several is a list of expressions, each of which can be moved and taken out.
function Several({ param, path, pointer, value, autoFocus, onChange, onTakeOut }: Props) {
  const { readOnly } = useWorld()
  const [fresh, setFresh] = useState(false)
  const list = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]
  const set = (items: unknown[]) => onChange(path, items.length === 0 && !param.required && onTakeOut ? undefined : items)
  const item: Param = { ...param, form: "expression", required: false, title: param.title }
  return (
    <fieldset className="several">
      <legend className="lab">
        {param.title}
        {param.required && <span className="vh"> {t("required")}</span>}
        {onTakeOut && !readOnly && <Button size="xs" look="ghost" icon="x" label={t("Take out {name}", { name: param.title })} onClick={onTakeOut} />}
      </legend>
      {list.map((v, i) => (
        <ExpressionSlot
          // biome-ignore lint/suspicious/noArrayIndexKey: an item of the list is its place
          key={i}
          bare
          label={t("{name}, {n}", { name: param.title, n: i + 1 })}
          param={item}
          pointer={`${pointer}/${i}`}
          value={v}
          onChange={(x) => {
            setFresh(false)
            set(x === undefined ? list.filter((_, k) => k !== i) : list.map((y, k) => (k === i ? x : y)))
          }}
          onTakeOut={() => set(list.filter((_, k) => k !== i))}
        />
      ))}
      {(fresh || list.length === 0) && (
        <ExpressionSlot
          key={list.length}
          bare
          label={t("{name}, {n}", { name: param.title, n: list.length + 1 })}
          param={item}
          pointer={`${pointer}/${list.length}`}
          value={undefined}
          autoFocus={fresh || (autoFocus ?? false)}
          onChange={(x) => {
            if (x === undefined) return
            setFresh(false)
            onChange(path, [...list, x])
          }}
        />
      )}
      {!readOnly && !fresh && list.length > 0 && (
        <button type="button" className="chip add" onClick={() => setFresh(true)}>
          <Icon name="plus" />
          {t("One more")}
        </button>
      )}
      {param.help && <span className="hint">{param.help}</span>}
    </fieldset>
  )
}

// Group is an object of fields; null in its place clears all of them.
function Group({ param, path, pointer, value, onChange, onTakeOut, store, step }: Props) {
  const { readOnly, problems } = useWorld()
  const [added, setAdded] = useState<string>()
  const cleared = value === null || (typeof value === "object" && isLiteral(value as never))
  const held = (cleared || typeof value !== "object" ? {} : value) as Record<string, unknown>
  const fields = param.fields ?? []
  const there = fields.filter((f) => held[f.name] !== undefined || f.name === added || f.required)
  const free = fields.filter((f) => !there.includes(f))
  const own = problems.filter((p) => p.pointer === pointer)
  return (
    <fieldset className="group">
      <legend className="lab">
        {param.title}
        {param.required && (
          <span className="req" aria-hidden="true">
            *
          </span>
        )}
        {onTakeOut && !readOnly && <Button size="xs" look="ghost" icon="x" label={t("Take out {name}", { name: param.title })} onClick={onTakeOut} />}
      </legend>
      {cleared ? (
        <p className="t2">{t("Empty: clears all of them.")}</p>
      ) : (
        there.map((f) => (
          <Field
            key={f.name}
            store={store}
            step={step}
            param={f}
            pointer={`${pointer}/${f.name}`}
            path={[...path, f.name]}
            value={held[f.name]}
            autoFocus={f.name === added}
            onChange={onChange}
            onTakeOut={() => {
              setAdded(undefined)
              const { [f.name]: _gone, ...left } = held
              onChange(path, left)
            }}
          />
        ))
      )}
      {!readOnly && (
        <div className="opt">
          {!cleared &&
            free.map((f) => (
              <button key={f.name} type="button" className="chip add" title={f.help} onClick={() => setAdded(f.name)}>
                <Icon name="plus" />
                {f.title}
              </button>
            ))}
          {param.literals.includes("null") && (
            <button
              type="button"
              className="chip add"
              aria-pressed={cleared}
              onClick={() => onChange(path, cleared ? {} : { type: "literal", value: null })}
            >
              <Icon name={cleared ? "undo" : "skip"} />
              {cleared ? t("Fill in fields") : t("Clear all")}
            </button>
          )}
        </div>
      )}
      <SlotProblems id={`${pointer}-problems`} problems={own} />
      {param.help && <span className="hint">{param.help}</span>}
    </fieldset>
  )
}

// OwnName is a name the step binds within it; what reads it is renamed with it.
function OwnName({ param, pointer, value, autoFocus, onChange, onTakeOut, path, store, step }: Props) {
  const { readOnly, problems } = useWorld()
  const id = useId()
  const given = typeof value === "string" ? value : ""
  const [typed, setTyped] = useState(given)
  const [seen, setSeen] = useState(given)
  if (seen !== given) {
    setSeen(given)
    setTyped(given)
  }
  const wrong = !/^[A-Za-z_]\w{0,63}$/.test(typed)
  const settle = () => {
    if (typed === given || wrong) return setTyped(given)
    if (param.name === "item_var" || param.name === "index_var") {
      const key = param.name
      store.edit(t("Change {field}", { field: param.title }), (s) => renameLoopName(s, step.id, key, typed))
    } else onChange(path, typed)
  }
  const own = problems.filter((p) => under(p.pointer, pointer))
  return (
    <div className="field">
      <div className="lab">
        <label htmlFor={id}>{param.title}</label>
        {param.required && (
          <span className="req" aria-hidden="true">
            *
          </span>
        )}
        <span className="push t3 fs-12">{t("a name of your own")}</span>
        {onTakeOut && !readOnly && <Button size="xs" look="ghost" icon="x" label={t("Take out {name}", { name: param.title })} onClick={onTakeOut} />}
      </div>
      <input
        id={id}
        className={`input mono ${wrong || own.length > 0 ? "is-error" : ""}`}
        autoFocus={autoFocus}
        aria-invalid={wrong || undefined}
        aria-describedby={`${id}-note`}
        required={param.required}
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
        onKeyDown={(e) => keyOf("field", e) === "take" && settle()}
        onBlur={settle}
      />
      <span className="hint" id={`${id}-note`}>
        {wrong ? t("A name has letters, digits and _, and begins with a letter") : param.help}
      </span>
      <SlotProblems id={`${id}-problems`} problems={own} />
    </div>
  )
}
