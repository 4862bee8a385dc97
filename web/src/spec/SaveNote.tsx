import { type SyntheticEvent, useEffect, useId, useRef } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { TextField } from "../ui/Field"
import { keyOf } from "../ui/keys"

export const longestNote = 500 // characters

interface Props {
  note: string // kept by whoever opens it, so that a save that is refused does not lose it
  onNote: (note: string) => void
  busy: boolean
  onSave: (note: string) => void
  onClose: () => void
}

// SaveNote asks what a version is about before it is saved, for whoever reads the history.
export function SaveNote({ note, onNote, busy, onSave, onClose }: Props) {
  const id = useId()
  const submit = (e: Pick<SyntheticEvent, "preventDefault">) => {
    e.preventDefault()
    onSave(note.trim())
  }
  // Wherever the focus is, the key of Save saves with the note while this is open, and the page behind does not without it.
  const latest = useRef(submit)
  latest.current = submit
  useEffect(() => {
    const listen = (e: KeyboardEvent) => {
      const act = keyOf("builder", e)
      if (act !== "save" && act !== "saveWithNote") return
      e.stopImmediatePropagation()
      latest.current(e)
    }
    document.addEventListener("keydown", listen, true)
    return () => document.removeEventListener("keydown", listen, true)
  }, [])
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
          <Button look="primary" icon="save" type="submit" form={id} busy={busy}>
            {t("Save")}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit}>
        <TextField
          label={t("Note")}
          value={note}
          onChange={onNote}
          autoFocus
          autoComplete="off"
          maxLength={longestNote}
          hint={t("What this version changes and why. It stands in the history.")}
        />
      </form>
    </Dialog>
  )
}
