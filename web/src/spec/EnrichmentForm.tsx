import { useMemo, useState } from "react"
import { ExpressionSlot } from "../expression/ExpressionSlot"
import { read } from "../expression/formula"
import type { Name } from "../expression/scope"
import { isVariable, variable as variableOf } from "../expression/tree"
import { WorldContext } from "../expression/world"
import type { Library } from "../library/library"
import { t } from "../text"
import type { Expr as Traced } from "../trace/api"
import { Value } from "../trace/Value"
import { SelectField, TextField } from "../ui/Field"
import { useStore } from "./context"
import type { EnrichmentDef, Spec } from "./document"
import { headParam, useHeadValues, useHeadWorld } from "./headWorld"
import { NamedForm, nameError } from "./NamedForm"
import { renameEnrichment } from "./names"

interface Props {
  at: number | "new"
  library: Library
  processor: string
  onClose: () => void
}

// EnrichmentForm says what is fetched beside the item, for what, and how it is called. What it is fetched for is the item or
// an enrichment above: a name, which is chosen as variables are.
export function EnrichmentForm({ at, library, processor, onClose }: Props) {
  const store = useStore()
  const { spec } = store.get()
  const was = at === "new" ? undefined : spec.enrichments?.[at]
  const model = library.models.find((m) => m.name === spec.source_model)
  const root = spec.var ?? model?.var ?? "event"
  const offered = model?.enrichments ?? []
  const above = (spec.enrichments ?? []).filter((_, i) => at === "new" || i < at).map((e) => ({ path: `${e.of}.${e.name}`, use: e.use }))
  const parents = [{ path: root, use: "" }, ...above].filter((p) => offered.some((e) => e.of === p.use))
  const usesOf = (path: string) => offered.filter((e) => e.of === (path === root ? "" : parents.find((p) => p.path === path)?.use))
  const [of, setOf] = useState(was?.of ?? parents[0]?.path ?? "")
  const [use, setUse] = useState(was?.use ?? usesOf(of)[0]?.use ?? "")
  const [name, setName] = useState(was?.name ?? use)
  const taken = name !== was?.name && (spec.enrichments ?? []).some((e) => e.of === of && e.name === name)
  const badName = nameError(name, taken)
  const pointer = `/enrichments/${at === "new" ? (spec.enrichments ?? []).length : at}`

  const candidate = useMemo(
    () => (!name || badName || !of || !use ? undefined : withEnrichment(spec, at, name, of, use)),
    [spec, at, name, badName, of, use],
  )
  const values = useHeadValues()
  const names: Name[] = parents.map((p) => ({ name: p.path, type: { kind: "object" }, origin: p.use === "" ? "model" : "enrichment" }))
  const live = (place: string): Traced | undefined =>
    place === `${pointer}/of` && values.has(of) ? ({ formula: `=${of}`, evaluated: true, value: values.get(of) } as Traced) : undefined
  const { world, wrong, wrongAt, elsewhere } = useHeadWorld({ library, processor, pointer, candidate, names, values, live })
  const fetched = was && values.get(`${was.of}.${was.name}`)

  const takeUse = (to: string) => {
    if (name === use || name === "") setName(to)
    setUse(to)
  }
  const takeOf = (to: string) => {
    setOf(to)
    if (!usesOf(to).some((e) => e.use === use)) takeUse(usesOf(to)[0]?.use ?? "")
  }
  return (
    <NamedForm
      title={was ? t("Enrichment {name}", { name: was.name }) : t("New enrichment")}
      onClose={onClose}
      onSave={() =>
        store.edit(was ? t("Change enrichment {name}", { name }) : t("Add enrichment {name}", { name }), (s) => withEnrichment(s, at, name, of, use))
      }
      wrong={!name || !of || !use || badName !== undefined || wrong}
      elsewhere={elsewhere}
    >
      <WorldContext value={world}>
        <ExpressionSlot
          label={t("For")}
          param={headParam({
            name: "of",
            title: t("For"),
            type: { kind: "object" },
            required: true,
            variable_only: true,
            help: t("The item itself, or what is fetched above."),
          })}
          pointer={`${pointer}/of`}
          value={of === "" ? undefined : variableOf(of)}
          onChange={(v) => {
            const e = read(v, library)
            takeOf(isVariable(e) ? e.var : "")
          }}
        />
      </WorldContext>
      <SelectField
        label={t("What is fetched")}
        value={use}
        onChange={takeUse}
        error={wrongAt("use")}
        options={usesOf(of).map((e) => ({ value: e.use, label: e.use }))}
      />
      <TextField
        label={t("Name")}
        value={name}
        onChange={setName}
        error={badName ?? wrongAt("name")}
        mono
        required
        hint={t("It is read as {path}.", { path: `${of}.${name || "…"}` })}
      />
      {fetched !== undefined && (
        <span className="now-is">
          <span className="t3">{t("In the chosen entry")}</span> <Value of={fetched} />
        </span>
      )}
    </NamedForm>
  )
}

// withEnrichment is the spec with an enrichment as the form says it; what reads it is renamed with it.
function withEnrichment(spec: Spec, at: number | "new", name: string, of: string, use: string): Spec {
  const was = at === "new" ? undefined : spec.enrichments?.[at]
  const made: EnrichmentDef = { ...was, name, of, use }
  if (!was || at === "new") return { ...spec, enrichments: [...(spec.enrichments ?? []), made] }
  const renamed = was.name === name ? spec : renameEnrichment(spec, at, name)
  return { ...renamed, enrichments: (renamed.enrichments ?? []).map((e, i) => (i === at ? made : e)) }
}
