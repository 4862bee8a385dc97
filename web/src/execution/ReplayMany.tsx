import { useState } from "react"
import { BulkDialog } from "../bulk/BulkDialog"
import type { Picked } from "../list/ListView"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Overwrite } from "./RunAgain"

// ReplayMany runs the deliveries of picked executions again: those, or all that match the list.
export function ReplayMany({ picked }: { picked: Picked }) {
  const [open, setOpen] = useState(false)
  const [overwriteNewer, setOverwriteNewer] = useState(false)
  const { version, ...rest } = picked.query
  const filter = { ...rest, ...(version && { version: Number(version) }) }
  return (
    <>
      <Button size="sm" icon="replay" needs="processors:run" onClick={() => setOpen(true)}>
        {t("Run again")}
      </Button>
      {open && (
        <BulkDialog
          title={t("Run these deliveries again")}
          icon="replay"
          effect={(n) => t("Run {n} again", { n })}
          ask={{ verb: "replay", overwrite_newer: overwriteNewer, ...(picked.all ? { executions: filter } : { ids: [...picked.ids] }) }}
          onClose={(done) => {
            setOpen(false)
            if (done) picked.clear()
          }}
        >
          <p className="t2">
            {t("They run for real, oldest first, each with the spec of its processor as it is saved now, and make executions of their own.")}
          </p>
          <Overwrite on={overwriteNewer} onChange={setOverwriteNewer} />
        </BulkDialog>
      )}
    </>
  )
}
