import { useState } from "react"
import type { SourceType } from "../provider/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { DeclaredForm } from "../ui/DeclaredForm"
import { FormError } from "../ui/Feedback"
import { SelectField } from "../ui/Field"
import { Sheet } from "../ui/Sheet"
import { type Source, useSourceActions } from "./api"

interface Props {
  providerId: string
  types: readonly SourceType[] // that the provider's type can have
  onClose: () => void
  onDone: (s: Source) => void
}

// NewSource asks for what the kind of source declares. Its URL, its processors and their constants follow once it is there.
export function NewSource({ providerId, types, onClose, onDone }: Props) {
  const [chosen, setChosen] = useState(types[0]?.name ?? "")
  const [values, setValues] = useState<Record<string, string>>({})
  const { create } = useSourceActions()
  const type = types.find((x) => x.name === chosen) ?? types[0]
  return (
    <Sheet
      title={t("New source")}
      sub={
        type && (
          <>
            {t("delivers")} <code>{type.name}</code>
          </>
        )
      }
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form="new-source" busy={create.isPending} disabled={!type}>
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
          if (type) create.mutate({ providerId, name: (values.name ?? "").trim(), type: type.name }, { onSuccess: onDone })
        }}
      >
        {types.length > 1 && (
          <SelectField
            label={t("Source type")}
            value={type?.name ?? ""}
            onChange={setChosen}
            options={types.map((x) => ({ value: x.name, label: x.title }))}
          />
        )}
        {type && <p className="t2">{type.help}</p>}
        <DeclaredForm fields={type?.fields ?? []} values={values} onChange={setValues} error={create.error} />
        <FormError error={create.error} />
      </form>
    </Sheet>
  )
}
