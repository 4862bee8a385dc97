import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useRef, useState } from "react"
import { Popover } from "react-aria-components"
import { type Param, wanted } from "../library/library"
import { t } from "../text"
import { type Act, keyOf } from "../ui/keys"
import { caretIn, parse, print, takenAt, unescaped } from "./formula"
import { OptionList } from "./OptionList"
import { entriesOf, type Name, namesAt } from "./scope"
import { argumentsOf, functionsFor, literalsFor, type Option, placeholder, refusal, suggest, variablesFor, wrappers } from "./suggest"
import { type Expr, text } from "./tree"
import type { Type } from "./types"
import { useWorld } from "./world"

// How an editor begins: "pick" offers, "formula" is text with completion, "wrap" asks for a function to go around.
export type Mode = "pick" | "formula" | "wrap"

// The keys of the page that count here, too; others are what is typed, or its undoing.
const ofPage: ReadonlySet<Act<"builder">> = new Set(["save", "saveWithNote", "test", "compare", "nextProblem", "lastProblem", "fix"])

interface Props {
  param: Param | undefined
  label: string
  typed: string // what it begins with
  mode: Mode
  of: Type // of what is wrapped
  names: readonly Name[]
  anchor: RefObject<HTMLElement | null>
  select?: boolean // what is there is to be typed over
  caretAt?: number | undefined // where typing goes on; else at the end
  onDone: (option: Option | Expr | undefined, how: "chosen" | "next" | "left") => void // undefined: nothing was said
  onCancel: () => void
  onEmpty: () => void // Backspace where nothing is
}

