// The open spec: what it holds, what is selected, what can be undone, and how far the server has followed. Everything is
// here and nowhere else; parts of the page read pieces of it and send edits. Three things trail behind an edit, each with
// its own delay and each saying whether it is of what stands there now: the draft on the server, the problems, and what
// the chosen Trace Schema entry gives.
import type { Detail, Failed } from "../api/client"
import { parseExact } from "../api/exact"
import { t } from "../text"
import type { DryRun, SpecDiff } from "./api"
import { outermost, type Spec, stepAt, stepsById, withIds } from "./document"
import { applied, difference, type Patch } from "./patch"

export interface Checked {
  valid: boolean
  problems: Detail[]
  text?: string // YAML as the formatter writes it
  tree?: Spec // as a save would keep it; not there where the text cannot be read
}

export interface Kept {
  content: Spec | string // a string is YAML that does not read yet
  base: number // version of the saved spec it began from
  revision: number // counts the writes of this draft
  at: string
}

// Server is what the store needs of it; each throws a Failed.
export interface Server {
  check: (content: Spec | string, signal: AbortSignal) => Promise<Checked>
  compare: (spec: Spec, against: number, signal: AbortSignal) => Promise<SpecDiff>
  dryRun: (spec: Spec, of: TraceEntry, signal: AbortSignal) => Promise<DryRun>
  keep: (content: Spec | string, base: number, revision: number) => Promise<{ revision: number; at: string }>
  forget: () => Promise<void>
}

// TraceEntry is one stored delivery to try the spec with.
export interface TraceEntry {
  delivery: string
  label: string
}

export type DraftState = "none" | "waiting" | "keeping" | "kept" | "offline" | "signed out" | "elsewhere" // elsewhere: another window wrote it

export interface State {
  spec: Spec
  text: string | undefined // YAML that is ahead of the tree, because it does not read yet; steps stay as they are meanwhile
  typed: { text: string; means: Spec } | undefined // the last YAML that read, and what it was read as
  base: number // version of the saved spec below
  saved: Spec | undefined // undefined: no version yet
  selected: readonly string[] // steps, in the order they were chosen
  current: string | undefined // the one that the inspector shows and keys act on
  focusAsked: { id: string; field?: string; pointer?: string } | undefined // the inspector is to take the focus, and says when it has
  undo: string | undefined // what the next undo takes back
  redo: string | undefined
  draft: DraftState
  keptAt: string | undefined
  checked: Checked | undefined
  checking: boolean // checked is not of what stands here now
  diff: SpecDiff | undefined // from the saved spec to this one
  entry: TraceEntry | undefined
  run: DryRun | undefined // the last that worked
  runFailed: Failed | undefined // why the last try did not; run then shows what was before
  running: boolean // run is not of what stands here now
  newer: number | undefined // somebody saved this version meanwhile
  fresh: ReadonlyMap<string, ReadonlySet<string>> // steps that were just added, and the fields of each that were left since
}

const noneFresh: State["fresh"] = new Map()

interface Past {
  label: string
  was: Spec
  now: Spec
  wasText?: string | undefined // YAML that did not read, and that the step put away
  nowText?: string | undefined // and that redoing it brings back
  selected: readonly string[] // before it
  merge: string | undefined
  at: number
}

interface StoredStep {
  label: string
  selected: readonly string[]
  patch: Patch
  wasText?: string | undefined
  nowText?: string | undefined
}

interface Stored {
  spec: Spec
  text?: string | undefined
  base: number
  revision: number
  behind: boolean // the server's draft does not have all of it
  sent?: { spec: Spec; base: number } | undefined // a save that was under way: nobody here saw its answer
  selected: readonly string[]
  entry: TraceEntry | undefined
  undo: StoredStep[]
  redo: StoredStep[]
}

