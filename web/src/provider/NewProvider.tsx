import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError, fieldError } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import { type Provider, providerTypesQuery, useProviderActions } from "./api"
import { KeyOnce } from "./KeyOnce"

// NewProvider asks for a type and a name, then shows the key, this once.
export function NewProvider({ open, onClose, onDone }: { open: boolean; onClose: () => void; onDone: (p: Provider) => void }) {
  const types = useQuery({ ...providerTypesQuery, enabled: open })
  const [name, setName] = useState("")
  const [type, setType] = useState("webhooks")
  const { create } = useProviderActions()
  const close = () => {
    create.reset()
    setName("")
    onClose()
  }
  const made = create.data
  if (made)
    return (
      <KeyOnce
        title={t("The key of {name}", { name: made.name })}
        apiKey={made.api_key ?? ""}
        open={open}
        onClose={() => {
          close()
          onDone(made)
        }}
      />
    )
  return (
    <Dialog
      title={t("New provider")}
      open={open}
      onClose={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form="new-provider" busy={create.isPending}>
            {t("Create provider")}
          </Button>
        </>
      }
    >
      <form
        id="new-provider"
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          create.mutate({ type, name: name.trim() })
        }}
      >
        <SelectField
          label={t("Type")}
          value={type}
          onChange={setType}
          options={(types.data ?? []).map((x) => ({ value: x.name, label: x.title }))}
          hint={types.data?.find((x) => x.name === type)?.help}
        />
        <TextField
          label={t("Name")}
          required
          autoFocus
          value={name}
          onChange={setName}
          hint={t("Which system, and which account of it, if there are several.")}
          error={fieldError(create.error, "name")}
        />
        <FormError error={create.error} />
      </form>
    </Dialog>
  )
}
