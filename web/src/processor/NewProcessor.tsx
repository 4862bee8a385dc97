import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError, fieldError } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import { type Processor, useProcessorActions } from "./api"

interface Props {
  providers: { id: string; name: string }[]
  open: boolean
  onClose: () => void
  onDone: (p: Processor) => void
}

export function NewProcessor({ providers, open, onClose, onDone }: Props) {
  const [name, setName] = useState("")
  const [provider, setProvider] = useState("")
  const { create } = useProcessorActions()
  const chosen = provider || providers[0]?.id || ""
  const close = () => {
    create.reset()
    setName("")
    onClose()
  }
  return (
    <Dialog
      title={t("New processor")}
      open={open}
      onClose={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form="new-processor" busy={create.isPending} disabled={providers.length === 0}>
            {t("Create processor")}
          </Button>
        </>
      }
    >
      <form
        id="new-processor"
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          create.mutate(
            { name: name.trim(), provider_id: chosen, source_model: "webhook.payload" },
            {
              onSuccess: (p) => {
                close()
                onDone(p)
              },
            },
          )
        }}
      >
        <p className="t2">{t("It starts disabled and with an empty spec. Nothing runs until you enable it.")}</p>
        <TextField
          label={t("Name")}
          required
          autoFocus
          value={name}
          onChange={setName}
          hint={t("What goes in and what comes out: “Orders → sales”.")}
          error={fieldError(create.error, "name")}
        />
        {providers.length > 0 ? (
          <SelectField
            label={t("Provider")}
            required
            value={chosen}
            onChange={setProvider}
            options={providers.map((p) => ({ value: p.id, label: p.name }))}
            error={fieldError(create.error, "provider_id")}
          />
        ) : (
          <p className="t2">{t("A processor belongs to a provider, and there is none yet. Create the provider first.")}</p>
        )}
        <FormError error={create.error} />
      </form>
    </Dialog>
  )
}
