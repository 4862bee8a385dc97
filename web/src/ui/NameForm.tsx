import { useEffect, useState } from "react"
import { Button } from "./Button"
import { TextField } from "./Field"

// NameForm renames in place; the button appears once there is something to save.
export function NameForm({
  label,
  name,
  busy,
  error,
  onSave,
}: {
  label: string
  name: string
  busy: boolean
  error?: string | undefined
  onSave: (name: string) => void
}) {
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
      <TextField label={label} required value={text} onChange={setText} error={error} />
      {changed && (
        <Button look="primary" type="submit" busy={busy}>
          Save name
        </Button>
      )}
    </form>
  )
}
