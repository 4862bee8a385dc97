import { useMemo, useState } from "react"
import { ExpressionSlot } from "../expression/ExpressionSlot"
import { pointerOf } from "../expression/tree"
import { WorldContext } from "../expression/world"
import type { Library } from "../library/library"
import { t } from "../text"
import { Value } from "../trace/Value"
import { SelectField, TextField } from "../ui/Field"
import { useStore } from "./context"
import { fits, jsonOf, literalOf, paramOf, TableDefault } from "./defaults"
import type { ConstantDef, Json, Spec } from "./document"
import { headParam, useHeadValues, useHeadWorld } from "./headWorld"
import { NamedForm, nameError } from "./NamedForm"
import { renameRoot } from "./names"

interface Props {
  at: number | "new"
  library: Library
  processor: string
  onClose: () => void
}

// ConstantForm makes a constant, or changes one everywhere it is read. Its default has the control of its type. It is a
// fixed value: the language reads no variable and no function there, and says so where one is written.
export function ConstantForm({ at, library, processor, onClose }: Props) {
  const store = useStore()
  const { spec } = store.get()
  const was = at === "new" ? undefined : spec.constants?.[at]
  const [name, setName] = useState(was?.name ?? "")
  const [type, setType] = useState(was?.type ?? "string")
  const [byType, setByType] = useState<Record<string, Json | undefined>>(was ? { [was.type]: was.default } : {})
  const [note, setNote] = useState(was?.note ?? "")
  const [unsettled, setUnsettled] = useState(false) // a row of the table has no key of its own
  const value = byType[type]
  const taken = name !== was?.name && (spec.var === name || (spec.constants ?? []).some((c) => c.name === name))
  const badName = nameError(name, taken)
  const index = at === "new" ? (spec.constants ?? []).length : at
  const pointer = `/constants/${index}`
  const declared = library.constantTypes.find((c) => c.name === type)?.type ?? { kind: "string" as const }

  const candidate = useMemo(
    () => (name === "" || badName ? undefined : withConstant(spec, at, { name, type, value, note })),
    [spec, at, name, type, value, note, badName],
  )
  const values = useHeadValues()
  const own = useMemo(() => fits(declared, value, pointerOf(pointer, ["default"])), [declared, value, pointer])
  const { world, wrong, elsewhere } = useHeadWorld({ library, processor, pointer, candidate, names: [], values, own })
  const set = (v: Json | undefined) => setByType((all) => ({ ...all, [type]: v }))
  const help = t("A fixed value. Left empty, every link must give one.")
  const here = was && values.get(was.name)

  return (
    <NamedForm
      title={was ? t("Constant {name}", { name: was.name }) : t("New constant")}
      onClose={onClose}
      onSave={() =>
        store.edit(was ? t("Change constant {name}", { name }) : t("Add constant {name}", { name }), (s) =>
          withConstant(s, at, { name, type, value, note }),
        )
      }
      wrong={!name || badName !== undefined || unsettled || wrong}
      elsewhere={elsewhere}
    >
      <TextField
        label={t("Name")}
        value={name}
        onChange={setName}
        error={badName}
        mono
        required
        autoFocus
        hint={was ? t("What reads it is renamed with it.") : undefined}
      />
      <SelectField
        label={t("Type")}
        value={type}
        onChange={(to) => {
          setType(to)
          setUnsettled(false)
        }}
        options={library.constantTypes.map((c) => ({ value: c.name, label: c.name }))}
      />
      <WorldContext value={world}>
        {declared.kind === "table" ? (
          <TableDefault
            key={type}
            label={t("Default")}
            type={type}
            of={declared.elem ?? { kind: "string" }}
            pointer={`${pointer}/default`}
            value={value}
            onChange={set}
            onUnsettled={setUnsettled}
          />
        ) : (
          <ExpressionSlot
            key={type}
            label={t("Default")}
            param={headParam({ name: "default", title: t("Default"), type: declared, ...paramOf(declared) })}
            pointer={`${pointer}/default`}
            value={literalOf(declared, value, library)}
            onChange={(v) => set(jsonOf(declared, v, library))}
            onTakeOut={value === undefined ? undefined : () => set(undefined)}
            takeOutWord={t("No default: every link gives a value")}
          />
        )}
        <span className="hint">{help}</span>
        {here !== undefined && (
          <span className="now-is">
            <span className="t3">{t("In the chosen entry")}</span> <Value of={here} />
          </span>
        )}
      </WorldContext>
      <TextField label={t("Note")} value={note} onChange={setNote} />
    </NamedForm>
  )
}

interface Said {
  name: string
  type: string
  value: Json | undefined
  note: string
}

// withConstant is the spec with a constant as the form says it; what reads it is renamed with it.
function withConstant(spec: Spec, at: number | "new", { name, type, value, note }: Said): Spec {
  const was = at === "new" ? undefined : spec.constants?.[at]
  const { default: _default, note: _note, ...kept } = was ?? ({} as Partial<ConstantDef>)
  const made: ConstantDef = { ...kept, name, type, ...(value !== undefined && { default: value }), ...(note.trim() && { note: note.trim() }) }
  const renamed = was && was.name !== name ? renameRoot(spec, was.name, name) : spec
  const list = renamed.constants ?? []
  return { ...renamed, constants: was ? list.map((c, i) => (i === at ? made : c)) : [...list, made] }
}
