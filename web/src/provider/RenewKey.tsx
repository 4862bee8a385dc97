import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { SelectField } from "../ui/Field"
import { useProviderActions } from "./api"
import { KeyOnce } from "./KeyOnce"

const overlaps = [
  { value: "0", label: t("at once") },
  { value: "60", label: t("after 1 hour") },
  { value: "1440", label: t("after 1 day") },
  { value: "10080", label: t("after 7 days") },
  { value: "43200", label: t("after 30 days") },
]

export function RenewKey({ id, name, open, onClose }: { id: string; name: string; open: boolean; onClose: () => void }) {
  const [minutes, setMinutes] = useState("1440")
  const { renewKey } = useProviderActions()
  const close = () => {
    renewKey.reset()
    onClose()
  }
  if (renewKey.data) return <KeyOnce title={t("The new key of {name}", { name })} apiKey={renewKey.data.api_key ?? ""} open={open} onClose={close} />
  return (
    <Dialog
      title={t("Make a new key for {name}", { name })}
      open={open}
      onClose={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Cancel")}
          </Button>
          <Button look="primary" busy={renewKey.isPending} onClick={() => renewKey.mutate({ id, minutes: Number(minutes) })}>
            {t("Make new key")}
          </Button>
        </>
      }
    >
      <div className="stack">
        <SelectField
          label={t("The old key stops working")}
          value={minutes}
          onChange={setMinutes}
          options={overlaps}
          hint={
            minutes === "0"
              ? t("Calls with the old key are refused from the moment the new one is made.")
              : t("Until then both keys work, and each use is counted.")
          }
        />
        <FormError error={renewKey.error} />
      </div>
    </Dialog>
  )
}
