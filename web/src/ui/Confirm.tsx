import { type ReactNode, useState } from "react"
import { t } from "../text"
import { Button } from "./Button"
import { Dialog } from "./Dialog"
import { FormError } from "./Feedback"

interface Props {
  title: string
  open: boolean
  onClose: () => void
  effect: string // what the button says: "Delete provider"
  act: () => Promise<unknown>
  children: ReactNode // what hangs on it, and what stays
}

// Confirm is the last step before something that cannot be undone.
export function Confirm({ title, open, onClose, effect, act, children }: Props) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const close = () => {
    setError(undefined)
    onClose()
  }
  const go = async () => {
    setBusy(true)
    try {
      await act()
      close()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={title}
      open={open}
      onClose={close}
      role="alertdialog"
      footer={
        <>
          <Button look="ghost" onClick={close} autoFocus>
            {t("Keep it")}
          </Button>
          <Button look="danger-fill" onClick={go} busy={busy}>
            {effect}
          </Button>
        </>
      }
    >
      {children}
      <FormError error={error} />
    </Dialog>
  )
}
