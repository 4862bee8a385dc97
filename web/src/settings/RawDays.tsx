import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { FormError, fieldError } from "../ui/Feedback"
import { TextField } from "../ui/Field"
import { useMay } from "../ui/may"
import { useToast } from "../ui/Toast"
import { type Settings, useSaveSettings } from "./api"

// RawDays is for how long the bodies of calls are kept as they came.
export function RawDays({ settings }: { settings: Settings }) {
  const [days, setDays] = useState(String(settings.raw_days))
  const save = useSaveSettings()
  const toast = useToast()
  const may = useMay("settings:write")
  const now = Number(days)
  const valid = /^\d+$/.test(days)
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault()
        if (valid) save.mutate({ raw_days: now }, { onSuccess: () => toast.say(t("Settings saved")) })
      }}
    >
      <div>
        <h2>{t("Bodies of calls as they came")}</h2>
        <p className="t2">{t("They are kept sealed, beside the deliveries with their pseudonyms, for whoever may read them raw.")}</p>
      </div>
      <TextField
        label={t("Days")}
        inputMode="numeric"
        readOnly={!may}
        value={days}
        onChange={setDays}
        hint={
          now === 0 && settings.raw_days > 0
            ? t("With 0, those that were kept become unreadable at once, for good.")
            : t("0: they are not kept at all.")
        }
        error={valid ? fieldError(save.error, "raw_days") : t("Write a whole number of days.")}
      />
      <FormError error={save.error} />
      {days !== String(settings.raw_days) && (
        <div className="r">
          <Button look="primary" type="submit" busy={save.isPending} disabled={!valid}>
            {t("Save")}
          </Button>
        </div>
      )}
    </form>
  )
}