// isQuiet is whether a problem is only that a step which was just added is not filled in yet.
export function isQuiet({ spec, fresh }: Pick<State, "spec" | "fresh">, p: Pick<Detail, "code" | "pointer" | "message">): boolean {
  if (fresh.size === 0 || (p.code !== "missing_field" && p.code !== "unused_name")) return false
  const left = fresh.get(stepAt(spec, p.pointer ?? "")?.step.id ?? "")
  return left !== undefined && ![...left].some((name) => new RegExp(`\\b${name}\\b`).test(p.message ?? ""))
}

// Storage is the part of sessionStorage that is used; it may be full or closed.
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">

const deep = 200
const delays = { check: 250, keep: 800, run: 400, shelf: 300 } as const // milliseconds
const merging = 1_000 // edits of one kind this close together are one step of undo

// statusOf is what the server answered with; 0: it did not.
const statusOf = (e: unknown): number => (e as Partial<Failed>).status ?? 0

export interface Opening {
  processor: string
  author: string // who edits; what another left in this window is theirs, and stays until they come back
  server: Server
  shelf: Shelf
  base: number
  saved: Spec | undefined
  kept: Kept | undefined
  start: Spec // what an empty processor begins with
  readOnly?: boolean // whoever looks may not save, so nothing can be changed
}

export class SpecStore {
  #state: State
  readonly onlyLooks: boolean // whoever looks may not save, so nothing can be changed
  readonly #processor: string
  readonly #author: string
  readonly #server: Server
  readonly #shelf: Shelf
  readonly #listeners = new Set<() => void>()
  #past: Past[] = []
  #future: Past[] = []
  #revision = 0
  #timers = new Map<string, ReturnType<typeof setTimeout>>()
  #asked = new Map<string, AbortController>()
  #keeping: Promise<void> | undefined
  #sent: Stored["sent"]
  #patches = new WeakMap<Past, Patch>()

  constructor(o: Opening) {
    this.onlyLooks = o.readOnly ?? false
    this.#processor = o.processor
    this.#author = o.author
    this.#server = o.server
    this.#shelf = o.shelf
    const stored = this.#take()
    // What this window has is newest if the server's draft is the one it was made from.
    const own = stored && stored.revision === (o.kept?.revision ?? 0) ? stored : undefined
    const content = own?.spec ?? o.kept?.content ?? o.saved ?? o.start
    const text = own ? own.text : typeof content === "string" ? content : undefined
    this.#revision = o.kept?.revision ?? 0
    // A save whose answer nobody waited for went through if it is the version that is there now. What was changed after it
    // is a draft upon it; with nothing changed there is no draft.
    const through =
      o.saved !== undefined && stored?.sent !== undefined && stored.sent.base < o.base && difference(stored.sent.spec, withIds(o.saved)).length === 0
    const leftOver =
      through && text === undefined && (typeof content === "string" || difference(withIds(content), withIds(o.saved as Spec)).length === 0)
    const base = through ? o.base : (own?.base ?? o.kept?.base ?? o.base)
    this.#state = {
      spec: typeof content === "string" ? withIds(o.saved ?? o.start) : withIds(content),
      text,
      typed: undefined,
      base,
      saved: o.saved,
      selected: own?.selected ?? [],
      current: own?.selected.at(-1),
      focusAsked: undefined,
      undo: undefined,
      redo: undefined,
      draft: leftOver ? "none" : own?.behind || through ? "waiting" : o.kept ? "kept" : "none",
      keptAt: leftOver ? undefined : o.kept?.at,
      checked: undefined,
      checking: true,
      diff: undefined,
      entry: own?.entry,
      run: undefined,
      runFailed: undefined,
      running: own?.entry !== undefined,
      newer: base < o.base ? o.base : undefined,
      fresh: noneFresh,
    }
    try {
      if (own) this.#recall(own)
    } catch {
      // its steps do not fit the spec, as after a save elsewhere: the spec stays, what can be undone begins anew
    }
    this.#set(this.#steps(text))
    if (!through) this.#sent = stored?.sent
    if (leftOver) {
      this.#revision = 0
      if (o.kept) this.#keeping = this.#forget()
    } else if (this.#state.draft === "waiting") this.#later("keep", () => this.keep())
    this.#follow()
  }

