import { type KeyboardEvent, useState } from "react"
import { type Param, wanted } from "../library/library"
import { t } from "../text"
import { keyOf } from "../ui/keys"
import { escaped, unescaped } from "./formula"
import { momentOf, momentParts } from "./moment"
import { type Expr, held, isLiteral, numeral, text } from "./tree"
import { accepts } from "./types"
import { useWorld } from "./world"

interface Props {
  id: string
  label: string
  param: Param
  expr: Expr | undefined
  describedBy: string
  onChange: (e: Expr | undefined) => void
  onSwitch: (typed: string, caret?: number) => void // to a variable, or to a formula
}

// LiteralControl is a value that stands alone, with the control of its type.
export function LiteralControl(props: Props) {
  const { param, expr } = props
  const { library } = useWorld()
  const value = expr && isLiteral(expr) ? held(expr) : undefined
  if (momentParts(expr, param, library)) return <MomentInput {...props} />
  if (param.options && param.options.length > 0) return <Words {...props} />
  if (typeof value === "boolean") return <YesNo {...props} value={value} />
  if (typeof value === "string") return <TextInput {...props} value={value} />
  return <NumberInput {...props} value={value === undefined ? "" : String(value)} />
}

// leading are the keys that begin something else in a field with nothing in it.
function leading(e: KeyboardEvent<HTMLInputElement | HTMLTextAreaElement>, { onSwitch, onChange }: Props, literalOnly: boolean) {
  if (e.currentTarget.value !== "") return
  const does = keyOf("expression", e)
  if (!literalOnly && (does === "formula" || does === "variable")) {
    e.preventDefault()
    onSwitch(does === "formula" ? "=" : "$")
  } else if (does === "unwrap") {
    e.preventDefault()
    onChange(undefined)
  }
}

// begins is whether what stands in a field is to be a formula or a variable: as in YAML, "=" makes it one and "==" is a text
// that begins with "=".
const begins = (typed: string): boolean => (typed.startsWith("=") && !typed.startsWith("==")) || typed === "$"

function TextInput(props: Props & { value: string }) {
  const { id, label, param, value, describedBy, onChange, onSwitch } = props
  const { readOnly } = useWorld()
  const plain = param.literal_only // nothing else can stand here, so no sign means anything
  return (
    <span className="slot-lit text-lit">
      <textarea
        id={id}
        rows={1}
        data-path="[]"
        className="slot-in"
        aria-label={label}
        aria-describedby={describedBy}
        readOnly={readOnly}
        maxLength={param.max_length}
        spellCheck={false}
        autoComplete="off"
        placeholder={plain ? "" : t("Text; $ first for a variable, = for a formula")}
        value={plain ? value : escaped(value)}
        onKeyDown={(e) => {
          if (keyOf("field", e) === "take") e.preventDefault()
          leading(e, props, plain)
        }}
        onChange={(e) => {
          const typed = e.target.value
          if (!plain && begins(typed)) return onSwitch(typed, e.target.selectionStart)
          const number = accepts(wanted(param), "string") ? undefined : numeral(typed)
          onChange(number ?? text(plain ? typed : unescaped(typed)))
        }}
      />
    </span>
  )
}

function NumberInput(props: Props & { value: string }) {
  const { id, label, param, value, describedBy, onChange, onSwitch } = props
  const { readOnly } = useWorld()
  const [typed, setTyped] = useState(value)
  const [seen, setSeen] = useState(value)
  if (seen !== value) {
    // Undone, or changed elsewhere.
    setSeen(value)
    if (numeral(typed.replace(",", "."))?.value !== numeral(value)?.value) setTyped(value)
  }
  const wrong = typed !== "" && numeral(typed.trim().replace(",", ".")) === undefined && !accepts(wanted(param), "string")
  return (
    <span className="slot-lit">
      <input
        id={id}
        data-path="[]"
        className="slot-in num"
        inputMode="decimal"
        aria-label={label}
        aria-describedby={wrong ? `${id}-wrong` : describedBy}
        aria-invalid={wrong || undefined}
        readOnly={readOnly}
        autoComplete="off"
        placeholder={param.literal_only ? "" : t("Number, or $ for a variable")}
        value={typed}
        onKeyDown={(e) => leading(e, props, param.literal_only)}
        onChange={(e) => {
          if (!param.literal_only && begins(e.target.value)) return onSwitch(e.target.value, e.target.selectionStart ?? undefined)
          setTyped(e.target.value)
          const number = numeral(e.target.value.trim().replace(",", "."))
          if (number) onChange(number)
          else if (e.target.value !== "" && accepts(wanted(param), "string")) onChange(text(e.target.value))
        }}
        onBlur={() => {
          if (typed === "" && value !== "") onChange(undefined)
        }}
      />
      {wrong && (
        <span id={`${id}-wrong`} className="err">
          {t("This is no number. It is written like 12, 0.5 or −3; the last number that was one stays.")}
        </span>
      )}
    </span>
  )
}

