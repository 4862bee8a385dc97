import { type ReactNode, useState } from "react"
import { t, tr } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { TextField } from "../ui/Field"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import type { Foreseen } from "./api"

interface Props {
  title?: string
  does?: string // on the button
  foreseen: Pick<Foreseen, "nowFails" | "of" | "since">
  untried?: boolean // there was no delivery to try it on
  more?: ReactNode // what else can be done, beside Cancel
  onSave: () => Promise<void> // what it throws is shown, and the dialog stays
  onClose: () => void
}

// ConfirmSave is asked before a draft goes live. Where something would fail that does not today, the words must be typed.
export function ConfirmSave({ title = t("Save the draft"), does, foreseen, untried = false, more, onSave, onClose }: Props) {
  const { nowFails, of, since } = foreseen
  const [typed, setTyped] = useState("")
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const words = t("now fails")
  const may = nowFails === 0 || typed.trim().toLowerCase() === words.toLowerCase()
  const go = async () => {
    if (!may || busy) return
    setBusy(true)
    setError(undefined)
    try {
      await onSave()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          {more}
          <Button look={nowFails > 0 ? "danger-fill" : "primary"} icon="save" busy={busy} disabled={!may} onClick={go}>
            {does ?? (nowFails > 0 ? t("Save anyway") : t("Save"))}
          </Button>
        </>
      }
    >
      <p>{t("What comes in from now on runs with it. What was written before stays as it is.")}</p>
      {untried && (
        <p className="st warn wrap">
          <Icon name="warnf" />
          {t("No delivery could be tried with it, so nothing here says that it works.")}
        </p>
      )}
      {nowFails > 0 && (
        <form
          onSubmit={(e) => {
            e.preventDefault()
            go()
          }}
        >
          <p className="t2">
            {t("{n, plural, one {# delivery fails with it that does not today.} other {# deliveries fail with it that do not today.}}", {
              n: nowFails,
            })}{" "}
            {since &&
              tr("It was tried on the last {of, plural, one {delivery} other {# deliveries}}, since <when></when>.", {
                of,
                when: () => <Moment at={since} as="full" />,
              })}
          </p>
          <TextField label={t("Type “{words}” to save it all the same", { words })} value={typed} onChange={setTyped} autoComplete="off" />
        </form>
      )}
      <FormError error={error} />
    </Dialog>
  )
}
