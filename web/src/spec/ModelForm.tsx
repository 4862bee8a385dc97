import { useState } from "react"
import { t } from "../text"
import { TextField } from "../ui/Field"
import { useStore } from "./context"
import { NamedForm, nameError } from "./NamedForm"
import { renameRoot } from "./names"

// ModelForm changes what an item of the source model is called in the spec.
export function ModelForm({ onClose }: { onClose: () => void }) {
  const store = useStore()
  const { spec } = store.get()
  const was = spec.var ?? "event"
  const [name, setName] = useState(was)
  const wrong = nameError(name, name !== was && (spec.constants ?? []).some((c) => c.name === name))
  return (
    <NamedForm
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
    </NamedForm>
  )
}
