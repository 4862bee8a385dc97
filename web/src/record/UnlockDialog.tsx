import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { useToast } from "../ui/Toast"
import { type RecordPath, useUnlock } from "./api"
import { fieldName } from "./fields"

interface Props {
  path: RecordPath
  id: string
  fields: string[]
  onClose: () => void
}

// UnlockDialog takes locks away. There is no undo of that: only a spec sets a lock.
export function UnlockDialog({ path, id, fields, onClose }: Props) {
  const unlock = useUnlock(path, id)
  const toast = useToast()
  const names = fields.map(fieldName).join(", ")
  return (
    <Dialog
      title={t("Unlock {fields}", { fields: names })}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Keep it locked")}
          </Button>
          <Button
            look="primary"
            busy={unlock.isPending}
            onClick={() =>
              unlock.mutate(fields, {
                onSuccess: () => {
                  onClose()
                  toast.say(t("No longer locked: {fields}", { fields: names }))
                },
              })
            }
          >
            {t("Unlock")}
          </Button>
        </>
      }
    >
      <p>{t("A spec has locked it, so that later deliveries leave it as it is. Unlocked, the next delivery that brings a value may change it.")}</p>
      <p className="t2">{t("The value stays. Only a spec can lock it again.")}</p>
      <FormError error={unlock.error} />
    </Dialog>
  )
}
