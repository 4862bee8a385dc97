import { useState } from "react"
import { KeyOnce } from "../provider/KeyOnce"
import { t } from "../text"
import { fieldError } from "../ui/Feedback"
import { SelectField, TextField } from "../ui/Field"
import { FormDialog } from "../ui/FormDialog"
import { roles } from "../user/roles"
import { type ApiKey, useKeyActions } from "./api"

// How long a key may live, in days; 0: until it is revoked.
const lives = [
  { value: "30", label: t("30 days") },
  { value: "90", label: t("90 days") },
  { value: "365", label: t("1 year") },
  { value: "0", label: t("until it is revoked") },
]

const day = 86_400_000

// NewKey makes a key for a program, and shows it, this once.
export function NewKey({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("")
  const [role, setRole] = useState<ApiKey["role"]>("member")
  const [days, setDays] = useState("365")
  const { create } = useKeyActions()
  const made = create.data
  if (made) return <KeyOnce title={t("The key {name}", { name: made.name })} apiKey={made.key ?? ""} open onClose={onClose} />
  return (
    <FormDialog
      title={t("New API key")}
      onClose={onClose}
      act={t("Create key")}
      onSubmit={() => {
        const expires = days === "0" ? {} : { expires_at: new Date(Date.now() + Number(days) * day).toISOString() }
        create.mutate({ name: name.trim(), role, ...expires })
      }}
      busy={create.isPending}
      error={create.error}
    >
      <TextField
        label={t("Name")}
        required
        autoFocus
        value={name}
        onChange={setName}
        hint={t("Which program has it, and where.")}
        error={fieldError(create.error, "name")}
      />
      <SelectField
        label={t("Role")}
        value={role}
        onChange={(r) => setRole(r as ApiKey["role"])}
        options={roles.filter((r) => r.value !== "owner")}
        hint={roles.find((r) => r.value === role)?.may}
        error={fieldError(create.error, "role")}
      />
      <SelectField label={t("Works for")} value={days} onChange={setDays} options={lives} error={fieldError(create.error, "expires_at")} />
    </FormDialog>
  )
}
