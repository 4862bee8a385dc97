import { type FormEvent, useId, useState } from "react"
import type { Library } from "../library/library"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { SelectField, TextField } from "../ui/Field"
import { Icon } from "../ui/Icon"
import { useToast } from "../ui/Toast"
import { useSpec, useStore } from "./context"
import type { ConstantDef, EnrichmentDef, Json, Spec } from "./document"
import { renameEnrichment, renameRoot, type Use, usesOf } from "./names"
import { TraceSchema } from "./TraceSchema"

const signs: Record<string, string> = { string: "Aa", number: "#", boolean: "?", datetime: "◷" }
const signOf = (type: string): string => signs[type] ?? "{}"

const isName = (text: string): boolean => /^[A-Za-z_]\w{0,63}$/.test(text) && !/^(?:true|false|null)$/.test(text)

// used says where something is used, for what cannot be taken away because of it.
function used(what: string, uses: Use[]): string {
  const places = uses.slice(0, 5).map((u) => (u.enrichment ? t("enrichment {name}", { name: u.enrichment }) : t("step {n}", { n: u.number ?? 0 })))
  return t("{what} is used and stays: {places}{more, plural, =0 {} other { and # more}}.", {
    what,
    places: places.join(", "),
    more: Math.max(0, uses.length - 5),
  })
}

// SpecPanel is what the whole spec is about: its source model, what is fetched beside it, constants, what to try it with.
export function SpecPanel({ library, processor }: { library: Library; processor: string }) {
  const store = useStore()
  const toast = useToast()
  const spec = useSpec((s) => s.spec)
  const [constant, setConstant] = useState<number | "new" | undefined>()
  const [enrichment, setEnrichment] = useState<number | "new" | undefined>()
  const [model, setModel] = useState(false)
  const variable = spec.var ?? "event"
  const offered = library.models.find((m) => m.name === spec.source_model)?.enrichments ?? []

  const removeConstant = (i: number) => {
    const c = spec.constants?.[i]
    if (!c) return
    const uses = usesOf(spec, c.name)
    const first = uses.find((u) => u.id)
    if (uses.length > 0) {
      toast.say(used(c.name, uses))
      if (first?.id) store.select([first.id])
      return
    }
    store.edit(t("Delete constant {name}", { name: c.name }), (s) => withoutItem(s, "constants", i))
    toast.say(t("Deleted constant {name}", { name: c.name }), () => store.undo())
  }
  const removeEnrichment = (i: number) => {
    const e = spec.enrichments?.[i]
    if (!e) return
    const uses = usesOf(spec, `${e.of}.${e.name}`)
    const first = uses.find((u) => u.id)
    if (uses.length > 0) {
      toast.say(used(e.name, uses))
      if (first?.id) store.select([first.id])
      return
    }
    store.edit(t("Delete enrichment {name}", { name: e.name }), (s) => withoutItem(s, "enrichments", i))
    toast.say(t("Deleted enrichment {name}", { name: e.name }), () => store.undo())
  }

  return (
    <aside className="left" aria-label={t("Spec")}>
      <section>
        <h2 className="pane-h">{t("Source model")}</h2>
        <button type="button" className="line" onClick={() => setModel(true)} disabled={store.readOnly}>
          <Icon name="inbox" size={14} />
          <code className="trunc grow">{spec.source_model}</code>
          <span className="t3 fs-12">{t("as")}</span>
          <code className="v">{variable}</code>
        </button>
      </section>
      {(offered.length > 0 || (spec.enrichments ?? []).length > 0) && (
        <section>
          <div className="pane-h">
            <h2>{t("Enrichments")}</h2>
            <span className="push" />
            {!store.readOnly && <Button size="xs" look="ghost" icon="plus" label={t("Add enrichment")} onClick={() => setEnrichment("new")} />}
          </div>
          {(spec.enrichments ?? []).map((e, i) => (
            <Item
              key={`${e.of}.${e.name}`}
              sign={<Icon name="box" size={14} />}
              name={e.name}
              note={t("of {what}", { what: e.of })}
              depth={e.of.split(".").length - 1}
              remove={t("Delete enrichment {name}", { name: e.name })}
              onOpen={() => setEnrichment(i)}
              onRemove={() => removeEnrichment(i)}
            />
          ))}
        </section>
      )}
      <section>
        <div className="pane-h">
          <h2>{t("Constants")}</h2>
          <span className="push" />
          {!store.readOnly && <Button size="xs" look="ghost" icon="plus" label={t("Add constant")} onClick={() => setConstant("new")} />}
        </div>
        {(spec.constants ?? []).map((c, i) => (
          <Item
            key={c.name}
            sign={<span className="ty">{signOf(c.type)}</span>}
            name={c.name}
            note={c.default === undefined ? t("by each link") : short(c.default as Json)}
            remove={t("Delete constant {name}", { name: c.name })}
            onOpen={() => setConstant(i)}
            onRemove={() => removeConstant(i)}
          />
        ))}
        {(spec.constants ?? []).length === 0 && <p className="t3 fs-12 left-p">{t("Values that each link can give, such as a prefix.")}</p>}
      </section>
      <TraceSchema processor={processor} />
      {constant !== undefined && <ConstantForm at={constant} library={library} onClose={() => setConstant(undefined)} />}
      {enrichment !== undefined && <EnrichmentForm at={enrichment} library={library} onClose={() => setEnrichment(undefined)} />}
      {model && <ModelForm onClose={() => setModel(false)} />}
    </aside>
  )
}