function YesNo({ label, value, describedBy, onChange }: Props & { value: boolean }) {
  const { readOnly } = useWorld()
  return (
    <span className="slot-lit seg" role="radiogroup" aria-label={label} aria-describedby={describedBy}>
      {[true, false].map((is) => (
        <button
          key={String(is)}
          type="button"
          role="radio"
          data-path={value === is ? "[]" : undefined}
          aria-checked={value === is}
          tabIndex={value === is ? 0 : -1}
          disabled={readOnly}
          className={value === is ? "is-on" : ""}
          onClick={() => onChange({ type: "literal", value: is })}
          onKeyDown={(e) => {
            if (!["left", "right", "up", "down"].includes(keyOf("control", e) ?? "")) return
            e.preventDefault()
            onChange({ type: "literal", value: !value })
            const other = e.currentTarget.parentElement?.querySelector<HTMLElement>("[aria-checked=false]")
            other?.focus()
          }}
        >
          {is ? t("Yes") : t("No")}
        </button>
      ))}
    </span>
  )
}

function Words({ id, label, param, expr, describedBy, onChange }: Props) {
  const { readOnly } = useWorld()
  const value = expr && isLiteral(expr) ? String(held(expr) ?? "") : ""
  const known = param.options ?? []
  return (
    <span className="slot-lit">
      <select
        id={id}
        data-path="[]"
        className="slot-in"
        aria-label={label}
        aria-describedby={describedBy}
        disabled={readOnly}
        value={value}
        onChange={(e) => onChange(e.target.value === "" ? undefined : text(e.target.value))}
      >
        {(expr === undefined || !known.includes(value)) && <option value={value}>{value === "" ? t("Choose…") : value}</option>}
        {known.map((word) => (
          <option key={word} value={word}>
            {word}
          </option>
        ))}
      </select>
    </span>
  )
}

function MomentInput({ id, label, param, expr, describedBy, onChange }: Props) {
  const { library, zone, readOnly } = useWorld()
  const parts = momentParts(expr, param, library)
  if (!parts) return null
  const set = (some: Partial<typeof parts>) => onChange(momentOf({ ...parts, ...some }, param, library))
  return (
    <span className="slot-lit moment-lit" role="group" aria-label={label}>
      <input
        id={id}
        data-path="[]"
        type="date"
        className="slot-in"
        aria-label={t("Day")}
        aria-describedby={describedBy}
        readOnly={readOnly}
        value={parts.day}
        onChange={(e) => set({ day: e.target.value })}
      />
      <input
        type="time"
        step={1}
        className="slot-in"
        aria-label={t("Time")}
        readOnly={readOnly || parts.day === ""}
        value={parts.time}
        onChange={(e) => set({ time: e.target.value })}
      />
      {!param.literal_only && ( // text alone has no zone of its own
        <>
          <input
            list={`${id}-zones`}
            className="slot-in zone-in"
            aria-label={t("Time zone")}
            readOnly={readOnly}
            placeholder={zone}
            value={parts.zone}
            onChange={(e) => set({ zone: e.target.value })}
          />
          <datalist id={`${id}-zones`}>
            {zones().map((z) => (
              <option key={z} value={z} />
            ))}
          </datalist>
        </>
      )}
    </span>
  )
}

const zones = (): string[] => ["UTC", ...(Intl.supportedValuesOf?.("timeZone") ?? [])]
