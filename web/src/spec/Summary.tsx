import { memo, type ReactNode } from "react"
import { print, read } from "../expression/formula"
import type { Library } from "../library/library"
import { t } from "../text"
import { casesOf, type Instruction } from "./document"

// How some functions read as a sentence; all others read as they are written.
const between: Record<string, () => string> = {
  concat: () => " + ",
  equals: () => ` ${t("equals")} `,
  and: () => ` ${t("and")} `,
  or: () => ` ${t("or")} `,
  greater_than: () => " > ",
  less_than: () => " < ",
  greater_or_equal: () => " ≥ ",
  less_or_equal: () => " ≤ ",
}

interface Node {
  type: string
  [key: string]: unknown
}

const isNode = (v: unknown): v is Node => typeof v === "object" && v !== null && typeof (v as Node).type === "string"

// brief writes an expression on one line, for reading; nested calls as formulas.
function Brief({ of, library, inner = false }: { of: unknown; library: Library; inner?: boolean }): ReactNode {
  if (Array.isArray(of))
    return of.map((e, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence
      <span key={i}>
        {i > 0 && ", "}
        <Brief of={e} library={library} inner />
      </span>
    ))
  const e = typeof of === "string" ? read(of, library) : of
  if (isNode(e)) {
    if (e.type === "var") return <code className="v">{String(e.var)}</code>
    if (e.type === "literal" && typeof e.value === "string") return <code>“{e.value}”</code>
    const func = library.func(e.type)
    const args = func?.arguments.flatMap((a) => (e[a.name] === undefined ? [] : Array.isArray(e[a.name]) ? (e[a.name] as unknown[]) : [e[a.name]]))
    const sign = between[e.type]?.()
    if (sign && args && args.length > 1 && !inner)
      return args.map((a, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence
        <span key={i}>
          {i > 0 && sign}
          <Brief of={a} library={library} inner />
        </span>
      ))
    if (e.type === "equals_one_off" && args && args.length > 1 && !inner)
      return (
        <>
          <Brief of={args[0]} library={library} inner /> {t("is one of")} <Brief of={args.slice(1)} library={library} inner />
        </>
      )
  }
  return <code>{print(read(e, library), library)}</code>
}

// Values of a field that is no expression: a name, or a group.
function FieldBrief({ step, name, library }: { step: Instruction; name: string; library: Library }) {
  const field = library.instruction(step.type)?.fields.find((f) => f.name === name)
  const value = name === "return_as" ? step.return_as : step[name]
  if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return <span className="hole">{field?.title ?? name}</span>
  if (name === "return_as" || field?.form === "name") return <code className="v">{String(value)}</code>
  return <Brief of={value} library={library} />
}

// Summary says a step in a sentence: the words its declaration has for it, with what stands in its fields.
export const Summary = memo(function Summary({ step, library }: { step: Instruction; library: Library }) {
  const declared = library.instruction(step.type)
  const parts = (declared?.summary ?? step.type).split(/\{(\w+)\}/)
  return (
    <span className="say">
      {parts.map((part, i) =>
        i % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the template never moves
          <FieldBrief key={i} step={step} name={part} library={library} />
        ) : i === 0 ? (
          <b key="verb">{part}</b>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the template never moves
          <span key={i}>{part}</span>
        ),
      )}
    </span>
  )
})

// titleOf is what a step is called without its fields.
export const titleOf = (step: Instruction, library: Library): string => library.instruction(step.type)?.title ?? step.type

// armTitle heads a list within a step, by the title its declaration has for it.
export function ArmTitle({ step, body, library }: { step: Instruction; body: string; library: Library }) {
  const m = /^cases\/(\d+)\//.exec(body)
  if (m)
    return (
      <>
        <span className="arm">{t("is")}</span>
        <span className="say">
          <Brief of={[casesOf(step)[Number(m[1])]?.equals].flat()} library={library} />
        </span>
      </>
    )
  const title = library.instruction(step.type)?.fields.find((f) => f.name === body)?.title ?? body
  return <span className="arm">{title.toLowerCase()}</span>
}
