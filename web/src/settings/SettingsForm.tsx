import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { FormError, fieldError } from "../ui/Feedback"
import { SelectField, Switch, TextField } from "../ui/Field"
import { Icon } from "../ui/Icon"
import { useToast } from "../ui/Toast"
import { type Settings, useSaveSettings } from "./api"

const zones = Intl.supportedValuesOf("timeZone")

const contactKeys = [
  { value: "pseudonym", label: t("Replace it by a pseudonym") },
  { value: "refuse", label: t("Refuse the call") },
  { value: "allow", label: t("Let it through, with a warning in the call log") },
] as const

interface Props {
  settings: Settings
  kinds: readonly { id: string; title: string }[]
}

// SettingsForm: names and zone are saved with a button, switches at once, with Undo.
export function SettingsForm({ settings, kinds }: Props) {
  const [draft, setDraft] = useState({ name: settings.name, time_zone: settings.time_zone, country: settings.country })
  const save = useSaveSettings()
  const toast = useToast()
  const changed = draft.name !== settings.name || draft.time_zone !== settings.time_zone || draft.country !== settings.country

  const flip = (what: string, on: boolean, change: Partial<Settings>, back: Partial<Settings>) =>
    save.mutate(change, {
      onSuccess: () => toast.say(on ? t("{what} is on", { what }) : t("{what} is off; nothing is deleted", { what }), () => save.mutate(back)),
      onError: (e) => toast.fail(t("Not saved"), e),
    })

  const suspended = save.data?.suspended_processors ?? []
  return (
    <div className="stack-l">
      {suspended.length > 0 && (
        <div className="banner warn" role="status">
          <Icon name="warnf" />
          <span>
            {t("This change suspended {names}: what is written there is switched off. Deliveries wait, none is lost.", {
              names: suspended.map((p) => p.name).join(", "),
            })}
          </span>
        </div>
      )}
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          save.mutate(draft, { onSuccess: () => toast.say(t("Settings saved")) })
        }}
      >
        <h2>{t("Tenant")}</h2>
        <TextField
          label={t("Name")}
          required
          value={draft.name}
          onChange={(name) => setDraft({ ...draft, name })}
          error={fieldError(save.error, "name")}
        />
        <TextField
          label={t("Time zone")}
          required
          list="zones"
          value={draft.time_zone}
          onChange={(time_zone) => setDraft({ ...draft, time_zone })}
          error={fieldError(save.error, "time_zone")}
          hint={t("Dates without a zone are read in this one, and all times are shown in it.")}
        />
        <datalist id="zones">
          {zones.map((z) => (
            <option key={z} value={z} />
          ))}
        </datalist>
        <TextField
          label={t("Country calling code")}
          required
          value={draft.country}
          onChange={(country) => setDraft({ ...draft, country })}
          error={fieldError(save.error, "country")}
          hint={t("Phone numbers with a leading 0 belong to this country.")}
        />
        <FormError error={save.error} />
        <div className="r">
          <Button look="primary" type="submit" disabled={!changed} busy={save.isPending}>
            {t("Save settings")}
          </Button>
        </div>
      </form>
      <section className="stack">
        <div>
          <h2>{t("Record kinds")}</h2>
          <p className="t2">{t("A kind that is off has no page, no webhook URL and no operation. Its records stay.")}</p>
        </div>
        {kinds.map((k) => {
          const on = settings.record_kinds.includes(k.id)
          const next = on
            ? settings.record_kinds.filter((x) => x !== k.id)
            : kinds.map((x) => x.id).filter((x) => x === k.id || settings.record_kinds.includes(x))
          return (
            <Switch
              key={k.id}
              label={k.title}
              checked={on}
              disabled={save.isPending}
              onChange={() => flip(k.title, !on, { record_kinds: next }, { record_kinds: settings.record_kinds })}
            />
          )
        })}
      </section>
      <section className="stack">
        <h2>{t("Projects")}</h2>
        <Switch
          label={t("Projects")}
          hint={t("Records and identities may belong to a project.")}
          checked={settings.projects}
          disabled={save.isPending}
          onChange={(projects) => flip(t("Projects"), projects, { projects }, { projects: settings.projects })}
        />
      </section>
      <section className="stack">
        <div>
          <h2>{t("Fixed webhooks")}</h2>
          <p className="t2">{t("What they may make besides records.")}</p>
        </div>
        <Switch
          label={t("User creation")}
          hint={t("An agent_email that comes in makes a user and ties it to the agent.")}
          checked={settings.user_creation}
          disabled={save.isPending}
          onChange={(on) => flip(t("User creation"), on, { user_creation: on }, { user_creation: !on })}
        />
        <Switch
          label={t("Agent management")}
          hint={t("An agent_team_id and agent_team_name that come in make agents and teams, link them, and move an agent to its team.")}
          checked={settings.agent_management}
          disabled={save.isPending}
          onChange={(on) => flip(t("Agent management"), on, { agent_management: on }, { agent_management: !on })}
        />
        <SelectField
          label={t("A contact_key that is an e-mail address or a phone number")}
          hint={t("Pseudonyms keep customers' data off the disk; the same person always has the same one.")}
          value={settings.contact_keys}
          disabled={save.isPending}
          options={contactKeys}
          onChange={(contact_keys) =>
            save.mutate(
              { contact_keys },
              {
                onSuccess: () => toast.say(t("Contact keys saved"), () => save.mutate({ contact_keys: settings.contact_keys })),
                onError: (e) => toast.fail(t("Not saved"), e),
              },
            )
          }
        />
      </section>
    </div>
  )
}
