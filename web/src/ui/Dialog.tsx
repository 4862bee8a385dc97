import type { ReactNode } from "react"
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components"

interface Props {
  title: string
  open: boolean
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
  role?: "dialog" | "alertdialog"
  wide?: boolean // for lists
  locked?: boolean // Esc and a click beside it do not close it
}

// somethingOver is whether something lies over the page and has its keys.
export const somethingOver = (): boolean => document.querySelector(".scrim") !== null

// Dialog is only for what undo cannot help with, and for short forms. Never one over another.
export function Dialog({ title, open, onClose, children, footer, role = "dialog", wide = false, locked = false }: Props) {
  return (
    <ModalOverlay className="scrim" isOpen={open} onOpenChange={(is) => !is && onClose()} isDismissable={!locked} isKeyboardDismissDisabled={locked}>
      <Modal className={wide ? "dialog dialog-wide" : "dialog"}>
        <AriaDialog className="dialog-in" role={role}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
          {footer && <div className="dialog-f">{footer}</div>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
