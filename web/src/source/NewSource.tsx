import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError, fieldError } from "../ui/Feedback"
import { TextField } from "../ui/Field"
import { type Source, useSourceActions } from "./api"

export function NewSource({
  providerId,
  open,
  onClose,
  onDone,
}: {
  providerId: string
  open: boolean
  onClose: () => void
  onDone: (s: Source) => void
}) {
  const [name, setName] = useState("")
  const { create } = useSourceActions()
  const close = () => {
    create.reset()
    setName("")
    onClose()
  }
  return (
    <Dialog
      title={t("New source")}
      open={open}
      onClose={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form="new-source" busy={create.isPending}>
            {t("Create source")}
          </Button>
        </>
      }
    >
      <form
        id="new-source"
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          create.mutate(
            { providerId, name: name.trim(), type: "webhook.payload" },
            {
              onSuccess: (s) => {
                close()
                onDone(s)
              },
            },
          )
        }}
      >
        <p className="t2">
          {t(
            "A payload source has one URL that takes any JSON: one object, or an array of them. Every object is stored before it is acknowledged, then runs the processors linked to it.",
          )}
        </p>
        <TextField
          label={t("Name")}
          required
          autoFocus
          value={name}
          onChange={setName}
          hint={t("What is sent here: “Orders”, “Stage changes”.")}
          error={fieldError(create.error, "name")}
        />
        <FormError error={create.error} />
      </form>
    </Dialog>
  )
}
