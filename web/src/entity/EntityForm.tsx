import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { Failed } from "../api/client"
import { t } from "../text"
import { fieldError } from "../ui/Feedback"
import { SelectField, Switch, TextField } from "../ui/Field"
import { FormDialog } from "../ui/FormDialog"
import { type Entity, entityQuery, useEntityActions } from "./api"
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
  const queries = useQueryClient()
  const [version, setVersion] = useState(entity?.version) // that is being changed, whatever came since
  const stale = change.error instanceof Failed && change.error.status === 412
  const error = stale
    ? new Failed(
        412,
        "STALE",
        t(
          "Somebody else changed this meanwhile; what they saved stands behind this window. Save again to put yours in its place, or cancel to keep theirs.",
        ),
      )
    : (create.error ?? change.error)
  // Who saves again has seen what is there now, and nothing that comes after it.
  const refused = async (id: string, e: Error) => {
    if (!(e instanceof Failed) || e.status !== 412) return
    const now = await queries.fetchQuery({ ...entityQuery(kind.path, id), staleTime: 0, networkMode: "always" }).catch(() => undefined)
    if (now) setVersion(now.version)
  }
  const submit = () => {
    const text = name.trim()
    const done = (said: string) => {
      onClose()
      onDone(said)
    }
    const body = { name: text, ...(agent && (entity || team) && { team_id: team }) }
    if (entity)
      change.mutate(
        { id: entity.id, version, ...body, ...(agent && { active }) },
        { onSuccess: () => done(t("{name} is saved", { name: text })), onError: (e) => refused(entity.id, e) },
      )
    else create.mutate(body, { onSuccess: () => done(t("{name} is created", { name: text })) })
  }
  return (
    <FormDialog
      title={entity ? entity.name : kind.fresh}
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
