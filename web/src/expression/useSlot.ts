import { type FocusEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from "react"
import { type Param, wanted } from "../library/library"
import { keyOf, typed } from "../ui/keys"
import { escaped, parse, print, unescaped, write as written } from "./formula"
import { isMomentLiteral } from "./moment"
import { afterPress } from "./press"
import type { Mode } from "./SlotEditor"
import { namesAt, reader, typeOf } from "./scope"
import { type Option, refusal } from "./suggest"
import {
  at,
  calling,
  type Expr,
  firstHole,
  held,
  isCall,
  isLiteral,
  isUnread,
  isVariable,
  nothing,
  type Path,
  put,
  rename,
  replaceCall,
  samePath,
  shift,
  stopsOf,
  text,
  unwrap,
  wrap,
} from "./tree"
import { accepts } from "./types"
import { under, useWorld } from "./world"

export interface Editing {
  path: Path
  param: Param | undefined
  mode: Mode
  typed: string
  select: boolean
  caret?: number | undefined // within what is typed; else it stands at the end
}

export type SlotKind = "literal" | "variable" | "function"

interface Given {
  expr: Expr | undefined
  param: Param
  pointer: string
  onChange: (value: unknown) => void
  box: RefObject<HTMLDivElement | null>
}

const isOption = (o: Option | Expr): o is Option => "label" in o && "group" in o

// useSlot is what the keys and clicks in a slot do. The expression itself is the spec's; here is only where the focus is
// and what is being typed.
export function useSlot({ expr, param, pointer, onChange, box }: Given) {
  const world = useWorld()
  const { library, names, readOnly } = world
  const [focus, setFocus] = useState<Path>()
  const [editing, setEditing] = useState<Editing>()
  const [inside, setInside] = useState(false)
  const next = useRef<Path | undefined>(undefined) // takes the focus once it is drawn
  const calledOff = useRef<() => void>(() => undefined)
  const taken = new Set(names.map((n) => n.name))

  useLayoutEffect(() => {
    const path = next.current
    if (!path || editing) return
    next.current = undefined
    const chips = box.current?.querySelectorAll<HTMLElement>("[data-path]") ?? []
    const find = (p: Path): HTMLElement | undefined => [...chips].find((c) => c.dataset.path === JSON.stringify(p))
    for (let p = path; ; p = p.slice(0, -1)) {
      const chip = find(p)
      if (chip) return chip.focus()
      if (p.length === 0) return box.current?.querySelector<HTMLElement>(".slot-lit :is(input, select, button)")?.focus()
    }
  })

  const kindOf = (e: Expr | undefined): SlotKind | undefined =>
    e === undefined || isUnread(e)
      ? undefined
      : isVariable(e)
        ? "variable"
        : isLiteral(e) || isMomentLiteral(e, param, library)
          ? "literal"
          : "function"

  const write = (e: Expr | undefined) => {
    const kind = kindOf(expr)
    const key = world.key(pointer)
    if (kind && expr) world.past.set(key, { ...world.past.get(key), [kind]: expr })
    onChange(written(e))
  }

  const edit = (path: Path, of: Param | undefined, mode: Mode, typed: string, select = false, caret?: number) => {
    if (readOnly) return
    setFocus(path)
    setEditing({ path, param: of, mode, typed, select, caret })
  }
  const paramAt = (path: Path): Param | undefined => stopsOf(expr, library, param).find((s) => samePath(s.path, path))?.param ?? param
  const goTo = (path: Path) => {
    setEditing(undefined)
    next.current = path
    setFocus(path)
  }

  // open lets what stands at a place be edited.
  const open = (path: Path, of: Param | undefined) => {
    const here = at(expr, path)
    if (here === undefined) return edit(path, of, "pick", "")
    if (isVariable(here)) return edit(path, of, "pick", here.var, true)
    if (isLiteral(here)) {
      const value = held(here)
      return edit(path, of, "pick", value === null ? "" : escaped(String(value)), true)
    }
    edit(path, of, "formula", path.length === 0 ? `=${print(here, library)}` : print(here, library))
  }

  const done = (o: Option | Expr | undefined, how: "chosen" | "next" | "left") => {
    const e = editing
    if (!e) return
    setEditing(undefined)
    if (o === undefined) return how === "left" ? undefined : goTo(e.path)
    const here = at(expr, e.path)
    let made: Expr | undefined
    if (isOption(o)) {
      if (o.func && e.mode === "wrap") made = wrap(expr, e.path, o.func, typeOf(here, namesAt(expr, e.path, names, library), library), taken)
      else if (o.func && o.kind === "function")
        made = isCall(here) ? replaceCall(expr, e.path, o.func, library, taken) : put(expr, e.path, calling(o.func, taken))
      else made = put(expr, e.path, o.expr)
    } else made = put(expr, e.path, o)
    write(made)
    if (how === "left") return
    const hole = firstHole(made, library, e.path) ?? (e.path.length > 0 ? firstHole(made, library) : undefined)
    if (hole)
      return setEditing({
        path: hole,
        param: stopsOf(made, library, param).find((s) => samePath(s.path, hole))?.param,
        mode: "pick",
        typed: "",
        select: false,
      })
    if (how === "next") {
      const stops = stopsOf(made, library, param)
      const after = stops[stops.findIndex((s) => samePath(s.path, e.path)) + 1]
      if (after?.hole) return setEditing({ path: after.path, param: after.param, mode: "pick", typed: "", select: false })
      if (after) return goTo(after.path)
    }
    goTo(e.path)
  }

  const cancel = () => editing && goTo(editing.path)

  // empty is Backspace where nothing is typed: what stood there goes, and of a call what is around the hole.
  const empty = () => {
    const e = editing
    if (!e) return
    setEditing(undefined)
    if (at(expr, e.path) !== undefined) takeOut(e.path)
    else unwrapAround(e.path)
  }

  const takeOut = (path: Path) => {
    const stops = stopsOf(expr, library, param)
    const i = stops.findIndex((s) => samePath(s.path, path))
    write(put(expr, path, undefined))
    goTo(path.length === 0 ? [] : (stops[i - 1]?.path ?? []))
  }

  // A hole belongs to the call around it, which goes; its first argument stays.
  const unwrapAround = (path: Path) => {
    if (path.length === 0) return goTo([])
    const call = typeof path.at(-1) === "number" ? path.slice(0, -2) : path.slice(0, -1)
    write(unwrap(expr, call, library))
    goTo(call)
  }

  const onKey = (e: KeyboardEvent, path: Path, of: Param | undefined, hole: boolean) => {
    const does = keyOf("expression", e)
    const here = at(expr, path)
    const stops = stopsOf(expr, library, param)
    const i = stops.findIndex((s) => samePath(s.path, path))
    const take = () => {
      e.preventDefault()
      e.stopPropagation()
    }
    const to = (p: Path | undefined) => {
      take()
      if (p) goTo(p)
    }
    switch (does) {
      case "fix": {
        const fixable = world.problems.find((p) => p.fix && under(p.pointer, pointer))
        if (fixable && !readOnly && world.onFix(fixable)) take() // or else the page's own key waits for the check
        return
      }
      case "copy":
      case "cut":
        if (!here) return
        take()
        navigator.clipboard?.writeText(isLiteral(here) && typeof held(here) === "string" ? escaped(String(held(here))) : `=${print(here, library)}`)
        if (does === "cut" && !readOnly) takeOut(path)
        return
      case "moveLeft":
      case "moveRight": {
        if (typeof path.at(-1) !== "number" || hole || readOnly) return
        take()
        const moved = shift(expr, path, does === "moveLeft" ? -1 : 1)
        if (moved.expr === expr) return
        write(moved.expr)
        return goTo(moved.path)
      }
      case "left":
        return to(stops[i - 1]?.path)
      case "right":
        return to(stops[i + 1]?.path)
      case "up":
        return path.length > 0 ? to(typeof path.at(-1) === "number" ? path.slice(0, -2) : path.slice(0, -1)) : undefined
      case "down":
        return isCall(here) ? to(stops[i + 1]?.path) : undefined
      case "whole":
        return path.length > 0 ? to([]) : undefined
    }
    if (readOnly) return
    switch (does) {
      case "unwrap":
        take()
        if (hole) unwrapAround(path)
        else if (isCall(here)) {
          write(unwrap(expr, path, library))
          goTo(path)
        } else takeOut(path)
        return
      case "clear":
        take()
        return hole ? undefined : takeOut(path)
      case "wrap":
        if (of?.literal_only || of?.variable_only) break
        take()
        return edit(path, of, hole ? "pick" : "wrap", "")
      case "formula":
        take()
        return edit([], param, "formula", `=${print(expr, library)}`)
      case "variable":
        take()
        return edit(path, of, "pick", "$")
    }
    const character = typed(e)
    if (character === undefined || character === " ") return
    take()
    edit(path, of, "pick", character)
  }

  const toKind = (kind: SlotKind) => {
    const kept = world.past.get(world.key(pointer))?.[kind]
    if (kept && kindOf(expr) !== kind) {
      write(kept)
      return goTo([])
    }
    if (kind === "variable") return edit([], param, "pick", "$")
    if (kind === "function") return edit([], param, expr && !isLiteral(expr) ? "wrap" : "pick", "")
    const want = wanted(param)
    const read = reader(library, want)
    const blank: Expr | undefined = param.options?.[0]
      ? text(param.options[0])
      : accepts(want, "string")
        ? text("")
        : accepts(want, "number")
          ? { type: "literal", value: 0 }
          : accepts(want, "boolean")
            ? { type: "literal", value: true }
            : read && { type: read.name, [read.arguments[0]?.name ?? "text"]: text("") }
    if (blank) write(blank)
    goTo([])
  }

  return {
    focus,
    inside,
    editing,
    // A literal that stands alone has the control of its type; everything else is chips.
    asChips:
      expr === undefined
        ? !aloneAtOnce(param)
        : kindOf(expr) !== "literal" || (isLiteral(expr) && (held(expr) === null || !fitsControl(expr, param))),
    write,
    open,
    done,
    cancel,
    empty,
    onKey,
    begin: (typed: string, caret?: number) => edit([], param, typed.startsWith("=") ? "formula" : "pick", typed, false, caret),
    rename: (path: Path, name: string, to: string) => expr && write(rename(expr, path, name, to, library)),
    toKind,
    toFormula: () => edit([], param, "formula", `=${print(expr, library)}`),
    toNull: () => {
      write(nothing)
      goTo([])
    },
    onFocus: (path: Path, of: Param | undefined) => {
      setFocus(path)
      ask(path, of)
    },
    onEnter: () => {
      calledOff.current()
      calledOff.current = afterPress(() => setInside(true))
      if (!editing && focus === undefined) ask([], param)
    },
    onLeave: (e: FocusEvent) => {
      if (e.currentTarget.contains(e.relatedTarget as Node | null)) return
      calledOff.current()
      calledOff.current = afterPress(() => {
        setInside(false)
        setFocus(undefined)
      })
    },
    onPaste: (source: string, path: Path) => {
      if (readOnly) return
      const parsed = source.startsWith("=") && !source.startsWith("==") ? parse(source.slice(1).trim(), library) : { expr: text(unescaped(source)) }
      if ("expr" in parsed && refusal(parsed.expr, paramAt(path)) === undefined) {
        write(put(expr, path, parsed.expr))
        goTo(path)
      } else edit(path, paramAt(path), "formula", source)
    },
  }

  function ask(path: Path, of: Param | undefined) {
    world.asking({
      pointer,
      want: wanted(of ?? param),
      names: namesAt(expr, path, names, library),
      put: (e) => {
        write(put(expr, path, e))
        goTo(path)
      },
    })
  }
}

// aloneAtOnce is whether an empty slot shows the control of its literal right away: where there is a choice of words.
function aloneAtOnce(param: Param): boolean {
  return (param.options?.length ?? 0) > 0 && param.literal_only
}

// fitsControl is whether the control of the type can show a literal: text in the place of a number is a chip.
function fitsControl(e: Expr, param: Param): boolean {
  const value = isLiteral(e) ? held(e) : null
  if (typeof value === "string") return accepts(wanted(param), "string")
  if (typeof value === "boolean") return accepts(wanted(param), "boolean")
  return accepts(wanted(param), "number")
}
