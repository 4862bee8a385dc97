import { useState } from "react"
import { PasswordField } from "../session/PasswordField"
import { t } from "../text"
import { fieldError } from "../ui/Feedback"
import { SelectField, Switch, TextField } from "../ui/Field"
import { FormDialog } from "../ui/FormDialog"
import { type Role, type User, useUserActions } from "./api"
import { roles } from "./roles"

interface Props {
  user: User | undefined // none: a new one
  owner: boolean // whoever is signed in is one, and so may make owners
  onClose: () => void
  onDone: (said: string) => void
}

// UserForm invites somebody, or changes who is there.
export function UserForm({ user, owner, onClose, onDone }: Props) {
  const [email, setEmail] = useState(user?.email ?? "")
  const [name, setName] = useState(user?.name ?? "")
  const [role, setRole] = useState<Role>(user?.role ?? "member")
  const [active, setActive] = useState(user?.status !== "disabled")
  const [password, setPassword] = useState("")
  const { create, change } = useUserActions()
  const error = create.error ?? change.error
  const submit = () => {
    const said = { onSuccess: (u: User) => onDone(t("{name} is saved", { name: u.name || u.email })) }
    const secret = password ? { password } : {}
    if (!user) create.mutate({ email: email.trim(), name: name.trim(), role, ...secret }, said)
    else {
      const turned = active === (user.status !== "disabled") ? {} : { status: active ? ("active" as const) : ("disabled" as const) }
      change.mutate(
        { id: user.id, ...(name.trim() !== user.name && { name: name.trim() }), ...(role !== user.role && { role }), ...turned, ...secret },
        said,
      )
    }
  }
  return (
    <FormDialog
      title={user ? user.name || user.email : t("Invite somebody")}
      onClose={onClose}
      act={user ? t("Save") : t("Invite")}
      onSubmit={submit}
      busy={create.isPending || change.isPending}
      error={error}
    >
      <TextField
        label={t("E-mail")}
        type="email"
        required
        autoFocus={!user}
        readOnly={user !== undefined}
        autoComplete="off"
        value={email}
        onChange={setEmail}
        error={fieldError(error, "email")}
      />
      <TextField label={t("Name")} autoComplete="off" value={name} onChange={setName} error={fieldError(error, "name")} />
      <SelectField
        label={t("Role")}
        value={role}
        onChange={(r) => setRole(r as Role)}
        options={roles.filter((r) => owner || r.value !== "owner" || user?.role === "owner")}
        hint={roles.find((r) => r.value === role)?.may}
        error={fieldError(error, "role")}
      />
      <PasswordField
        label={user ? t("New password") : t("First password")}
        optional
        autoComplete="new-password"
        minLength={10}
        value={password}
        onChange={setPassword}
        hint={
          user
            ? t("Left empty, it stays as it is. With a new one, all sessions of this user end.")
            : t("Pass it on yourself; no mail is sent. Left empty, the invitation waits until you give a password here.")
        }
        error={fieldError(error, "password")}
      />
      {user && (
        <Switch
          label={t("May sign in")}
          hint={t("Switched off, all sessions end at once. What was done stays under this name.")}
          checked={active}
          onChange={setActive}
        />
      )}
    </FormDialog>
  )
}
