import { type ReactNode, useEffect, useId, useRef } from "react"
import { type Param, wanted } from "../library/library"
import { t } from "../text"
import { Value } from "../trace/Value"
import { shapeOf } from "../trace/values"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { Chips } from "./Chips"
import { print, read } from "./formula"
import { KindMenu } from "./KindMenu"
import { LiteralControl } from "./LiteralControl"
import { part } from "./live"
import { SlotEditor } from "./SlotEditor"
import { SlotProblems } from "./SlotProblems"
import { namesAt, typeOf } from "./scope"
import { at, type Expr, isLiteral, isVariable, type Path } from "./tree"
import { isPersonal, typeWord } from "./types"
import { useSlot } from "./useSlot"
import { under, useWorld } from "./world"

interface Props {
  label: string
  param: Param
  pointer: string
  value: unknown // as the spec holds it; undefined: not there
  onChange: (value: unknown) => void
  onTakeOut?: (() => void) | undefined // of a field that can be left out
  takeOutWord?: string | undefined // what taking it out means, where that is not what it means of a record
  autoFocus?: boolean
  bare?: boolean // without a label of its own: an item of a list
  after?: ReactNode // in the line of the label
}

// ExpressionSlot is a literal, a variable or a function as one control, with its live value and its problems below.
export function ExpressionSlot({ label, param, pointer, value, onChange, onTakeOut, takeOutWord, autoFocus, bare, after }: Props) {
  const world = useWorld()
  const { library, readOnly, problems, names } = world
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const expr = read(value, library)
  const slot = useSlot({ expr, param, pointer, onChange, box })
  const traced = world.live(pointer)
  const own = problems.filter((p) => under(p.pointer, pointer))
  const wrong = own.some((p) => p.severity === "error")
  const hidden = isPersonal(typeOf(expr, names, library))
  const focus = slot.focus ?? []
  const shown = at(expr, focus)
  const now = liveAt(traced, expr, focus, library)
  const description = [own.length > 0 ? `${id}-problems` : "", `${id}-now`].filter(Boolean).join(" ")

  useEffect(() => {
    if (autoFocus) box.current?.querySelector<HTMLElement>("[data-path='[]'], .slot-lit :is(input, select, button)")?.focus()
  }, [autoFocus])

  const control = slot.editing === undefined && !slot.asChips && (
    <LiteralControl id={`${id}-lit`} label={label} param={param} expr={expr} describedBy={description} onChange={slot.write} onSwitch={slot.begin} />
  )
  const editor = slot.editing && (
    <SlotEditor
      key={`${JSON.stringify(slot.editing.path)} ${slot.editing.mode}`}
      param={slot.editing.param}
      label={slot.editing.path.length === 0 ? label : (slot.editing.param?.title ?? label)}
      typed={slot.editing.typed}
      mode={slot.editing.mode}
      select={slot.editing.select}
      caretAt={slot.editing.caret}
      of={typeOf(at(expr, slot.editing.path), namesAt(expr, slot.editing.path, names, library), library)}
      names={namesAt(expr, slot.editing.path, names, library)}
      anchor={box}
      onDone={slot.done}
      onCancel={slot.cancel}
      onEmpty={slot.empty}
    />
  )
  return (
    <div className={`field slot-field ${bare ? "bare-slot" : ""}`} role="group" aria-labelledby={`${id}-label`} aria-describedby={description}>
      <div className={bare ? "vh" : "lab"}>
        <span id={`${id}-label`}>
          {label}
          {param.required && <span className="vh"> {t("required")}</span>}
        </span>
        {param.required && (
          <span className="req" aria-hidden="true">
            *
          </span>
        )}
        {after}
        <span className="push t3 fs-12 type-of">{typeWord(wanted(param))}</span>
        {onTakeOut && !readOnly && <Button size="xs" look="ghost" icon="x" label={t("Take out {name}", { name: label })} onClick={onTakeOut} />}
      </div>
      <div
        ref={box}
        data-pointer={pointer}
        className={`slot ${wrong ? "is-error" : ""} ${slot.inside ? "is-focus" : ""} ${slot.editing && slot.editing.path.length === 0 ? "is-typed" : ""}`}
        onFocus={slot.onEnter}
        onBlur={slot.onLeave}
      >
        {control || (
          <span
            className="slot-c"
            onPaste={(e) => {
              const chip = (e.target as HTMLElement).closest<HTMLElement>("button[data-path]")
              if (!chip || slot.editing) return
              e.preventDefault()
              slot.onPaste(e.clipboardData.getData("text/plain"), JSON.parse(chip.dataset.path ?? "[]") as Path)
            }}
          >
            <Chips
              whole={expr}
              slot={pointer}
              label={label}
              param={param}
              names={names}
              inside={slot.inside}
              editing={slot.editing?.path}
              editor={editor || null}
              wrapping={slot.editing?.mode === "wrap"}
              liveOf={(path) => {
                const of = liveAt(traced, expr, path, library)
                return of === undefined ? undefined : of.error ? t("goes wrong: {message}", { message: of.error.message }) : spokenValue(of.value)
              }}
              onFocus={slot.onFocus}
              onOpen={slot.open}
              onKey={slot.onKey}
              onName={slot.rename}
            />
          </span>
        )}
        {!readOnly && (
          <KindMenu
            label={label}
            param={param}
            expr={expr}
            onKind={slot.toKind}
            onFormula={slot.toFormula}
            onNull={slot.toNull}
            onTakeOut={onTakeOut}
            takeOutWord={takeOutWord}
          />
        )}
      </div>
      <span className={`now-is ${world.liveStale ? "is-old" : ""}`} id={`${id}-now`} hidden={now === undefined && !hidden}>
        {focus.length > 0 && shown && <span className="t3 of">{print(shown, library)}</span>}
        {hidden && focus.length === 0 ? (
          <Locked live={traced?.value} />
        ) : now?.error ? (
          <span className="c-bad">{now.error.message}</span>
        ) : (
          now && <Value of={now.value} />
        )}
        {world.liveStale && now !== undefined && <span className="vh">{t("of before the last change")}</span>}
      </span>
      <SlotProblems id={`${id}-problems`} problems={own} />
      {slot.inside && (param.help || shown) && <SlotHelp param={param} shown={shown} />}
    </div>
  )
}

