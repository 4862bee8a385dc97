import { type FormEvent, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { DeclaredForm } from "../ui/DeclaredForm"
import { FormError } from "../ui/Feedback"
import { useMay } from "../ui/may"
import { useToast } from "../ui/Toast"
import { type Provider, type ProviderType, useProviderActions } from "./api"
import { Connection } from "./NewProvider"

// SettingsForm is what the type of a provider declares, as this one has it. A secret field is empty: what is stored is
// never shown, and stays where nothing is typed.
export function SettingsForm({ provider: p, type }: { provider: Provider; type: ProviderType }) {
  const may = useMay("configuration:write")
  const toast = useToast()
  const { change, test } = useProviderActions()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const fields = type.fields
    .filter((f) => f.name !== "name")
    .map((f) =>
      f.secret && p.secrets?.includes(f.name) ? { ...f, required: false, help: `${f.help} ${t("One is stored; left empty, it stays.")}`.trim() } : f,
    )
  if (fields.length === 0) return null
  const changed = Object.fromEntries(
    Object.entries(typed).filter(([name, v]) => (fields.find((f) => f.name === name)?.secret ? v !== "" : v !== (p.settings[name] ?? ""))),
  )
  const dirty = Object.keys(changed).length > 0
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (!dirty) return
    change.mutate(
      { id: p.id, settings: changed },
      {
        onSuccess: () => {
          setTyped({})
          toast.say(t("The settings of {name} are saved", { name: p.name }))
        },
      },
    )
  }
  return (
    <form className="stack narrow" aria-label={t("Settings")} onSubmit={submit}>
      <DeclaredForm fields={fields} values={{ ...p.settings, ...typed }} onChange={may ? setTyped : () => {}} error={change.error} still />
      <Connection test={test} />
      <FormError error={change.error ?? test.error} />
      <div className="r">
        <Button needs="configuration:write" type="submit" look="primary" size="sm" busy={change.isPending} disabled={!dirty}>
          {t("Save settings")}
        </Button>
        <Button
          needs="configuration:write"
          size="sm"
          icon="plug"
          busy={test.isPending}
          onClick={() => test.mutate({ provider_id: p.id, settings: changed })}
        >
          {dirty ? t("Test with these settings") : t("Test connection")}
        </Button>
      </div>
    </form>
  )
}
