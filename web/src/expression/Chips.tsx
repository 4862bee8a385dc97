import { Fragment, type KeyboardEvent, type ReactNode } from "react"
import { type Param, wanted } from "../library/library"
import { t } from "../text"
import { brief } from "../trace/values"
import { Icon } from "../ui/Icon"
import { keyOf } from "../ui/keys"
import { literalWords, type Name, namesAt, typeAt } from "./scope"
import { placeholder } from "./suggest"
import { at, type Call, type Expr, held, isCall, isLiteral, isUnread, isVariable, type Path, paramsOf, pointerOf, samePath } from "./tree"
import { isPersonal, typeWord } from "./types"
import { under, useWorld } from "./world"

export interface ChipsProps {
  whole: Expr | undefined
  slot: string // pointer of the whole
  label: string
  param: Param | undefined
  names: readonly Name[]
  inside: boolean // the focus is in the slot: every chip is a stop of Tab
  editing: Path | undefined
  editor: ReactNode // stands in the place of what is edited
  wrapping: boolean // or before it, while a function to go around it is looked for
  liveOf: (path: Path) => string | undefined // what a part came to, as text
  onFocus: (path: Path, param: Param | undefined) => void
  onOpen: (path: Path, param: Param | undefined) => void
  onKey: (e: KeyboardEvent, path: Path, param: Param | undefined, hole: boolean) => void
  onName: (path: Path, name: string, to: string) => void
}

// Chips are an expression as nested marks, each of which takes the focus.
export function Chips(props: ChipsProps) {
  return <Chip {...props} path={[]} param={props.param} here={props.whole} />
}

interface ChipProps extends ChipsProps {
  path: Path
  here: Expr | undefined
}

function Chip(props: ChipProps) {
  const { path, here, editing, editor, wrapping, slot, whole } = props
  const { problems, library } = useWorld()
  if (editing && samePath(editing, path)) {
    if (!wrapping) return editor
    return (
      <>
        {editor}
        <Chip {...props} editing={undefined} editor={null} wrapping={false} />
      </>
    )
  }
  if (here === undefined) return <Hole {...props} />
  const pointer = pointerOf(slot, path)
  const own = problems.some((p) => p.severity === "error" && (isCall(here) ? p.pointer === pointer : under(p.pointer, pointer)))
  if (isCall(here)) return <CallChip {...props} here={here} wrong={own} />
  const names = namesAt(whole, path, props.names, library)
  return <Leaf {...props} here={here} names={names} wrong={own} />
}

const dataPath = (path: Path) => JSON.stringify(path)

function button({ path, param, inside, onFocus, onOpen, onKey }: ChipProps, hole: boolean) {
  return {
    type: "button" as const,
    "data-path": dataPath(path),
    tabIndex: inside || path.length === 0 ? 0 : -1,
    onFocus: () => onFocus(path, param),
    onClick: () => onOpen(path, param),
    onKeyDown: (e: KeyboardEvent) => onKey(e, path, param, hole),
  }
}

function Hole(props: ChipProps) {
  const { param, path, label } = props
  const root = path.length === 0
  const many = param?.form === "expressions"
  const word = root ? label : many ? t("another argument") : (param?.title ?? "")
  return (
    <button
      {...button(props, true)}
      className={root ? "hole whole" : many ? "hole more" : "hole"}
      aria-label={t("{name}, empty, takes {type}", { name: word, type: typeWord(wanted(param)) })}
    >
      {root ? <span className="ph trunc">{placeholder(param)}</span> : many ? <Icon name="plus" size={12} /> : param?.name}
    </button>
  )
}

function Leaf(props: ChipProps & { here: Expr; wrong: boolean }) {
  const { here, param, path, names, wrong, liveOf } = props
  const { zone, readOnly } = useWorld()
  const value = liveOf(path)
  const named = param && path.length > 0 && param.form === "expression" && !param.required ? param.name : undefined
  const lead = named && <span className="named">{named}=</span>
  if (isVariable(here)) {
    const personal = isPersonal(typeAt(here.var, names))
    const type = typeWord(typeAt(here.var, names))
    return (
      <>
        {lead}
        <button
          {...button(props, false)}
          className={`var ${wrong ? "is-error" : ""}`}
          aria-label={[t("variable {path}", { path: here.var }), type, personal ? t("personal data") : value !== undefined ? `= ${value}` : ""]
            .filter(Boolean)
            .join(", ")}
          aria-disabled={readOnly || undefined}
        >
          {personal && <Icon name="lock" />}
          {here.var}
        </button>
      </>
    )
  }
  if (isUnread(here))
    return (
      <button {...button(props, false)} className="var is-error" aria-label={t("formula that cannot be read: {text}", { text: here.text })}>
        {here.text}
      </button>
    )
  const content = isLiteral(here) ? held(here) : null
  const raw = typeof content !== "string"
  return (
    <>
      {lead}
      <button {...button(props, false)} className={`lit ${raw ? "raw" : ""} ${wrong ? "is-error" : ""}`} aria-label={spokenLiteral(here)}>
        {content === null ? t("empty") : raw ? brief(content, zone) : content === "" ? " " : content}
      </button>
    </>
  )
}

