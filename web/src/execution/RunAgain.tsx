import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { Switch } from "../ui/Field"
import { useReplay } from "./api"

interface Props {
  id: string
  processor: string
  open: boolean
  onClose: () => void
  onDone: (executionId: string) => void
}

// RunAgain runs the delivery of an execution once more, for real, with the spec as it is saved now.
export function RunAgain({ id, processor, open, onClose, onDone }: Props) {
  const [overwriteNewer, setOverwriteNewer] = useState(false)
  const replay = useReplay()
  const close = () => {
    replay.reset()
    onClose()
  }
  return (
    <Dialog
      title={t("Run this delivery again")}
      open={open}
      onClose={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Cancel")}
          </Button>
          <Button
            look="primary"
            icon="replay"
            busy={replay.isPending}
            onClick={() =>
              replay.mutate(
                { id, overwriteNewer },
                {
                  onSuccess: (e) => {
                    close()
                    onDone(e.id)
                  },
                },
              )
            }
          >
            {t("Run again")}
          </Button>
        </>
      }
    >
      <p className="t2">
        {t("It runs for real, with the spec of {processor} as it is saved now, and makes an execution of its own.", { processor })}
      </p>
      <Overwrite on={overwriteNewer} onChange={setOverwriteNewer} />
      <FormError error={replay.error} />
    </Dialog>
  )
}

export function Overwrite({ on, onChange }: { on: boolean; onChange: (on: boolean) => void }) {
  return (
    <Switch
      label={t("Overwrite what is newer")}
      hint={on ? t("Its values count as arriving now, and replace what later deliveries set.") : t("What later deliveries set stays as it is.")}
      checked={on}
      onChange={onChange}
    />
  )
}