const short = (v: Json): string => (typeof v === "object" && v !== null ? JSON.stringify(v) : String(v))

function withoutItem(spec: Spec, key: "constants" | "enrichments", at: number): Spec {
  const left = (spec[key] ?? []).filter((_, i) => i !== at)
  if (left.length > 0) return { ...spec, [key]: left } as Spec
  const { [key]: _gone, ...rest } = spec
  return rest as Spec
}

function Item(p: { sign: React.ReactNode; name: string; note: string; depth?: number; remove: string; onOpen: () => void; onRemove: () => void }) {
  const store = useStore()
  return (
    <div className={`line two depth-${Math.min(p.depth ?? 0, 3)}`}>
      <button type="button" className="line-b" onClick={p.onOpen} disabled={store.readOnly}>
        {p.sign}
        <code className="trunc grow">{p.name}</code>
        <span className="t3 fs-12 trunc">{p.note}</span>
      </button>
      {!store.readOnly && <Button size="xs" look="ghost" icon="x" label={p.remove} className="line-x" onClick={p.onRemove} />}
    </div>
  )
}

function Form({
  title,
  onClose,
  onSave,
  wrong,
  children,
}: {
  title: string
  onClose: () => void
  onSave: () => void
  wrong: boolean
  children: React.ReactNode
}) {
  const id = useId()
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (wrong) return
    onSave()
    onClose()
  }
  return (
    <Dialog
      title={title}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form={id} disabled={wrong}>
            {t("Done")}
          </Button>
        </>
      }
    >
      <form id={id} className="stack" onSubmit={submit}>
        {children}
      </form>
    </Dialog>
  )
}

function nameError(name: string, taken: boolean): string | undefined {
  if (name === "") return undefined
  if (!isName(name)) return t("A name is letters, digits and _, and begins with no digit.")
  return taken ? t("This name is taken.") : undefined
}

// parsed reads a default as it is typed: by the type of the constant.
function parsed(type: string, text: string): { value?: Json; error?: string } {
  if (text.trim() === "") return {}
  if (type === "string" || type === "datetime") return { value: text }
  try {
    const value = JSON.parse(text) as Json
    const fits =
      type === "number"
        ? typeof value === "number"
        : type === "boolean"
          ? typeof value === "boolean"
          : typeof value === "object" && value !== null && !Array.isArray(value)
    if (fits) return { value }
  } catch {
    // told below
  }
  return {
    error:
      type === "number"
        ? t("A number, such as 1.21")
        : type === "boolean"
          ? t("true or false")
          : t("Rows in JSON, such as {example}", { example: '{"won": "accepted"}' }),
  }
}

