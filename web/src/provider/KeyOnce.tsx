import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { CopyText } from "../ui/Copy"
import { Dialog } from "../ui/Dialog"

// KeyOnce shows a key that is stored as a hash only and never comes back, so it stays until one says to have it.
export function KeyOnce({ title, apiKey, open, onClose }: { title: string; apiKey: string; open: boolean; onClose: () => void }) {
  const [copied, setCopied] = useState(false)
  return (
    <Dialog
      title={title}
      open={open}
      onClose={onClose}
      locked={!copied}
      footer={
        <Button look="primary" disabled={!copied} title={copied ? undefined : t("Tick that you have copied the key")} onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <div className="stack">
        <p className="t2">{t("It is shown this once and stored as a hash. Paste it where the calls are made, as the header below.")}</p>
        <CopyText text={apiKey} label={t("the key")} />
        <CopyText text={["Authorization:", "Bearer", apiKey].join(" ")} label={t("the header")} />
        <label className="r tick">
          <input type="checkbox" checked={copied} onChange={(e) => setCopied(e.target.checked)} />
          {t("I have copied the key")}
        </label>
      </div>
    </Dialog>
  )
}
