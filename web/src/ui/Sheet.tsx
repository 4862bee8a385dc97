import { type ReactNode, useEffect, useRef } from "react"
import { t } from "../text"
import { Button } from "./Button"
import { keyOf } from "./keys"

// Sheet is a side panel with its own URL: beside the page where there is room, over it where there is none.
export function Sheet({
  title,
  sub,
  onClose,
  children,
  footer,
}: {
  title: string
  sub?: ReactNode
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
}) {
  const box = useRef<HTMLElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <aside
      className="sheet"
      aria-label={title}
      ref={box}
      tabIndex={-1}
      onKeyDown={(e) => {
        if (keyOf("everywhere", e) === "close" && !e.defaultPrevented) onClose()
      }}
    >
      <div className="sheet-h">
        <div className="grow">
          <h2 className="sheet-t">{title}</h2>
          {sub && <div className="t2 sub-line">{sub}</div>}
        </div>
        <Button look="ghost" size="sm" icon="x" label={t("Close")} onClick={onClose} />
      </div>
      <div className="sheet-b">{children}</div>
      {footer && <div className="sheet-f">{footer}</div>}
    </aside>
  )
}