  // #forget gives up the draft on the server; one that is left over equals the version, and does no harm.
  async #forget(): Promise<void> {
    await this.#server.forget().catch(() => undefined)
    this.#keeping = undefined
  }

  get = (): State => this.#state

  // readOnly: no step can be changed now. While YAML does not read, changing steps would part the two for good.
  get readOnly(): boolean {
    return this.onlyLooks || this.#state.text !== undefined
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  // flush writes down what a reload brings back.
  flush(): void {
    this.#put()
  }

  close(): void {
    for (const t of this.#timers.values()) clearTimeout(t)
    for (const c of this.#asked.values()) c.abort()
    this.#put()
  }

  #set(some: Partial<State>): void {
    const { current: was, fresh } = this.#state
    this.#state = { ...this.#state, ...some }
    // A step that was left is no new one any more; nor are those added with it, once none of them is at hand.
    const { current } = this.#state
    if (was !== undefined && current !== was && this.#state.fresh === fresh && fresh.size > 0)
      this.#state.fresh = fresh.has(current ?? "") ? new Map([...fresh].filter(([id]) => id !== was)) : noneFresh
    for (const l of this.#listeners) l()
  }

  // edit changes the spec. The label says what undo takes back, as a sentence begins: "Delete step 5". Edits with the same
  // merge word, close together, are one: typing in a field. select is what is chosen afterwards.
  edit(label: string, change: (spec: Spec) => Spec, o: { merge?: string; select?: readonly string[] } = {}): void {
    const was = this.#state.spec
    const now = this.readOnly ? was : change(was)
    if (now !== was) this.#step(label, now, o)
  }

  // replace puts another spec in the place of this one, and of YAML that does not read, which undo brings back.
  replace(label: string, now: Spec): void {
    const { spec, text } = this.#state
    if (!this.onlyLooks && (now !== spec || text !== undefined)) this.#step(label, now, {}, text)
  }

  // dropText goes back to the steps as they were before YAML was typed that does not read.
  dropText(): void {
    if (this.#state.text !== undefined) this.replace(t("Drop the YAML that does not read"), this.#state.spec)
  }

  #step(label: string, now: Spec, o: { merge?: string; select?: readonly string[] }, wasText?: string): void {
    const { spec: was, selected } = this.#state
    const at = Date.now()
    const last = this.#past.at(-1)
    if (o.merge !== undefined && last?.merge === o.merge && at - last.at < merging && this.#future.length === 0)
      this.#past[this.#past.length - 1] = { ...last, now, at }
    else this.#past.push({ label, was, now, wasText, selected, merge: o.merge, at })
    if (this.#past.length > deep) this.#past.shift()
    this.#future = []
    this.#become(now, o.select)
  }

  undo(): void {
    const { spec, text, selected } = this.#state
    // YAML that does not read is the last thing that was done: it goes first, and redo brings it back.
    if (text !== undefined) {
      this.#future.push({ label: t("Edit as YAML"), was: spec, now: spec, nowText: text, selected, merge: undefined, at: 0 })
      this.#become(spec)
      return
    }
    const step = this.#past.pop()
    if (!step) return
    this.#future.push(step)
    this.#become(step.was, step.selected, step.wasText)
  }

  redo(): void {
    const step = this.#future.pop()
    if (!step) return
    // What is redone as YAML stands there as it did: undo finds it as the text, and not as a step.
    if (step.nowText === undefined) this.#past.push({ ...step, merge: undefined })
    this.#become(step.now, undefined, step.nowText)
  }

  #become(spec: Spec, select?: readonly string[], text?: string): void {
    const index = stepsById(spec)
    const selected = (select ?? this.#state.selected).filter((id) => index.has(id))
    const current = select ? selected.at(-1) : index.has(this.#state.current ?? "") ? this.#state.current : selected.at(-1)
    this.#set({ spec, text, selected, current, draft: "waiting", ...this.#steps(text) })
    this.#later("keep", () => this.keep())
    this.#later("shelf", () => this.#put())
    this.#follow()
  }

  // What undo and redo would do, where this is the YAML that does not read.
  #steps = (text: string | undefined) => ({
    undo: text === undefined ? this.#past.at(-1)?.label : t("Edit as YAML"),
    redo: this.#future.at(-1)?.label,
  })

  // read gives the tree of a text, undefined where it does not read.
  async read(text: string): Promise<Spec | undefined> {
    try {
      return (await this.#server.check(text, new AbortController().signal)).tree
    } catch {
      return undefined
    }
  }

  // write takes YAML as it is typed: kept as it is until it reads, then the tree of it.
  write(text: string): void {
    if (this.onlyLooks) return
    this.#future = []
    this.#set({ text, draft: "waiting", checking: true, ...this.#steps(text) })
    this.#later("keep", () => this.keep())
    this.#later("shelf", () => this.#put())
    this.#later("check", () => this.#check())
  }

  // settle reads at once what was typed as YAML, for whoever turns to the steps.
  settle(): void {
    if (this.#state.text === undefined) return
    clearTimeout(this.#timers.get("check"))
    this.#check()
  }

  select(ids: readonly string[], current = ids.at(-1)): void {
    this.#set({ selected: ids, current, focusAsked: undefined })
    this.#later("shelf", () => this.#put())
  }

  // focus asks the inspector to take the focus, in a field or in its first; a pointer says where within the field.
  focus(id: string, field?: string, pointer?: string): void {
    this.#set({ selected: [id], current: id, focusAsked: { id, ...(field !== undefined && { field }), ...(pointer !== undefined && { pointer }) } })
  }

  // added tells of steps that are still to be filled in: what they lack is no mistake until they are left, or saved.
  added(ids: readonly string[]): void {
    this.#set({ fresh: new Map(ids.map((id) => [id, new Set<string>()])) })
  }

  left(id: string, field: string): void {
    const { fresh } = this.#state
    const fields = fresh.get(id)
    if (fields && !fields.has(field)) this.#set({ fresh: new Map([...fresh, [id, new Set([...fields, field])]]) })
  }

  focused(): void {
    this.#set({ focusAsked: undefined })
  }

  // chosen are the selected steps in the order of the spec, none within another of them.
  chosen = (): string[] => outermost(this.#state.spec, this.#state.selected)

  tryWith(entry: TraceEntry | undefined): void {
    // What another entry gave is nothing of this one, also where this one cannot run.
    const other = entry?.delivery !== this.#state.entry?.delivery
    this.#set({ entry, running: entry !== undefined, ...(other && { run: undefined, runFailed: undefined }) })
    this.#later("shelf", () => this.#put())
    if (entry) this.#run()
  }

  // saving tells that what stands here is being saved, so that it is known again if the page is left before the answer.
  saving({ spec, text, base }: Pick<State, "spec" | "text" | "base"> = this.#state): void {
    this.#sent = text === undefined ? { spec, base } : undefined
    this.#set({ fresh: noneFresh })
    this.#put()
  }

  // refused takes the problems of a save that was refused, which are of what stands here now.
  refused(problems: Detail[]): void {
    this.#sent = undefined
    this.#set({ checked: { ...this.#state.checked, valid: false, problems }, checking: false })
  }

  // savedAs is called when the server made what was sent a version, or says that it is one already. What was changed while
  // it was under way stays, as a draft upon it.
  async savedAs(sent: Pick<State, "spec" | "text">, version: number, tree: Spec): Promise<void> {
    this.#sent = undefined
    const saved = withIds(tree)
    const { spec, text, typed } = this.#state
    // YAML that was sent may have been read meanwhile.
    const read = sent.text !== undefined && text === undefined && typed?.text === sent.text && typed.means === spec
    if (!read && (spec !== sent.spec || text !== sent.text)) {
      this.#set({ base: version, saved, newer: undefined })
      this.#follow()
      return
    }
    clearTimeout(this.#timers.get("keep"))
    await this.#keeping
    await this.#server.forget().catch(() => undefined) // a draft that is left over equals the version, and does no harm
    this.#revision = 0
    if (this.#state.spec !== spec || this.#state.text !== text) {
      // It was changed while the draft was given up: that is a draft of its own.
      this.#set({ base: version, saved, newer: undefined, draft: "waiting" })
      this.#later("keep", () => this.keep())
      this.#follow()
      return
    }
    // The server's tree is the same spec, with keys in its order; what can be undone stays what it was.
    this.#set({
      base: version,
      saved,
      spec: saved,
      text: undefined,
      newer: undefined,
      diff: undefined,
      draft: "none",
      keptAt: undefined,
      ...this.#steps(undefined),
    })
    const last = this.#past.at(-1)
    if (last) this.#past[this.#past.length - 1] = { ...last, now: saved, merge: undefined }
    this.#put()
    this.#follow()
  }

  // somebodySaved tells of a version newer than the one below this draft. It is this window's own where it is what was sent
  // and not heard of since.
  somebodySaved(version: number, tree?: Spec): void {
    const { spec, base } = this.#state
    if (version <= base) return
    const sent = this.#sent?.spec
    if (sent && tree && difference(sent, withIds(tree)).length === 0)
      void this.savedAs({ spec: difference(sent, spec).length === 0 ? spec : sent, text: undefined }, version, tree)
    else this.#set({ newer: version })
  }

  // onto puts this draft on top of a newer version, whose changes it thereby takes back; takeTheirs drops the draft for it.
  onto(version: number, saved: Spec): void {
    this.#set({ base: version, saved: withIds(saved), newer: undefined, draft: "waiting" })
    this.#later("keep", () => this.keep())
    this.#follow()
  }

  takeTheirs(label: string, version: number, saved: Spec): void {
    this.#set({ base: version, saved: withIds(saved), newer: undefined })
    this.replace(label, withIds(saved))
  }

  #follow(): void {
    this.#set({ checking: true, running: this.#state.entry !== undefined })
    this.#later("check", () => this.#check())
    if (this.#state.entry) this.#later("run", () => this.#run())
  }

  #later(what: keyof typeof delays, act: () => void): void {
    clearTimeout(this.#timers.get(what))
    this.#timers.set(what, setTimeout(act, delays[what]))
  }

  #signal(what: string): AbortSignal {
    this.#asked.get(what)?.abort()
    const c = new AbortController()
    this.#asked.set(what, c)
    return c.signal
  }

  async #check(): Promise<void> {
    const { spec, text, typed, base, saved } = this.#state
    const signal = this.#signal("check")
    try {
      // Where YAML was typed that means what stands here, lines of problems are those of it.
      const checked = await this.#server.check(text ?? (typed?.means === spec ? typed.text : spec), signal)
      // What was typed or changed while it was asked is checked on its own: this answer says nothing about it.
      if (signal.aborted || this.#state.text !== text || this.#state.spec !== spec) return
      if (text !== undefined && checked.tree) {
        const tree = withIds(checked.tree)
        this.#set({ checked, checking: false })
        if (difference(spec, tree).length > 0) this.#step(t("Edit as YAML"), tree, { merge: "yaml" })
        this.#set({ text: undefined, typed: { text, means: this.#state.spec }, ...this.#steps(undefined) })
        return
      }
      this.#set({ checked, checking: false })
      const diff = saved && text === undefined ? await this.#server.compare(spec, base, signal) : undefined
      if (!signal.aborted) this.#set({ diff })
    } catch (e) {
      // What was found before stays, marked as of before; offline shows in the state of the draft.
      if (!signal.aborted && statusOf(e) === 0) this.#later("check", () => this.#check())
    }
  }

  async #run(): Promise<void> {
    const { spec, entry } = this.#state
    if (!entry) return
    const signal = this.#signal("run")
    try {
      const run = await this.#server.dryRun(spec, entry, signal)
      if (!signal.aborted) this.#set({ run, runFailed: undefined, running: false })
    } catch (e) {
      if (!signal.aborted) this.#set({ runFailed: e as Failed, running: false })
    }
  }

  // keep writes the draft on the server, one write at a time; what changed meanwhile is written after it.
  async keep(): Promise<void> {
    clearTimeout(this.#timers.get("keep"))
    if (this.#keeping) {
      await this.#keeping
      if (this.#state.draft !== "waiting") return
    }
    this.#keeping = this.#keep()
    await this.#keeping
    this.#keeping = undefined
  }

  async #keep(): Promise<void> {
    const { spec, text, base } = this.#state
    this.#set({ draft: "keeping" })
    try {
      const { revision, at } = await this.#server.keep(text ?? spec, base, this.#revision)
      this.#revision = revision
      const moved = this.#state.spec !== spec || this.#state.text !== text
      this.#set({ draft: moved ? "waiting" : "kept", keptAt: at })
    } catch (e) {
      const status = statusOf(e)
      this.#set({ draft: status === 409 || status === 412 ? "elsewhere" : status === 401 ? "signed out" : "offline" })
      if (status === 0 || status >= 500)
        this.#timers.set(
          "keep",
          setTimeout(() => this.keep(), 4_000),
        )
    }
    this.#put()
  }

  // discard goes back to the saved spec; undo brings the draft back.
  async discard(label: string): Promise<void> {
    const { saved } = this.#state
    if (!saved) return
    this.replace(label, saved)
    clearTimeout(this.#timers.get("keep"))
    await this.#keeping
    await this.#server.forget()
    this.#revision = 0
    this.#set({ draft: "none", keptAt: undefined })
    this.#put()
  }

  // mine writes this window's draft over the one another window wrote; adopt takes that one here instead.
  async mine(revision: number): Promise<void> {
    this.#revision = revision
    await this.keep()
  }

  adopt(label: string, kept: Kept): void {
    this.#revision = kept.revision
    if (typeof kept.content === "string") {
      this.dropText() // what stood here is an undo away
      this.write(kept.content)
    } else this.replace(label, withIds(kept.content))
  }

  #key = () => `spec ${this.#processor} ${this.#author}`

  #take(): Stored | undefined {
    try {
      const text = this.#shelf.getItem(this.#key())
      return text ? (parseExact(text) as Stored) : undefined
    } catch {
      return undefined // closed to us, or of another build: the server's draft it is
    }
  }

  // What reload brings back. Where it does not fit, the oldest steps of undo go first.
  #put(): void {
    const { spec, text, base, selected, entry, draft } = this.#state
    const patch = (p: Past) => {
      let made = this.#patches.get(p)
      if (!made) {
        made = difference(p.was, p.now)
        this.#patches.set(p, made)
      }
      return { label: p.label, selected: p.selected, patch: made, wasText: p.wasText, nowText: p.nowText }
    }
    const undo = this.#past.map(patch)
    const redo = this.#future.map(patch)
    const behind = draft === "waiting" || draft === "offline" || draft === "signed out" || draft === "keeping"
    for (let from = 0; ; from = from === 0 ? Math.ceil(undo.length / 2) : undo.length) {
      const stored: Stored = {
        spec,
        text,
        base,
        revision: this.#revision,
        behind,
        sent: this.#sent,
        selected,
        entry,
        undo: undo.slice(from),
        redo,
      }
      try {
        this.#shelf.setItem(this.#key(), JSON.stringify(stored))
        return
      } catch {
        if (from >= undo.length) return
      }
    }
  }

  #recall(stored: Stored): void {
    let at = this.#state.spec
    const past: Past[] = []
    for (const s of [...stored.undo].reverse()) {
      const was = applied(at, s.patch, true)
      past.unshift({ label: s.label, selected: s.selected, was, now: at, wasText: s.wasText, merge: undefined, at: 0 })
      at = was
    }
    at = this.#state.spec
    const future: Past[] = []
    for (const s of [...stored.redo].reverse()) {
      const now = applied(at, s.patch)
      future.unshift({ label: s.label, selected: s.selected, was: at, now, wasText: s.wasText, nowText: s.nowText, merge: undefined, at: 0 })
      at = now
    }
    this.#past = past
    this.#future = future
  }
}