// SlotEditor is the text field of a slot: a value, the search for a variable or a function, or a formula.
export function SlotEditor({ param, label, typed: begin, mode: given, of, names, anchor, select, caretAt, onDone, onCancel, onEmpty }: Props) {
  const { library, samples, values, zone, makes } = useWorld()
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const [typed, setTyped] = useState(begin)
  const [caret, setCaret] = useState(caretAt ?? begin.length)
  const [active, setActive] = useState<number | undefined>(undefined) // undefined: nobody moved
  const [open, setOpen] = useState(true)
  const [problem, setProblem] = useState<{ at: number; message: string }>()
  const over = useRef(false)
  const asText = given !== "wrap" && typed.startsWith("==") && !param?.variable_only // of a text that begins with "="
  const mode: Mode = given === "pick" && typed.startsWith("=") ? "formula" : given
  const sigil = mode === "pick" && (typed.startsWith("$") || typed.startsWith("/"))
  const entries = useMemo(() => entriesOf(names, samples, values), [names, samples, values])
  const taken = useMemo(() => new Set(names.map((n) => n.name)), [names])

  const about = useMemo(
    () => (makes && param ? { noun: makes, what: param.key ? "id" : param.label ? "name" : param.name } : undefined),
    [makes, param],
  )

  const at = useMemo(() => (mode === "formula" ? caretIn(typed, caret) : undefined), [mode, typed, caret])
  const place = at ? (at.call ? takenAt(at, library) : param) : param
  const options = useMemo<Option[]>(() => {
    if (asText) return []
    if (mode === "wrap") return wrappers(typed.trim().toLowerCase(), wanted(param), of, library, taken)
    if (mode === "pick") {
      const words = sigil ? typed.slice(1) : typed
      return suggest({ typed: words, param, entries, library, zone, taken, about, variablesOnly: sigil })
    }
    if (!at || at.inText || (at.word === "" && !at.call)) return []
    if (place?.form === "name") return []
    const want = wanted(place)
    const seen = at.call ? entriesOf(namesWithin(typed, caret, names, library), samples, values) : entries
    if (param?.literal_only) return []
    const variables = variablesFor(at.word.toLowerCase(), want, seen, library, zone, at.call ? undefined : about)
    const found = param?.variable_only ? variables : [...variables, ...functionsFor(at.word.toLowerCase(), want, library, taken)]
    const words = place?.options ? literalsFor(at.word, place) : []
    const named = at.call && at.word !== "" ? argumentsOf(at.call.name, at.word, library) : []
    return [...named, ...words, ...found].slice(0, 60)
  }, [asText, mode, typed, sigil, param, of, library, taken, entries, zone, at, place, names, samples, values, caret, about])

  // In a formula the first is taken by Enter only while a word is being typed that is none yet.
  const unfinished = mode !== "formula" || (at !== undefined && at.word !== "" && !options.some((o) => o.label === at.word))
  const first = options.findIndex((o) => !o.refused)
  const chosen = active ?? (unfinished && (typed !== "" || mode !== "pick") ? first : -1)

  useEffect(() => {
    const el = field.current
    if (!el) return
    el.focus()
    if (select) el.select()
    else el.setSelectionRange(caretAt ?? el.value.length, caretAt ?? el.value.length)
  }, [select, caretAt])

  const finish = (value: Option | Expr | undefined, how: "chosen" | "next" | "left") => {
    if (over.current) return
    over.current = true
    onDone(value, how)
  }

  // take puts an option into the text of a formula, or is the end of it.
  const take = (o: Option, how: "chosen" | "next") => {
    if (mode !== "formula" || !at) return finish(o, how)
    const end = o.kind === "function" ? `${o.label}()` : o.kind === "literal" ? JSON.stringify(o.label) : o.expr ? print(o.expr, library) : o.label
    const made = typed.slice(0, at.from) + end + typed.slice(at.to)
    const now = at.from + end.length - (o.kind === "function" && (o.func?.arguments.length ?? 0) > 0 ? 1 : 0)
    setTyped(made)
    setActive(undefined)
    setProblem(undefined)
    requestAnimationFrame(() => {
      field.current?.setSelectionRange(now, now)
      setCaret(now)
    })
  }

  // settle is what the text says as it stands; "left": whoever typed it went elsewhere.
  const settle = (how: "chosen" | "next" | "left") => {
    const source = typed.replace(/^=/, "")
    if (mode === "wrap" || typed.trim() === "" || (sigil && typed.length === 1)) return how === "left" ? cancel() : finish(undefined, how)
    if (asText) {
      const no = refusal(text(unescaped(typed)), param)
      if (no === undefined) return finish(text(unescaped(typed)), how)
      return how === "left" && problem ? cancel() : setProblem({ at: 0, message: no })
    }
    if (mode === "pick") {
      const words = sigil ? typed.slice(1) : typed
      const literal = sigil ? undefined : literalsFor(words, param).find((o) => !param?.options || o.label === words)
      if (literal) return finish(literal, how)
      const exact = options.find((o) => o.label === words && !o.refused && o.kind === "variable")
      if (exact) return finish(exact, how)
      if (param?.literal_only) return finish({ type: "literal", value: words }, how)
    }
    const parsed = parse(sigil ? source.slice(1) : source, library)
    if ("expr" in parsed) {
      const no = refusal(parsed.expr, param)
      if (no === undefined) return finish(parsed.expr, how)
      return how === "left" && problem ? cancel() : setProblem({ at: 0, message: no })
    }
    // Whoever leaves it a second time means to: it is kept as it is typed.
    if (how === "left" || problem) return finish({ type: "formula", text: `=${source}` }, how)
    setProblem(parsed.problem)
    field.current?.setSelectionRange(parsed.problem.at + (typed.length - source.length), typed.length)
  }
  const cancel = () => {
    if (over.current) return
    over.current = true
    onCancel()
  }

  const onKey = (e: KeyboardEvent<HTMLTextAreaElement>) => {
    if (e.nativeEvent.isComposing) return e.stopPropagation()
    const page = keyOf("builder", e)
    if (page !== undefined && ofPage.has(page)) {
      // What is typed counts for it. Where that cannot stand here the field says so, and the page does nothing.
      if (typed.trim() === "") return
      settle("chosen")
      if (!over.current) {
        e.preventDefault()
        e.stopPropagation()
      }
      return
    }
    e.stopPropagation()
    const does = keyOf("choose", e)
    const inside = keyOf("expression", e)
    if (does === "next" || does === "back") {
      if (options.length === 0) return
      e.preventDefault()
      setOpen(true)
      const from = chosen < 0 && does === "back" ? 0 : chosen
      setActive((from + (does === "next" ? 1 : -1) + options.length) % options.length)
    } else if (does === "take") {
      e.preventDefault()
      const o = open ? options[chosen] : undefined
      if (o?.refused) return
      if (o) take(o, "chosen")
      else settle("chosen")
    } else if (inside === "next") {
      const o = open && typed !== "" ? options[chosen] : undefined
      if (o && !o.refused) {
        e.preventDefault()
        take(o, "next")
      } else if (typed.trim() !== "") {
        e.preventDefault()
        settle("next")
      }
    } else if (does === "close") {
      e.preventDefault()
      cancel()
    } else if (inside === "unwrap" && typed === "") {
      e.preventDefault()
      over.current = true
      onEmpty()
    } else if (inside === "wrap" && mode === "pick" && !sigil) {
      // The name of a function and its bracket are that function.
      const o = options.find((x) => x.kind === "function" && x.label === typed.trim())
      if (o) {
        e.preventDefault()
        finish(o, "chosen")
      }
    } else if (inside === "quote" && mode === "formula") {
      // A closing quote that is there already is stepped over.
      if (typed[caret] === '"' && at?.inText) {
        e.preventDefault()
        field.current?.setSelectionRange(caret + 1, caret + 1)
        setCaret(caret + 1)
      }
    }
  }

  const listId = `${id}-list`
  const active_ = options[chosen]
  return (
    <>
      <textarea
        ref={field}
        rows={1}
        className={`slot-in ${mode === "formula" ? "mono" : ""} ${problem ? "is-error" : ""}`}
        aria-label={
          mode === "formula" ? t("{label}, as a formula", { label }) : mode === "wrap" ? t("{label}, wrap in a function", { label }) : label
        }
        aria-haspopup="listbox"
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && active_ ? `${listId}-${chosen}` : undefined}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
        placeholder={mode === "wrap" ? t("Function") : mode === "formula" ? "" : placeholder(param)}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value.replace(/\n/g, param?.max_length !== undefined || mode === "formula" ? " " : "\n"))
          setCaret(e.target.selectionStart)
          setActive(undefined)
          setProblem(undefined)
          setOpen(true)
        }}
        onSelect={(e) => setCaret(e.currentTarget.selectionStart)}
        onKeyDown={onKey}
        onBlur={(e) => {
          if (!e.currentTarget.isConnected) return
          settle("left")
        }}
      />
      {problem && (
        <span id={`${id}-problem`} className="err slot-problem" role="alert">
          {problem.message}
        </span>
      )}
      <Popover
        className="popover offer-pop"
        triggerRef={anchor}
        isOpen={open && (options.length > 0 || mode !== "formula")}
        isNonModal
        placement="bottom start"
        offset={4}
      >
        <OptionList
          id={listId}
          options={options}
          active={chosen}
          zone={zone}
          onActive={setActive}
          onChoose={(o) => take(o, "chosen")}
          help={active_?.func ? active_.func.help : undefined}
        />
      </Popover>
    </>
  )
}