function ConstantForm({ at, library, onClose }: { at: number | "new"; library: Library; onClose: () => void }) {
  const store = useStore()
  const { spec } = store.get()
  const was = at === "new" ? undefined : spec.constants?.[at]
  const [name, setName] = useState(was?.name ?? "")
  const [type, setType] = useState(was?.type ?? "string")
  const [text, setText] = useState(was?.default === undefined ? "" : typeof was.default === "string" ? was.default : JSON.stringify(was.default))
  const [note, setNote] = useState(was?.note ?? "")
  const taken = name !== was?.name && (spec.var === name || (spec.constants ?? []).some((c) => c.name === name))
  const wrong = nameError(name, taken)
  const value = parsed(type, text)
  const save = () => {
    const made: ConstantDef = { ...was, name, type, ...(note.trim() && { note: note.trim() }) }
    if (!note.trim()) delete made.note
    if (value.value === undefined) delete made.default
    else made.default = value.value
    store.edit(was ? t("Change constant {name}", { name }) : t("Add constant {name}", { name }), (s) => {
      const renamed = was && was.name !== name ? renameRoot(s, was.name, name) : s
      const list = renamed.constants ?? []
      return { ...renamed, constants: was ? list.map((c, i) => (i === at ? made : c)) : [...list, made] }
    })
  }
  return (
    <Form
      title={was ? t("Constant {name}", { name: was.name }) : t("New constant")}
      onClose={onClose}
      onSave={save}
      wrong={!name || wrong !== undefined || value.error !== undefined}
    >
      <TextField
        label={t("Name")}
        value={name}
        onChange={setName}
        error={wrong}
        mono
        required
        autoFocus
        hint={was ? t("What reads it is renamed with it.") : undefined}
      />
      <SelectField label={t("Type")} value={type} onChange={setType} options={library.constantTypes.map((c) => ({ value: c.name, label: c.name }))} />
      <TextField
        label={t("Default")}
        value={text}
        onChange={setText}
        error={value.error}
        mono
        hint={t("Left empty, every link must give a value.")}
      />
      <TextField label={t("Note")} value={note} onChange={setNote} />
    </Form>
  )
}

function EnrichmentForm({ at, library, onClose }: { at: number | "new"; library: Library; onClose: () => void }) {
  const store = useStore()
  const { spec } = store.get()
  const was = at === "new" ? undefined : spec.enrichments?.[at]
  const variable = spec.var ?? "event"
  const offered = library.models.find((m) => m.name === spec.source_model)?.enrichments ?? []
  // What can be fetched, for the item and for what is fetched for it.
  const choices = [
    { path: variable, use: "" },
    ...(spec.enrichments ?? []).filter((_, i) => at === "new" || i < at).map((e) => ({ path: `${e.of}.${e.name}`, use: e.use })),
  ].flatMap((of) =>
    offered.filter((e) => e.of === of.use).map((e) => ({ value: `${of.path} ${e.use}`, label: `${e.use} · ${t("of {what}", { what: of.path })}` })),
  )
  const [choice, setChoice] = useState(was ? `${was.of} ${was.use}` : (choices[0]?.value ?? ""))
  const [of = "", use = ""] = choice.split(" ")
  const [name, setName] = useState(was?.name ?? use)
  const taken = name !== was?.name && (spec.enrichments ?? []).some((e) => e.of === of && e.name === name)
  const wrong = nameError(name, taken)
  const save = () =>
    store.edit(was ? t("Change enrichment {name}", { name }) : t("Add enrichment {name}", { name }), (s) => {
      const made: EnrichmentDef = { ...was, name, of, use }
      if (!was) return { ...s, enrichments: [...(s.enrichments ?? []), made] }
      const renamed = was.name === name ? s : renameEnrichment(s, at as number, name)
      return { ...renamed, enrichments: (renamed.enrichments ?? []).map((e, i) => (i === at ? made : e)) }
    })
  return (
    <Form
      title={was ? t("Enrichment {name}", { name: was.name }) : t("New enrichment")}
      onClose={onClose}
      onSave={save}
      wrong={!name || !choice || wrong !== undefined}
    >
      <SelectField
        label={t("What is fetched")}
        value={choice}
        onChange={(c) => {
          if (name === use) setName(c.split(" ")[1] ?? "")
          setChoice(c)
        }}
        options={choices}
      />
      <TextField
        label={t("Name")}
        value={name}
        onChange={setName}
        error={wrong}
        mono
        required
        hint={t("It is read as {path}.", { path: `${of}.${name || "…"}` })}
      />
    </Form>
  )
}

function ModelForm({ onClose }: { onClose: () => void }) {
  const store = useStore()
  const { spec } = store.get()
  const was = spec.var ?? "event"
  const [name, setName] = useState(was)
  const wrong = nameError(name, name !== was && (spec.constants ?? []).some((c) => c.name === name))
  return (
    <Form
      title={spec.source_model}
      onClose={onClose}
      onSave={() => name !== was && store.edit(t("Call the source model {name}", { name }), (s) => ({ ...renameRoot(s, was, name), var: name }))}
      wrong={!name || wrong !== undefined}
    >
      <TextField
        label={t("What an item is called in this spec")}
        value={name}
        onChange={setName}
        error={wrong}
        mono
        required
        autoFocus
        hint={t("What reads it is renamed with it.")}
      />
    </Form>
  )
}
