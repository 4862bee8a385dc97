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
// never shown, and stays where nothing is typed, unless what decides where it is sent is changed.
export function SettingsForm({ provider: p, type }: { provider: Provider; type: ProviderType }) {
  const may = useMay("configuration:write")
  const toast = useToast()
  const { change, test } = useProviderActions()
  const [typed, setTyped] = useState<Record<string, string>>({})
  const own = type.fields.filter((f) => f.name !== "name")
  if (own.length === 0) return null
  const stored = (f: { name: string; secret: boolean }) => f.secret && p.secrets?.includes(f.name)
  const changed = Object.fromEntries(own.flatMap((f) => (differs(f, typed[f.name], p) ? [[f.name, typed[f.name] ?? ""]] : [])))
  const moved = own.some((f) => !f.secret && !f.harmless && f.name in changed)
  const kept = moved
    ? t("Needed again: the one that is stored goes only with the settings it was saved with.")
    : t("One is stored; left empty, it stays.")
  const fields = own.map((f) => (stored(f) ? { ...f, required: moved, help: `${f.help} ${kept}`.trim() } : f))
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

// differs says whether something else was typed than what the provider has; of what is secret, whether anything was.
function differs(f: { name: string; secret: boolean }, typed: string | undefined, p: Provider) {
  return f.secret ? Boolean(typed) : typed !== undefined && typed !== (p.settings[f.name] ?? "")
}
