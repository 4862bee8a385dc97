import { useSuspenseQuery } from "@tanstack/react-query"
import { useState } from "react"
import { sessionQuery } from "../../session/api"
import { PasswordField } from "../../session/PasswordField"
import { choose, type Language, language, languages, t } from "../../text"
import { Button } from "../../ui/Button"
import { FormError, fieldError } from "../../ui/Feedback"
import { SelectField } from "../../ui/Field"
import { Page } from "../../ui/Page"
import { useToast } from "../../ui/Toast"
import { setTheme, type Theme, useTheme } from "../../ui/theme"
import { word } from "../../ui/words"
import { useChangePassword } from "../../user/api"
import { SettingsTabs } from "../settings/SettingsTabs"

const themes = [
  { value: "system", label: t("that of the system") },
  { value: "light", label: t("light") },
  { value: "dark", label: t("dark") },
]

// AccountPage is what belongs to whoever is signed in.
export default function AccountPage() {
  const { data: session } = useSuspenseQuery(sessionQuery)
  const theme = useTheme()
  return (
    <Page title={t("My account")} crumbs={[{ label: t("Settings"), to: "/settings" }]}>
      <SettingsTabs />
      <div className="scroll pad">
        <div className="narrow stack-l">
          <dl className="kv">
            <dt>{t("Name")}</dt>
            <dd>{session.user?.name || "–"}</dd>
            <dt>{t("E-mail")}</dt>
            <dd>{session.user?.email ?? "–"}</dd>
            <dt>{t("Role")}</dt>
            <dd>{word(session.role)}</dd>
            <dt>{t("Organisation")}</dt>
            <dd>{session.tenant.name}</dd>
          </dl>
          <section className="stack">
            <h2>{t("This browser")}</h2>
            <SelectField
              label={t("Language")}
              value={language()}
              onChange={(to) => choose(to as Language)}
              options={languages.map((l) => ({ value: l.id, label: l.name }))}
              hint={t("The page is loaded anew in it.")}
            />
            <SelectField label={t("Theme")} value={theme} onChange={(to) => setTheme(to as Theme)} options={themes} />
          </section>
          <ChangePassword email={session.user?.email ?? ""} />
        </div>
      </div>
    </Page>
  )
}

function ChangePassword({ email }: { email: string }) {
  const [current, setCurrent] = useState("")
  const [next, setNext] = useState("")
  const change = useChangePassword()
  const toast = useToast()
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault()
        change.mutate(
          { current, new: next },
          {
            onSuccess: () => {
              setCurrent("")
              setNext("")
              toast.say(t("Password changed; your other sessions have ended"))
            },
          },
        )
      }}
    >
      <h2>{t("Change password")}</h2>
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <PasswordField
        label={t("Present password")}
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        error={fieldError(change.error, "current")}
      />
      <PasswordField
        label={t("New password")}
        autoComplete="new-password"
        minLength={10}
        value={next}
        onChange={setNext}
        hint={t("At least 10 characters.")}
        error={fieldError(change.error, "new")}
      />
      <FormError error={change.error} />
      <div className="r">
        <Button look="primary" type="submit" busy={change.isPending} disabled={!current || !next}>
          {t("Change password")}
        </Button>
      </div>
    </form>
  )
}
