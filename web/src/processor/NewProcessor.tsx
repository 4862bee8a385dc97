import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { providersQuery, providerTypesQuery } from "../provider/api"
import { t } from "../text"
import { fieldError } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import { FormDialog } from "../ui/FormDialog"
import { type Processor, useProcessorActions } from "./api"

interface Props {
  provider?: { id: string; name: string } // whose it will be; none: to be chosen
  model?: string // what it will read; none: to be chosen
  open: boolean
  onClose: () => void
  onDone: (p: Processor) => void
}

export function NewProcessor({ provider, model, open, onClose, onDone }: Props) {
  const [name, setName] = useState("")
  const [ofProvider, setProvider] = useState("")
  const [reads, setReads] = useState("")
  const providers = useQuery({ ...providersQuery(), enabled: open && !provider })
  const types = useQuery({ ...providerTypesQuery, enabled: open && !model })
  const { create } = useProcessorActions()
  const all = providers.data?.rows ?? []
  const owner = provider ?? all.find((p) => p.id === ofProvider) ?? all[0]
  // What the sources of the provider's type deliver.
  const type = types.data?.find((x) => x.name === all.find((p) => p.id === owner?.id)?.type)
  const models = type?.sources ?? []
  const chosen = model ?? models.find((m) => m.name === reads)?.name ?? models[0]?.name
  const close = () => {
    create.reset()
    setName("")
    onClose()
  }
  return (
    <FormDialog
      title={t("New processor")}
      open={open}
      onClose={close}
      act={t("Create processor")}
      onSubmit={() => {
        if (!owner || !chosen) return
        create.mutate(
          { name: name.trim(), provider_id: owner.id, source_model: chosen },
          {
            onSuccess: (p) => {
              close()
              onDone(p)
            },
          },
        )
      }}
      busy={create.isPending}
      disabled={!owner || !chosen}
      error={create.error}
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
      {provider ? null : all.length > 0 ? (
        <SelectField
          label={t("Provider")}
          required
          value={owner?.id ?? ""}
          onChange={setProvider}
          options={all.map((p) => ({ value: p.id, label: p.name }))}
          error={fieldError(create.error, "provider_id")}
        />
      ) : (
        !providers.isPending && <p className="t2">{t("A processor belongs to a provider, and there is none yet. Create the provider first.")}</p>
      )}
      {!model && models.length > 1 && (
        <SelectField
          label={t("Reads")}
          required
          value={chosen ?? ""}
          onChange={setReads}
          options={models.map((m) => ({ value: m.name, label: m.title }))}
          error={fieldError(create.error, "source_model")}
        />
      )}
    </FormDialog>
  )
}
