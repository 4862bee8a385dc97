// A constant's default in a form: the value as the spec holds it, and as the slots of the steps show it.
import { useState } from "react"
import { Exact } from "../api/exact"
import { parse, toText } from "../constant/value"
import { ExpressionSlot } from "../expression/ExpressionSlot"
import { read } from "../expression/formula"
import { momentOf, momentParts } from "../expression/moment"
import { type Expr, held, isLiteral, numeral, pointerOf, text } from "../expression/tree"
import { fits as fitsType, type Kind, type Type, typeWord } from "../expression/types"
import { type Problem, useWorld } from "../expression/world"
import type { Library, Param } from "../library/library"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import type { Json } from "./document"
import { headParam } from "./headWorld"

// paramOf declares the place of a default.
export const paramOf = (type: Type): Partial<Param> => ({ literal_only: true, literals: type.kind === "datetime" ? [] : [type.kind] })

// literalOf is a default as a slot shows it. A moment is kept as text, and shown as a day and a time where it is such a one.
export function literalOf(type: Type, value: Json | undefined, library: Library): Expr | undefined {
  if (value === undefined) return undefined
  if (typeof value === "number" || value instanceof Exact) return numeral(String(value)) ?? text(String(value))
  if (typeof value === "boolean" || value === null) return { type: "literal", value }
  if (typeof value !== "string") return text(JSON.stringify(value))
  const [day = "", time = ""] = value.split(/[ T]/, 2)
  const moment = type.kind === "datetime" ? momentOf({ day, time, zone: "" }, headParam({ name: "", title: "", type }), library) : undefined
  return moment && momentParts(moment, headParam({ name: "", title: "", type }), library) ? moment : text(value)
}

// jsonOf is what a slot holds as the spec has it.
export function jsonOf(type: Type, given: unknown, library: Library): Json | undefined {
  const e = read(given, library)
  if (e === undefined) return undefined
  const parts = momentParts(e, headParam({ name: "", title: "", type }), library)
  if (parts) return parts.time && parts.day ? `${parts.day} ${parts.time}` : parts.day
  return isLiteral(e) ? held(e) : undefined
}

// fits tells which value of a default is not of its type, at its place.
export function fits(type: Type, value: Json | undefined, pointer: string): Problem[] {
  if (value === undefined) return []
  if (type.kind === "table")
    return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Exact)
      ? Object.entries(value).flatMap(([key, v]) => fits(type.elem ?? { kind: "string" }, v, pointerOf(pointer, [key])))
      : []
  const got: Type = value instanceof Exact ? { kind: "number" } : typeof value === "object" ? { kind: "object" } : { kind: typeof value as Kind }
  const want: Type = type.kind === "datetime" ? { kind: "string" } : type
  if (fitsType(got, want)) return []
  const message = t("This is {got}, and {want} is asked for", { got: typeWord(got), want: typeWord(type) })
  return [{ pointer, code: "bad_constant", severity: "error", message }]
}

// How many rows have a field each; longer tables are lines.
const mostRows = 100

interface Props {
  label: string
  type: string // table<number>
  of: Type // what a row holds
  pointer: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  onUnsettled: (is: boolean) => void // what is shown is no table yet
}

type Rows = Record<string, Json>

const rowsOf = (value: Json | undefined): [string, Json | undefined][] =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Exact) ? Object.entries(value as Rows) : []

// TableDefault is the rows of a table: a key, and a value of the type of the table.
export function TableDefault(props: Props) {
  const { label, of, pointer, value, onChange, onUnsettled } = props
  const { library, problems } = useWorld()
  const [rows, setRows] = useState(() => rowsOf(value))
  if (rows.length > mostRows) return <Lines {...props} />
  const wrong = (key: string, at: number): string | undefined =>
    key === "" ? t("A row needs a key.") : rows.some(([k], i) => k === key && i < at) ? t("There is a row {key} already.", { key }) : undefined
  const set = (next: [string, Json | undefined][]) => {
    setRows(next)
    const keys = next.map(([k]) => k)
    onUnsettled(keys.includes("") || new Set(keys).size < keys.length || next.some(([, v]) => v === undefined))
    onChange(next.length === 0 ? undefined : (Object.fromEntries(next.filter(([k, v]) => k !== "" && v !== undefined)) as Rows))
  }
  const own = problems.filter((p) => p.pointer === pointer)
  return (
    <fieldset className="several table-default">
      <legend className="lab">{label}</legend>
      {rows.map(([key, v], i) => {
        const bad = wrong(key, i)
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row of the table is its place
          <div className="table-row" key={i}>
            <span className="table-key">
              <input
                className={`input mono ${bad ? "is-error" : ""}`}
                aria-label={t("Key of row {n}", { n: i + 1 })}
                aria-invalid={bad ? true : undefined}
                title={bad}
                placeholder={t("key")}
                spellCheck={false}
                autoComplete="off"
                autoFocus={key === ""}
                value={key}
                onChange={(e) => set(rows.map((r, k) => (k === i ? [e.target.value, r[1]] : r)))}
              />
              {bad && key !== "" && <span className="err">{bad}</span>}
            </span>
            <ExpressionSlot
              bare
              label={t("Value of {key}", { key: key || String(i + 1) })}
              param={headParam({ name: key, title: t("Value"), type: of, ...paramOf(of) })}
              pointer={pointerOf(pointer, [key])}
              value={literalOf(of, v, library)}
              onChange={(x) => set(rows.map((r, k) => (k === i ? [r[0], jsonOf(of, x, library)] : r)))}
            />
            <Button
              size="sm"
              look="ghost"
              icon="x"
              label={t("Take out row {key}", { key: key || String(i + 1) })}
              onClick={() => set(rows.filter((_, k) => k !== i))}
            />
          </div>
        )
      })}
      <button type="button" className="chip add" onClick={() => set([...rows, ["", undefined]])}>
        <Icon name="plus" />
        {t("One more row")}
      </button>
      {own.map((p) => (
        <span className="err" key={p.message}>
          <Icon name="fail" size={14} />
          {p.message}
        </span>
      ))}
    </fieldset>
  )
}

// Lines is a long table, a row on each line.
function Lines({ label, type, value, onChange, onUnsettled }: Props) {
  const [typed, setTyped] = useState(toText(value as never))
  const [error, setError] = useState<string>()
  return (
    <label className="field">
      <span className="lab">{label}</span>
      <textarea
        className={`input mono ${error ? "is-error" : ""}`}
        rows={12}
        spellCheck={false}
        aria-invalid={error ? true : undefined}
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value)
          const read = parse(type, e.target.value)
          setError("error" in read ? read.error : undefined)
          onUnsettled("error" in read)
          if (!("error" in read)) onChange("value" in read ? (read.value as Json) : undefined)
        }}
      />
      <span className={error ? "err" : "hint"}>{error ?? t("One row on each line: key = value.")}</span>
    </label>
  )
}
