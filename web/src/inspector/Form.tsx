import { useRef, useState } from "react"
import { SlotProblems } from "../expression/SlotProblems"
import { unknownParam } from "../expression/tree"
import { useWorld } from "../expression/world"
import type { InstructionType, Param } from "../library/library"
import { type Instruction, isBody, setField } from "../spec/document"
import type { SpecStore } from "../spec/store"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { Field } from "./Field"
import { blankOf } from "./keep"

interface Props {
  store: SpecStore
  step: Instruction
  pointer: string
  type: InstructionType | undefined
}

const apart = new Set(["type", "id", "note", "disabled", "return_as", "comments"])

// Form is drawn from the declaration of the step's type: what is required first, then what is there; what can be added
// stands below as chips.
export function Form({ store, step, pointer, type }: Props) {
  const { readOnly, problems } = useWorld()
  const [added, setAdded] = useState<string>() // takes the focus when it is drawn
  const [stays, setStays] = useState<ReadonlySet<string>>(new Set()) // also with nothing in them, until they are taken out
  const chips = useRef<HTMLDivElement>(null)
  const params =
    type?.fields ??
    Object.keys(step)
      .filter((k) => !apart.has(k) && !k.startsWith("x-") && !isBody(k))
      .map((k) => unknownParam(k, "expression"))
  // A type that requires nothing is filled in where its sentence has a place: "Stop {reason}".
  const offered = params.some((p) => p.required) ? undefined : params.find((p) => p.form === "expression" && type?.summary.includes(`{${p.name}}`))
  const isThere = (p: Param) => step[p.name] !== undefined || stays.has(p.name) || p === offered
  const shown = [...params.filter((p) => p.required), ...params.filter((p) => !p.required && isThere(p))]
  const free = params.filter((p) => !p.required && !isThere(p))
  const known = new Set(params.map((p) => p.name))
  const strangers = Object.keys(step).filter((k) => type && !apart.has(k) && !k.startsWith("x-") && !known.has(k))

  const set = (path: readonly (string | number)[], value: unknown, title: string) =>
    store.edit(t("Change {field}", { field: title }), (s) => setField(s, step.id, path, value), { merge: `${step.id} ${path.join("/")}` })
  const add = (p: Param) => {
    setAdded(p.name)
    setStays(new Set([...stays, p.name]))
    const blank = p.form === "name" ? freeIndex(step) : blankOf(p)
    if (blank !== undefined) set([p.name], blank, p.title)
  }
  const takeOut = (p: Param) => {
    setAdded(undefined)
    setStays(new Set([...stays].filter((n) => n !== p.name)))
    set([p.name], undefined, p.title)
    // Where it can be added again is where the focus goes.
    setTimeout(() => chips.current?.querySelector<HTMLElement>(`[data-adds="${CSS.escape(p.name)}"]`)?.focus())
  }
  // What is about the step as a whole, and no field has.
  const own = problems.filter(
    (p) => p.pointer === pointer || !shown.some((f) => p.pointer === `${pointer}/${f.name}` || p.pointer.startsWith(`${pointer}/${f.name}/`)),
  )
  const outside = own.filter((p) => !isBody(p.pointer.slice(pointer.length + 1).split("/")[0] ?? ""))
  return (
    <div className="insp-b insp-form">
      <SlotProblems id="step-problems" problems={outside} />
      {shown.map((p) => (
        <Field
          key={p.name}
          store={store}
          step={step}
          param={p}
          pointer={`${pointer}/${p.name}`}
          path={[p.name]}
          value={step[p.name]}
          autoFocus={p.name === added && p.form !== "body"}
          onChange={(path, value) => {
            if (value === undefined && !p.required) setStays(new Set([...stays, p.name]))
            set(path, value, p.title)
          }}
          onTakeOut={p.required || p === offered ? undefined : () => takeOut(p)}
        />
      ))}
      {strangers.map((k) => (
        <div key={k} className="fixline">
          <span className="err">
            <Icon name="warnf" size={14} />
            {t("{type} has no field {name}.", { type: type?.title ?? "", name: k })}
          </span>
          {!readOnly && (
            <button type="button" className="chip" onClick={() => set([k], undefined, k)}>
              <Icon name="x" />
              {t("Take out {name}", { name: k })}
            </button>
          )}
        </div>
      ))}
      {free.length > 0 && !readOnly && (
        <div className="opt" ref={chips} role="group" aria-label={t("Fields that can be added")}>
          {free.map((p) => (
            <button key={p.name} type="button" data-adds={p.name} className="chip add" title={p.help} onClick={() => add(p)}>
              <Icon name="plus" />
              {p.title}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

function freeIndex(step: Instruction): string {
  const taken = new Set(Object.values(step).filter((v) => typeof v === "string"))
  return ["n", "i", "index"].find((x) => !taken.has(x)) ?? "number"
}
