import { useState } from "react"
import { EntityPick } from "../entity/EntityPick"
import type { TypedSource } from "../metric/api"
import { TypesPick } from "../metric/TypesPick"
import { kinds } from "../record/kinds"
import { language, t } from "../text"
import { fieldError } from "../ui/Feedback"
import { SelectField, Switch, TextField } from "../ui/Field"
import { FormDialog } from "../ui/FormDialog"
import { number } from "../ui/format"
import { type Event, type Rule, useEventActions } from "./api"

interface Props {
  event: Event | undefined // nothing: a new one
  onClose: () => void
}

// EventForm says which records an event is about.
export function EventForm({ event, onClose }: Props) {
  const [name, setName] = useState(event?.name ?? "")
  const [rule, setRule] = useState<Rule>(event?.rule ?? { source: "activity", tell: true })
  const [types, setTypes] = useState(event?.rule.types ?? [])
  const [least, setLeast] = useState(event?.rule.least === undefined ? "" : String(event.rule.least).replace(".", language() === "nl" ? "," : "."))
  const [wrong, setWrong] = useState(false)
  const { create, change } = useEventActions()
  const error = create.error ?? change.error
  const submit = () => {
    const value = least.trim().replace(",", ".")
    if (!/^(-?\d+(\.\d+)?)?$/.test(value)) {
      setWrong(true)
      return
    }
    const typed = rule.source !== "sale" && rule.source !== "call"
    const { least: _, types: __, agent_id, team_id, ...rest } = rule
    const body = {
      name,
      rule: {
        ...rest,
        ...(agent_id && { agent_id }),
        ...(team_id && { team_id }),
        types: typed ? types : [],
        ...(value !== "" && { least: Number(value) }),
      } as Rule,
    }
    if (event) change.mutate({ id: event.id, ...body }, { onSuccess: onClose })
    else create.mutate(body, { onSuccess: onClose })
  }
  return (
    <FormDialog
      title={event ? event.name : t("New event")}
      onClose={onClose}
      act={t("Save")}
      onSubmit={submit}
      needs="configuration:write"
      busy={create.isPending || change.isPending}
      error={error}
    >
      <TextField label={t("Name")} required autoFocus value={name} onChange={setName} error={fieldError(error, "name")} />
      <SelectField
        label={t("Of")}
        value={rule.source}
        disabled={event !== undefined}
        onChange={(source) => {
          setRule({ ...rule, source: source as Rule["source"] })
          setTypes([])
        }}
        options={kinds.map((k) => ({ value: k.id, label: k.title }))}
        error={fieldError(error, "source")}
      />
      {rule.source !== "sale" && rule.source !== "call" && (
        <TypesPick source={rule.source as TypedSource} types={types} onChange={setTypes} error={fieldError(error, "types")} />
      )}
      <TextField
        label={t("Least value")}
        inputMode="decimal"
        value={least}
        onChange={(text) => {
          setLeast(text)
          setWrong(false)
        }}
        error={wrong ? t("This is no number: write it as 2500 or {part}.", { part: number("2.5") }) : undefined}
      />
      <div className="two">
        {rule.source !== "anonymous_activity" && (
          <EntityPick
            kind="agents"
            label={t("Agent")}
            placeholder={t("any agent")}
            id={rule.agent_id ?? ""}
            onChange={(agent_id) => setRule({ ...rule, agent_id })}
          />
        )}
        <EntityPick
          kind="teams"
          label={t("Team")}
          placeholder={t("any team")}
          id={rule.team_id ?? ""}
          onChange={(team_id) => setRule({ ...rule, team_id })}
        />
      </div>
      <Switch
        label={t("Tell people in the app")}
        hint={t("Everybody sees it under Notices, once for each record.")}
        checked={rule.tell ?? false}
        onChange={(tell) => setRule({ ...rule, tell })}
      />
    </FormDialog>
  )
}
