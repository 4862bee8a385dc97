import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { Navigate, useNavigate, useSearch } from "@tanstack/react-router"
import { useEffect, useState } from "react"
import { type Credentials, sessionQuery, setupStateQuery, signIn } from "../../session/api"
import { SessionCard } from "../../session/Card"
import { placeAfter } from "../../session/next"
import { PasswordField } from "../../session/PasswordField"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { FormError } from "../../ui/Feedback"
import { TextField } from "../../ui/Field"

export default function SignInPage() {
  const [email, setEmail] = useState("")
  const [password, setPassword] = useState("")
  const [stay, setStay] = useState(true)
  const setup = useQuery(setupStateQuery)
  const search = useSearch({ strict: false }) as { next?: string }
  const queries = useQueryClient()
  const navigate = useNavigate()
  const enter = useMutation({
    mutationFn: (c: Credentials) => signIn(c),
    onSuccess: async (session) => {
      queries.setQueryData(sessionQuery.queryKey, session)
      await navigate({ href: placeAfter(search.next) })
    },
    onError: () => setPassword(""),
  })
  useEffect(() => {
    document.title = t("Sign in · Dealwright")
  }, [])

  if (setup.data?.setup_needed) return <Navigate to="/setup" />
  return (
    <SessionCard title={t("Sign in to Dealwright")} sub={window.location.host}>
      <form
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          enter.mutate({ email, password, stay_signed_in: stay })
        }}
      >
        <TextField label={t("E-mail")} type="email" autoComplete="username" required autoFocus value={email} onChange={setEmail} />
        <PasswordField autoComplete="current-password" value={password} onChange={setPassword} />
        <label className="r">
          <input type="checkbox" checked={stay} onChange={(e) => setStay(e.target.checked)} />
          {t("Stay signed in on this device for 14 days")}
        </label>
        <FormError error={enter.error} />
        <Button look="primary" type="submit" className="btn-block" busy={enter.isPending}>
          {t("Sign in")}
        </Button>
      </form>
      <p className="hint">{t("No password? An administrator can give you a new one under Settings, Users.")}</p>
    </SessionCard>
  )
}
