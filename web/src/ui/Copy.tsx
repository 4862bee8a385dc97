import { useState } from "react"
import { t } from "../text"
import { Button } from "./Button"

// CopyText shows a text that is pasted elsewhere: an address, a key.
export function CopyText({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      // Without a secure origin there is no clipboard; the old way still works on a selection.
      const area = document.createElement("textarea")
      area.value = text
      document.body.append(area)
      area.select()
      document.execCommand("copy")
      area.remove()
    }
    setCopied(true)
    setTimeout(() => setCopied(false), 2000)
  }
  return (
    <span className="copy">
      <code className="trunc grow" title={text}>
        {text}
      </code>
      <Button size="xs" icon={copied ? "check" : "copy"} onClick={copy} aria-label={t("Copy {what}", { what: label })}>
        {copied ? t("Copied") : t("Copy")}
      </Button>
    </span>
  )
}