// SlotHelp is the reference beside the field: of the function the focus is on, else of the field.
function SlotHelp({ param, shown }: { param: Param; shown: Expr | undefined }) {
  const { library } = useWorld()
  const func = shown && !param.literal_only && !isLiteral(shown) && !isVariable(shown) ? library.func(shown.type) : undefined
  const help = func ? func.help : param.help
  if (!help) return null
  return (
    <span className="hint slot-help">
      {func && <code>{func.call}</code>} {help}
    </span>
  )
}

// Locked is a personal value: its type and length, never itself.
function Locked({ live }: { live: Parameters<typeof shapeOf>[0] }) {
  const shape = shapeOf(live)
  return (
    <span className="tag" title={t("Personal data of a customer is never shown")}>
      <Icon name="lock" />
      {shape.is === "personal" && shape.length !== undefined
        ? t("personal, {n, plural, one {# character} other {# characters}}", { n: shape.length })
        : t("personal")}
    </span>
  )
}

function liveAt(
  traced: ReturnType<ReturnType<typeof useWorld>["live"]>,
  expr: Expr | undefined,
  path: Path,
  library: ReturnType<typeof useWorld>["library"],
) {
  const of = part(traced, path)
  const here = at(expr, path)
  if (!of || here === undefined || (isLiteral(here) && !of.error)) return undefined
  if (!of.evaluated && !of.error) return undefined
  return of.formula.replace(/^=/, "") === print(here, library) ? of : undefined
}

function spokenValue(value: Parameters<typeof shapeOf>[0]): string {
  const shape = shapeOf(value)
  if (shape.is === "personal") return t("personal data")
  if (shape.is === "text") return shape.text
  if (shape.is === "null") return t("empty")
  if (shape.is === "list") return t("{n, plural, one {# item} other {# items}}", { n: shape.items.length })
  if (shape.is === "object") return t("object")
  return shape.is === "moment" ? shape.iso : shape.is === "ref" ? shape.id : shape.text
}