function spokenLiteral(e: Expr): string {
  if (!isLiteral(e)) return ""
  const value = held(e)
  if (value === "") return t("empty text")
  return typeof value === "string" ? t("text {value}", { value: literalWords(e) }) : literalWords(e)
}

function CallChip(props: ChipProps & { here: Call; wrong: boolean }) {
  const { here, path, param, wrong, liveOf, whole, inside } = props
  const { library } = useWorld()
  const func = library.func(here.type)
  const value = liveOf(path)
  const named = param && path.length > 0 && param.form === "expression" && !param.required ? param.name : undefined
  const argument = (p: Param, key: Path, child: Expr | undefined) => <Chip {...props} key={dataPath(key)} path={key} param={p} here={child} />
  return (
    <>
      {named && <span className="named">{named}=</span>}
      <span className={`fn ${wrong ? "is-error" : ""}`} role="group" aria-label={func?.title ?? here.type}>
        <button
          {...button(props, false)}
          className="f"
          aria-label={[t("function {name}", { name: here.type }), func?.title ?? "", value !== undefined ? `= ${value}` : ""]
            .filter(Boolean)
            .join(", ")}
        >
          {here.type}
        </button>
        {paramsOf(here, library).map((p) => {
          const child = here[p.name]
          if (p.form === "name") return <OwnName key={p.name} {...props} call={here} of={p} />
          if (p.form === "expressions" || Array.isArray(child)) {
            const list = (child as Expr[] | undefined) ?? []
            return (
              <Fragment key={p.name}>
                {list.map((x, i) => argument(p, [...path, p.name, i], x))}
                {(inside || list.length === 0) && argument(p, [...path, p.name, list.length], undefined)}
              </Fragment>
            )
          }
          if (child === undefined && !p.required && !(props.editing && samePath(props.editing, [...path, p.name]))) return null
          return argument(p, [...path, p.name], at(whole, [...path, p.name]))
        })}
        {inside && <Options {...props} call={here} />}
      </span>
    </>
  )
}

// OwnName is the name that a function gives to what it goes over.
function OwnName({ path, of, call, inside, onName }: ChipProps & { call: Call; of: Param }) {
  const { readOnly } = useWorld()
  return (
    <input
      key={String(call[of.name])}
      className="own-name"
      data-path={dataPath([...path, of.name])}
      aria-label={of.help || of.title}
      tabIndex={inside ? 0 : -1}
      readOnly={readOnly}
      spellCheck={false}
      autoComplete="off"
      size={Math.max(3, String(call[of.name] ?? "").length)}
      defaultValue={String(call[of.name] ?? "")}
      onKeyDown={(e) => {
        e.stopPropagation()
        if (keyOf("field", e) === "take") e.currentTarget.blur()
      }}
      onBlur={(e) => {
        const to = e.currentTarget.value.trim()
        if (/^[A-Za-z_]\w{0,63}$/.test(to) && to !== call[of.name]) onName(path, of.name, to)
        else e.currentTarget.value = String(call[of.name] ?? "")
      }}
    />
  )
}

// Options are the arguments that a function can do without and does not have yet.
function Options({ path, call, onOpen, inside }: ChipProps & { call: Call }) {
  const { library, readOnly } = useWorld()
  const left = (library.func(call.type)?.arguments ?? []).filter((p) => p.form === "expression" && !p.required && call[p.name] === undefined)
  if (readOnly || left.length === 0) return null
  return (
    <>
      {left.map((p) => (
        <button
          key={p.name}
          type="button"
          className="hole opt-arg"
          tabIndex={inside ? 0 : -1}
          aria-label={t("Add {name}: {help}", { name: p.name, help: p.help })}
          title={p.help}
          onClick={() => onOpen([...path, p.name], p)}
        >
          +{p.name}
        </button>
      ))}
    </>
  )
}
