import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { useTest } from "../execution/api"
import { Overwrite } from "../execution/RunAgain"
import type { Processor } from "../processor/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { Status } from "../ui/Status"
import { useSpec } from "./context"
import { RunChanges } from "./RunChanges"

// TestDialog shows first what the draft would write, without writing; and runs the saved spec for real.
export function TestDialog({ processor, open, onClose, onShow }: { processor: Processor; open: boolean; onClose: () => void; onShow: () => void }) {
  const navigate = useNavigate()
  const entry = useSpec((s) => s.entry)
  const run = useSpec((s) => s.run)
  const base = useSpec((s) => s.base)
  const changed = useSpec((s) => s.saved === undefined || (s.diff !== undefined && !s.diff.same_program))
  const [overwrite, setOverwrite] = useState(false)
  const test = useTest()
  const close = () => {
    test.reset()
    onClose()
  }
  const real = () => {
    if (!entry) return
    test.mutate(
      { processorId: processor.id, deliveryId: entry.delivery, overwriteNewer: overwrite },
      { onSuccess: (e) => navigate({ to: `/executions/${e.id}` }) },
    )
  }
  return (
    <Dialog
      title={entry ? t("Test with {label}", { label: entry.label }) : t("Test")}
      open={open}
      onClose={close}
      wide
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Close")}
          </Button>
          <Button
            disabled={!run}
            onClick={() => {
              onShow()
              close()
            }}
          >
            {t("Show it on the steps")}
          </Button>
          <Button look="primary" icon="flask" busy={test.isPending} disabled={!entry || base === 0} onClick={real}>
            {t("Test for real")}
          </Button>
        </>
      }
    >
      {run && (
        <p>
          <Status is={run.status} /> <span className="t2">{t("This is what the draft would write. Nothing is written yet.")}</span>
        </p>
      )}
      <RunChanges />
      <p className="t2">
        {base === 0
          ? t("Testing for real needs a saved version.")
          : changed
            ? t("Testing for real writes with version {n} as it is saved: what the draft changes is not part of it.", { n: base })
            : t("Testing for real writes with version {n}, enabled or not, and shows its trace.", { n: base })}
      </p>
      {base > 0 && <Overwrite on={overwrite} onChange={setOverwrite} />}
      <FormError error={test.error} />
    </Dialog>
  )
}