// namesWithin are the names at the caret of a formula: those of map and its kind begin to hold once their name is written.
function namesWithin(typed: string, caret: number, names: readonly Name[], library: ReturnType<typeof useWorld>["library"]): readonly Name[] {
  const before = typed.slice(typed.startsWith("=") ? 1 : 0, caret).replace(/[\w.]*$/, "")
  const open = (before.match(/\(/g)?.length ?? 0) - (before.match(/\)/g)?.length ?? 0)
  const parsed = parse(`${before}null${")".repeat(Math.max(0, open))}`, library)
  if (!("expr" in parsed)) return names
  const path = pathToLast(parsed.expr)
  return namesAt(parsed.expr, path, names, library)
}

// pathToLast is where the last argument of the last call stands.
function pathToLast(e: Expr): (string | number)[] {
  if (e.type === "literal" || e.type === "var" || e.type === "formula") return []
  const entry = Object.entries(e)
    .filter(([k, v]) => k !== "type" && typeof v === "object" && v !== null)
    .at(-1)
  if (!entry) return []
  const [key, child] = entry as [string, Expr | Expr[]]
  if (Array.isArray(child)) return child.length === 0 ? [key] : [key, child.length - 1, ...pathToLast(child.at(-1) as Expr)]
  return [key, ...pathToLast(child)]
}
