import { useState } from "react"
import { BulkDialog } from "../bulk/BulkDialog"
import { Overwrite } from "../execution/RunAgain"
import type { Picked } from "../list/ListView"
import { t } from "../text"
import { Button } from "../ui/Button"

interface Props {
  picked: Pick<Picked, "all" | "ids" | "query">
  onDone?: () => void
}

// RunMany runs deliveries that came in before a processor ran on their source: those picked, or all that match the list.
export function RunMany({ picked, onDone }: Props) {
  const [open, setOpen] = useState(false)
  const [overwriteNewer, setOverwriteNewer] = useState(false)
  return (
    <>
      <Button size="sm" icon="play" needs="processors:run" onClick={() => setOpen(true)}>
        {t("Run")}
      </Button>
      {open && (
        <BulkDialog
          title={t("Run what has not run")}
          icon="play"
          effect={(n) => t("Run {n}", { n })}
          ask={{ verb: "run", overwrite_newer: overwriteNewer, ...(picked.all ? { deliveries: picked.query } : { ids: [...picked.ids] }) }}
          onClose={(done) => {
            setOpen(false)
            if (done) onDone?.()
          }}
        >
          <p className="t2">
            {t(
              "They run for real, oldest first, through the enabled processors of their sources that have not run them. A processor that has is left alone.",
            )}
          </p>
          <Overwrite on={overwriteNewer} onChange={setOverwriteNewer} />
        </BulkDialog>
      )}
    </>
  )
}
