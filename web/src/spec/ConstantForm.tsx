import { useState } from "react"
import type { Library } from "../library/library"
import { t } from "../text"
import { SelectField, TextField } from "../ui/Field"
import { useStore } from "./context"
import type { ConstantDef, Json } from "./document"
import { NamedForm, nameError } from "./NamedForm"
import { renameRoot } from "./names"

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

// ConstantForm makes a constant, or changes one everywhere it is read.
export function ConstantForm({ at, library, onClose }: { at: number | "new"; library: Library; onClose: () => void }) {
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
    <NamedForm
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
    </NamedForm>
  )
}
