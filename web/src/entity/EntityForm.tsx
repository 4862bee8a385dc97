import { useState } from "react"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError, fieldError } from "../ui/Feedback"
import { TextField } from "../ui/Field"
import { type Entity, useEntityActions } from "./api"
import type { EntityKind } from "./kinds"

// EntityForm makes a new one, or renames the one it is given.
export function EntityForm({
  kind,
  entity,
  onClose,
  onDone,
}: {
  kind: EntityKind
  entity: Entity | undefined
  onClose: () => void
  onDone: (said: string) => void
}) {
  const [name, setName] = useState(entity?.name ?? "")
  const { create, rename } = useEntityActions(kind.path)
  const error = create.error ?? rename.error
  const submit = () => {
    const text = name.trim()
    const done = (said: string) => {
      onClose()
      onDone(said)
    }
    if (entity) rename.mutate({ id: entity.id, name: text }, { onSuccess: () => done(`Renamed to ${text}`) })
    else create.mutate(text, { onSuccess: () => done(`${text} is created`) })
  }
  return (
    <Dialog
      title={entity ? `Rename ${entity.name}` : `New ${kind.one}`}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form="entity" busy={create.isPending || rename.isPending}>
            {entity ? "Save name" : `Create ${kind.one}`}
          </Button>
        </>
      }
    >
      <form
        id="entity"
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          submit()
        }}
      >
        {/* biome-ignore lint/a11y/noAutofocus: the dialog was opened to fill this in */}
        <TextField label="Name" required autoFocus value={name} onChange={setName} error={fieldError(error, "name")} />
        <FormError error={error} />
      </form>
    </Dialog>
  )
}
