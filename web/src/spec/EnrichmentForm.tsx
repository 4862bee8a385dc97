import { useState } from "react"
import type { Library } from "../library/library"
import { t } from "../text"
import { SelectField, TextField } from "../ui/Field"
import { useStore } from "./context"
import type { EnrichmentDef } from "./document"
import { NamedForm, nameError } from "./NamedForm"
import { renameEnrichment } from "./names"

// EnrichmentForm says what is fetched beside the item, and how it is called.
export function EnrichmentForm({ at, library, onClose }: { at: number | "new"; library: Library; onClose: () => void }) {
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
    <NamedForm
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
    </NamedForm>
  )
}
