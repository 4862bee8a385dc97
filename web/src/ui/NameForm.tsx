import { useEffect, useState } from "react"
import { t } from "../text"
import { Button } from "./Button"
import { TextField } from "./Field"
import { useMay } from "./may"

// NameForm renames in place; the button appears once there is something to save.
export function NameForm({
  label,
  name,
  busy,
  error,
  needs,
  onSave,
}: {
  label: string
  name: string
  busy: boolean
  error?: string | undefined
  needs: string // the permission without which it can only be read
  onSave: (name: string) => void
}) {
  const may = useMay(needs)
  const [text, setText] = useState(name)
  useEffect(() => setText(name), [name])
  const changed = text.trim() !== name && text.trim() !== ""
  return (
    <form
      className="name-form"
      onSubmit={(e) => {
        e.preventDefault()
        if (changed) onSave(text.trim())
      }}
    >
      <TextField label={label} required readOnly={!may} value={text} onChange={setText} error={error} />
      {changed && (
        <Button look="primary" type="submit" busy={busy}>
          {t("Save name")}
        </Button>
      )}
    </form>
  )
}
