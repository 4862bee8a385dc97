import { type ReactNode, useId } from "react"
import { t } from "../text"
import { Button } from "./Button"
import { Dialog } from "./Dialog"
import { FormError } from "./Feedback"

interface Props {
  title: string
  open?: boolean
  onClose: () => void
  act: string // what sending it does
  onSubmit: () => void
  needs?: string // the permission without which it cannot be sent
  busy: boolean
  disabled?: boolean
  error: Error | null // why it was not taken; what is said of a field stands at that field
  children: ReactNode
}

// FormDialog is a short form in a dialog.
export function FormDialog({ title, open = true, onClose, act, onSubmit, needs, busy, disabled = false, error, children }: Props) {
  const id = useId()
  return (
    <Dialog
      title={title}
      open={open}
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" type="submit" form={id} busy={busy} disabled={disabled} {...(needs !== undefined && { needs })}>
            {act}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="stack"
        onSubmit={(e) => {
          e.preventDefault()
          onSubmit()
        }}
      >
        {children}
        <FormError error={error} />
      </form>
    </Dialog>
  )
}
