import { useNavigate } from "@tanstack/react-router"
import { useMemo, useState } from "react"
import { Dialog as AriaDialog, Modal, ModalOverlay } from "react-aria-components"
import { t } from "../text"
import { Icon } from "../ui/Icon"
import { match } from "./match"
import type { NavItem } from "./nav"

// Palette goes to a page by a part of its name, or to a thing by its id.
export default function Palette({ items, onClose }: { items: NavItem[]; onClose: () => void }) {
  const [text, setText] = useState("")
  const [at, setAt] = useState(0)
  const navigate = useNavigate()
  const found = useMemo(() => match(items, text), [items, text])
  const current = Math.min(at, found.length - 1)

  const go = (item: NavItem | undefined) => {
    if (!item) return
    onClose()
    navigate({ to: item.to })
  }

  return (
    <ModalOverlay className="scrim scrim-top" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="palette">
        <AriaDialog aria-label={t("Go to")}>
          <div className="palette-in">
            <Icon name="search" className="t3" />
            <input
              autoFocus
              role="combobox"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={found[current] ? `palette-${current}` : undefined}
              aria-label={t("Page or id")}
              placeholder={t("Page or id")}
              value={text}
              onChange={(e) => {
                setText(e.target.value)
                setAt(0)
              }}
              onKeyDown={(e) => {
                const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0
                if (step !== 0 && found.length > 0) {
                  e.preventDefault()
                  setAt((current + step + found.length) % found.length)
                } else if (e.key === "Enter") {
                  e.preventDefault()
                  go(found[current])
                }
              }}
            />
            <kbd className="kbd">esc</kbd>
          </div>
          <div className="menu-flat" id="palette-list" role="listbox" aria-label={t("Pages")} tabIndex={-1}>
            {found.map((item, i) => (
              <div
                key={item.to}
                id={`palette-${i}`}
                role="option"
                tabIndex={-1}
                aria-selected={i === current}
                className={i === current ? "is-hover" : ""}
                onClick={() => go(item)}
                onMouseMove={() => setAt(i)}
              >
                <Icon name={item.icon} />
                {item.label}
              </div>
            ))}
          </div>
          {found.length === 0 && <p className="palette-none t2">{t("No page is called that. Ids begin with exe_, dlv_, prv_ or prc_.")}</p>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
