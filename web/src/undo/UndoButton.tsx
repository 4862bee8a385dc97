import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { UndoDialog } from "./UndoDialog"

// UndoButton takes back what a run or a call wrote, after showing what that does.
export function UndoButton({ of, id }: { of: "execution" | "call"; id: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button needs="processors:run" size="sm" icon="undo" label={t("Undo what this wrote…")} onClick={() => setOpen(true)}>
        <span className={of === "execution" ? "from-md" : ""}>{t("Undo what this wrote…")}</span>
      </Button>
      {open && <UndoDialog what={{ of, id }} onClose={() => setOpen(false)} />}
    </>
  )
}
