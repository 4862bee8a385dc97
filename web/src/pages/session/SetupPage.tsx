import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Navigate, useNavigate } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { createOwner, type FirstOwner, sessionQuery, setupStateQuery } from "../../session/api"
import { SessionCard } from "../../session/Card"
import { PasswordField } from "../../session/PasswordField"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { FormError, fieldError } from "../../ui/Feedback"
import { TextField } from "../../ui/Field"

// SetupPage makes the first owner of a server that has none.
export default function SetupPage() {
  const [form, setForm] = useState<FirstOwner>({ tenant: "", name: "", email: "", password: "" })
  const setup = useQuery(setupStateQuery)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (owner: FirstOwner) => createOwner(owner),
    onSuccess: async (session) => {
      queries.setQueryData(setupStateQuery.queryKey, { setup_needed: false })
      queries.setQueryData(sessionQuery.queryKey, session)
      await navigate({ to: "/" })
    },
  })
  useEffect(() => {
    document.title = t("Set up · Dealwright")
  }, [])
  const put = (key: keyof FirstOwner) => (value: string) => setForm({ ...form, [key]: value })

  if (setup.data && !setup.data.setup_needed && !create.isPending) return <Navigate to="/sign-in" />
  return (
    <SessionCard title={t("Set up Dealwright")} sub={t("This server has no owner yet. You become the first.")}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          create.mutate(form)
        }}
      >
        <TextField
          label={t("Organisation")}
          required
          autoFocus
          value={form.tenant}
          onChange={put("tenant")}
          error={fieldError(create.error, "tenant")}
        />
        <TextField
          label={t("Your name")}
          autoComplete="name"
          required
          value={form.name}
          onChange={put("name")}
          error={fieldError(create.error, "name")}
        />
        <TextField
          label={t("E-mail")}
          type="email"
          autoComplete="username"
          required
          value={form.email}
          onChange={put("email")}
          error={fieldError(create.error, "email")}
        />
        <PasswordField
          autoComplete="new-password"
          minLength={10}
          value={form.password}
          onChange={put("password")}
          hint={t("At least 10 characters.")}
          error={fieldError(create.error, "password")}
        />
        <FormError error={create.error} />
        <Button look="primary" type="submit" className="btn-block" busy={create.isPending}>
          {t("Create owner and sign in")}
        </Button>
      </form>
    </SessionCard>
  )
}
