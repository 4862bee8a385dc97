import { type SyntheticEvent, useId, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { TextField } from "../ui/Field"

export const longestNote = 500 // characters

// SaveNote asks what a version is about before it is saved, for whoever reads the history.
export function SaveNote({ onSave, onClose }: { onSave: (note: string) => void; onClose: () => void }) {
  const id = useId()
  const [note, setNote] = useState("")
  const submit = (e: SyntheticEvent) => {
    e.preventDefault()
    onClose()
    onSave(note.trim())
  }
  return (
    <Dialog
      title={t("Save with a note")}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" icon="save" type="submit" form={id}>
            {t("Save")}
          </Button>
        </>
      }
    >
      <form
        id={id}
        onSubmit={submit}
        onKeyDown={(e) => {
          // Here the key of Save saves with the note, and the page behind does not save without it.
          if (!(e.ctrlKey || e.metaKey) || e.key.toLowerCase() !== "s") return
          e.nativeEvent.stopPropagation()
          submit(e)
        }}
      >
        <TextField
          label={t("Note")}
          value={note}
          onChange={setNote}
          autoFocus
          autoComplete="off"
          maxLength={longestNote}
          hint={t("What this version changes and why. It stands in the history.")}
        />
      </form>
    </Dialog>
  )
}
