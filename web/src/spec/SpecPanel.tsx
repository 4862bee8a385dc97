import { useState } from "react"
import type { Library } from "../library/library"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { useToast } from "../ui/Toast"
import { ConstantForm } from "./ConstantForm"
import { useSpec, useStore } from "./context"
import type { Json, Spec } from "./document"
import { EnrichmentForm } from "./EnrichmentForm"
import { ModelForm } from "./ModelForm"
import { type Use, usesOf } from "./names"
import { TraceSchema } from "./TraceSchema"

const signs: Record<string, string> = { string: "Aa", number: "#", boolean: "?", datetime: "◷" }
const signOf = (type: string): string => signs[type] ?? "{}"

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
      toast.refuse(used(c.name, uses))
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
      toast.refuse(used(e.name, uses))
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
      {constant !== undefined && <ConstantForm at={constant} library={library} processor={processor} onClose={() => setConstant(undefined)} />}
      {enrichment !== undefined && (
        <EnrichmentForm at={enrichment} library={library} processor={processor} onClose={() => setEnrichment(undefined)} />
      )}
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
