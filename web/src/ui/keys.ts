// Every key that the app listens to: where it counts, what it does, how it is called. Handlers ask here what a press means
// (keyOf), the map behind "?" is drawn from it, and nothing else reads a key off an event, which a test sees to.
//
// A key is written as it is named: "J", "Shift+J", "Mod+S" (Mod is Ctrl, and Cmd on a Mac), "Alt+ArrowUp", "?"; "G P" is one
// after the other. Letters count in either case; of a sign it does not matter with which keys it is made.
import { t } from "../text"

interface Row {
  does: string
  keys: Readonly<Record<string, string | readonly string[]>> // by what is done
  shift?: true // with Shift it does so, too, and more: the text says what
  event?: true // the browser turns it into an event of its own, and that is what is listened to
}

interface Area {
  title: string
  on: RegExp // the paths it counts on
  rows: readonly Row[]
}

const area = <const A extends Area>(a: A): A => a

const builder = /^\/processors\/[^/]+\/spec/

export const areas = {
  identities: area({
    title: t("Unlinked external identities"),
    on: /^\/identities/,
    rows: [
      { does: t("Choose it; with Shift all up to it"), keys: { pick: "X" }, shift: true },
      { does: t("Link it to who is chosen: the first suggestion, unless that is weak"), keys: { link: "Enter" } },
      { does: t("Create it and link"), keys: { create: "N" } },
      { does: t("Ignore it"), keys: { ignore: "I" } },
      { does: t("Undo what was done to it"), keys: { undo: "U" } },
    ],
  }),
  compare: area({
    title: t("Compare"),
    on: /^\/processors\/[^/]+\/compare/,
    rows: [{ does: t("Next and previous example"), keys: { next: "J", back: "K" } }],
  }),
  trace: area({
    title: t("Trace"),
    on: /^\/executions\/./,
    rows: [
      { does: t("Next and previous execution of the list"), keys: { nextRun: "J", lastRun: "K" } },
      { does: t("Next and previous step"), keys: { down: "ArrowDown", up: "ArrowUp" } },
      { does: t("First and last step"), keys: { first: "Home", last: "End" } },
      { does: t("Previous and next item of the loop"), keys: { lastItem: ",", nextItem: "." } },
      { does: t("Failed steps and items only"), keys: { failed: "F" } },
    ],
  }),
  builder: area({
    title: t("Spec Builder"),
    on: builder,
    rows: [
      { does: t("Check and save"), keys: { save: "Mod+S" } },
      { does: t("Write a note, then check and save"), keys: { saveWithNote: "Mod+Shift+S" } },
      { does: t("Test"), keys: { test: "Mod+Enter" } },
      { does: t("Compare with the saved version"), keys: { compare: "Mod+Shift+Enter" } },
      { does: t("Undo and redo"), keys: { undo: "Mod+Z", redo: ["Mod+Shift+Z", "Mod+Y"] } },
      { does: t("Next problem, and the one before"), keys: { nextProblem: "F8", lastProblem: "Shift+F8" } },
      { does: t("Quick fix"), keys: { fix: "Mod+." } },
      { does: t("Next and previous entry of the Trace Schema"), keys: { nextEntry: "J", lastEntry: "K" } },
      { does: t("Values of the chosen entry on the steps"), keys: { values: "T" } },
      { does: t("YAML and back"), keys: { yaml: "Y" } },
      { does: t("Left panel and inspector"), keys: { left: "[", right: "]" } },
      { does: t("Back to the list of steps"), keys: { steps: "Escape" } },
    ],
  }),
  steps: area({
    title: t("List of steps"),
    on: builder,
    rows: [
      { does: t("Move over the steps; with Shift choose several"), keys: { down: "ArrowDown", up: "ArrowUp" }, shift: true },
      { does: t("First and last step, a page further and back"), keys: { first: "Home", last: "End", pageDown: "PageDown", pageUp: "PageUp" } },
      { does: t("Fold and unfold, out of a block and in"), keys: { out: "ArrowLeft", in: "ArrowRight" } },
      { does: t("Edit the step; on a branch, add one"), keys: { edit: "Enter" } },
      { does: t("Add a step after this one"), keys: { add: ["A", "+"] } },
      { does: t("Add a step inside it"), keys: { addInside: "Shift+A" } },
      { does: t("Take the step up; arrows move it, Space puts it down, Escape leaves it"), keys: { take: "Space" } },
      {
        does: t("Move the step, out of its block and into the one above"),
        keys: { moveUp: "Alt+ArrowUp", moveDown: "Alt+ArrowDown", moveOut: "Alt+ArrowLeft", moveIn: "Alt+ArrowRight" },
      },
      { does: t("Switch the step off or on"), keys: { toggle: "D" } },
      { does: t("Delete the step"), keys: { remove: ["Delete", "Backspace"] } },
      { does: t("Duplicate"), keys: { duplicate: "Mod+D" } },
      { does: t("Choose all steps, or this one as well"), keys: { all: "Mod+A", pick: "Mod+Space" } },
      { does: t("Copy, cut and paste steps as YAML"), keys: { copy: "Mod+C", cut: "Mod+X", paste: "Mod+V" }, event: true },
      { does: t("Rename the result"), keys: { rename: "F2" } },
      { does: t("Menu of the step"), keys: { menu: "ContextMenu" } },
      { does: t("Choose this one alone"), keys: { alone: "Escape" } },
    ],
  }),
  held: area({
    title: t("A step that is taken up"),
    on: builder,
    rows: [
      {
        does: t("Places above and below, further out and further in"),
        keys: { up: "ArrowUp", down: "ArrowDown", out: "ArrowLeft", in: "ArrowRight" },
      },
      { does: t("First and last place"), keys: { first: "Home", last: "End" } },
      { does: t("Put it down"), keys: { put: ["Space", "Enter"] } },
      { does: t("Leave it where it was"), keys: { giveUp: "Escape" } },
      { does: t("Leave the list"), keys: { leave: "Tab" }, shift: true },
    ],
  }),
  expression: area({
    title: t("Field of a step"),
    on: builder,
    rows: [
      { does: t("From part to part"), keys: { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown" } },
      { does: t("The whole"), keys: { whole: "Escape" } },
      { does: t("A variable"), keys: { variable: ["$", "/"] } },
      { does: t("As a formula"), keys: { formula: "=" } },
      { does: t("A function around it"), keys: { wrap: "(" } },
      { does: t("Take the function away and leave what is in it"), keys: { unwrap: "Backspace" } },
      { does: t("Empty it"), keys: { clear: "Delete" } },
      { does: t("Move an argument"), keys: { moveLeft: "Alt+ArrowLeft", moveRight: "Alt+ArrowRight" } },
      { does: t("Copy and cut as a formula"), keys: { copy: "Mod+C", cut: "Mod+X" } },
      { does: t("Quick fix"), keys: { fix: "Mod+." } },
      { does: t("Take what is offered and go to the next hole"), keys: { next: "Tab" } },
      { does: t("Step over a closing quote in a formula"), keys: { quote: '"' } },
    ],
  }),
  choose: area({
    title: t("Choosing from a list that opens"),
    on: /./,
    rows: [
      { does: t("Next and previous"), keys: { next: "ArrowDown", back: "ArrowUp" } },
      { does: t("First and last"), keys: { first: "Home", last: "End" } },
      { does: t("Take it"), keys: { take: "Enter" }, shift: true },
      { does: t("Close the list"), keys: { close: "Escape" } },
      { does: t("Close the list of steps to add"), keys: { leave: "Tab" } },
    ],
  }),
  field: area({
    title: t("Text fields"),
    on: /./,
    rows: [
      { does: t("Take what is typed"), keys: { take: "Enter" } },
      { does: t("Take what is typed, where Enter begins a line"), keys: { done: "Mod+Enter" } },
      { does: t("Leave it as it was"), keys: { leave: "Escape" } },
    ],
  }),
  control: area({
    title: t("Tabs, charts and edges of panels"),
    on: /./,
    rows: [
      {
        does: t("Move; with Shift choose a part of a chart"),
        keys: { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown" },
        shift: true,
      },
      { does: t("First and last"), keys: { first: "Home", last: "End" } },
      { does: t("Open, or the usual width"), keys: { take: "Enter" } },
      { does: t("Leave"), keys: { leave: "Escape" } },
    ],
  }),
  lists: area({
    title: t("Lists"),
    on: /^\/(?!settings|account|executions\/|processors\/)/,
    rows: [
      { does: t("Next and previous row; with Shift choose several"), keys: { next: "J", back: "K" }, shift: true },
      { does: t("The same, where the focus is in the list"), keys: { down: "ArrowDown", up: "ArrowUp" }, shift: true },
      {
        does: t("First and last row, a page further and back"),
        keys: { first: "Home", last: "End", pageDown: "PageDown", pageUp: "PageUp" },
        shift: true,
      },
      { does: t("Open the row"), keys: { open: "Enter" } },
      { does: t("Choose the row, where many can be acted on; with Shift all up to it"), keys: { pick: "Space" }, shift: true },
      { does: t("Choose all"), keys: { all: "Mod+A" } },
      { does: t("Choose none"), keys: { none: "Escape" } },
    ],
  }),
  everywhere: area({
    title: t("Everywhere"),
    on: /./,
    rows: [
      { does: t("Search and commands"), keys: { palette: "Mod+K" } },
      { does: t("Search on this page"), keys: { search: "/" } },
      { does: t("Go to providers"), keys: { providers: "G P" } },
      { does: t("Go to source executions"), keys: { sourceExecutions: "G S" } },
      { does: t("Go to processor executions"), keys: { executions: "G X" } },
      { does: t("Go to records"), keys: { records: "G R" } },
      { does: t("Go to unlinked external identities"), keys: { identities: "G I" } },
      { does: t("This list"), keys: { map: "?" } },
      { does: t("Close what lies on top"), keys: { close: "Escape" } },
    ],
  }),
}

export type AreaName = keyof typeof areas
type Keys<R> = R extends { keys: infer K } ? keyof K : never
// Act is what a key of an area does.
export type Act<A extends AreaName> = Keys<(typeof areas)[A]["rows"][number]> & string

// Press is what is read off an event, of the browser's or of React's.
export interface Press {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  getModifierState?(key: "AltGraph"): boolean
}

// Where AltGr makes a sign it is reported as Ctrl and Alt together, which nobody holds.
export const makesSign = (e: Press): boolean => e.getModifierState?.("AltGraph") ?? false

// pressed names a press as the table writes it.
function pressed(e: Press): string {
  const letter = /^\p{L}$/u.test(e.key)
  const key = letter ? e.key.toUpperCase() : e.key === " " ? "Space" : e.key
  // Of a sign Shift is how it is made.
  const shifted = e.shiftKey && (letter || key.length > 1)
  const held = makesSign(e) ? "" : `${e.ctrlKey || e.metaKey ? "Mod+" : ""}${e.altKey ? "Alt+" : ""}`
  return `${held}${shifted ? "Shift+" : ""}${key}`
}

const tables = new Map<AreaName, Map<string, string>>()

function tableOf(name: AreaName): Map<string, string> {
  let table = tables.get(name)
  if (table) return table
  table = new Map()
  for (const row of areas[name].rows as readonly Row[]) {
    if (row.event) continue
    for (const [act, keys] of Object.entries(row.keys))
      for (const key of typeof keys === "string" ? [keys] : keys) {
        table.set(key, act)
        if (row.shift) table.set(key.replace(/([^+]+)$/, "Shift+$1"), act)
      }
  }
  tables.set(name, table)
  return table
}

// keyOf is what a press does in an area; nothing: it is none of its keys. after is the key that was pressed before it.
export function keyOf<A extends AreaName>(name: A, e: Press, after = ""): Act<A> | undefined {
  return tableOf(name).get(`${after && `${after} `}${pressed(e)}`) as Act<A> | undefined
}

// begins is the key of a press that another one is to follow.
export function begins(name: AreaName, e: Press): string | undefined {
  const key = pressed(e)
  return [...tableOf(name).keys()].some((k) => k.startsWith(`${key} `)) ? key : undefined
}

// typed is the character that a press writes; nothing: it writes none.
export function typed(e: Press): string | undefined {
  return [...e.key].length === 1 && (makesSign(e) || !(e.ctrlKey || e.metaKey || e.altKey)) ? e.key : undefined
}

const caps: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  Delete: "Del",
  PageDown: "PgDn",
  PageUp: "PgUp",
  Space: t("Space"),
  ContextMenu: t("menu key"),
}

const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent)

// Chord is keys of one row that are pressed with the same ones held.
export interface Chord {
  held: string[]
  keys: string[]
}

// chordsOf are the keys of a row as they are drawn.
export function chordsOf(row: Row): Chord[] {
  const made = new Map<string, Chord>()
  for (const key of Object.values(row.keys).flat()) {
    const parts = key.split(/[+ ](?=.)/)
    const last = parts.pop() ?? key
    const held = parts.map((p) => (p === "Mod" ? (mac ? "⌘" : "Ctrl") : p))
    const chord = made.get(held.join()) ?? { held, keys: [] }
    chord.keys.push(caps[last] ?? last)
    made.set(held.join(), chord)
  }
  return [...made.values()]
}

// areasOn are those that count on a page, its own first.
export const areasOn = (path: string): { title: string; rows: readonly Row[] }[] =>
  (Object.values(areas) as readonly Area[]).filter((a) => a.on.test(path)).sort((a, b) => Number(a.on.source === ".") - Number(b.on.source === "."))
