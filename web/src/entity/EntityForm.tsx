import { useState } from "react"
import { t } from "../text"
import { fieldError } from "../ui/Feedback"
import { SelectField, Switch, TextField } from "../ui/Field"
import { FormDialog } from "../ui/FormDialog"
import { type Entity, useEntityActions } from "./api"
import type { EntityKind } from "./kinds"

interface Props {
  kind: EntityKind
  entity: Entity | undefined // none: a new one
  teams: { id: string; name: string }[] // an agent may be in one
  onClose: () => void
  onDone: (said: string) => void
}

// EntityForm makes a new one, or changes the one it is given.
export function EntityForm({ kind, entity, teams, onClose, onDone }: Props) {
  const agent = kind.id === "agent"
  const [name, setName] = useState(entity?.name ?? "")
  const [team, setTeam] = useState(entity?.team?.id ?? "")
  const [active, setActive] = useState(entity?.active ?? true)
  const { create, change } = useEntityActions(kind.path)
  const error = create.error ?? change.error
  const submit = () => {
    const text = name.trim()
    const done = (said: string) => {
      onClose()
      onDone(said)
    }
    const body = { name: text, ...(agent && (entity || team) && { team_id: team }) }
    if (entity) change.mutate({ id: entity.id, ...body, ...(agent && { active }) }, { onSuccess: () => done(t("{name} is saved", { name: text })) })
    else create.mutate(body, { onSuccess: () => done(t("{name} is created", { name: text })) })
  }
  return (
    <FormDialog
      title={entity ? entity.name : t("New {kind}", { kind: kind.one })}
      onClose={onClose}
      act={entity ? t("Save") : t("Create {kind}", { kind: kind.one })}
      onSubmit={submit}
      needs="identities:link"
      busy={create.isPending || change.isPending}
      error={error}
    >
      <TextField label={t("Name")} required autoFocus value={name} onChange={setName} error={fieldError(error, "name")} />
      {agent && (
        <SelectField
          label={t("Team")}
          value={team}
          onChange={setTeam}
          options={[{ value: "", label: t("none") }, ...teams.map((x) => ({ value: x.id, label: x.name }))]}
          error={fieldError(error, "team_id")}
        />
      )}
      {agent && entity && (
        <Switch label={t("Active")} hint={t("An inactive agent stays linked and keeps its records.")} checked={active} onChange={setActive} />
      )}
    </FormDialog>
  )
}
