import { useContext, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { SelectField } from "../ui/Field"
import { moment } from "../ui/format"
import { Zone } from "../ui/Moment"
import { useTest } from "./api"
import { Overwrite } from "./RunAgain"

interface Props {
  processor: { id: string; name: string }
  deliveries: { id: string; source: string; received_at: string }[]
  open: boolean
  onClose: () => void
  onDone: (executionId: string) => void
}

// TestRun runs a processor, enabled or not, on a delivery that is stored.
export function TestRun({ processor, deliveries, open, onClose, onDone }: Props) {
  const zone = useContext(Zone)
  const [chosen, setChosen] = useState("")
  const [overwriteNewer, setOverwriteNewer] = useState(false)
  const test = useTest()
  const delivery = chosen || (deliveries[0]?.id ?? "")
  const close = () => {
    test.reset()
    onClose()
  }
  return (
    <Dialog
      title={t("Test {name}", { name: processor.name })}
      open={open}
      onClose={close}
      footer={
        <>
          <Button look="ghost" onClick={close}>
            {t("Cancel")}
          </Button>
          <Button
            look="primary"
            icon="flask"
            busy={test.isPending}
            disabled={!delivery}
            onClick={() =>
              test.mutate(
                { processorId: processor.id, deliveryId: delivery, overwriteNewer },
                {
                  onSuccess: (e) => {
                    close()
                    onDone(e.id)
                  },
                },
              )
            }
          >
            {t("Run test")}
          </Button>
        </>
      }
    >
      {deliveries.length > 0 ? (
        <>
          <p className="t2">{t("It runs for real on a delivery that is stored, enabled or not, and shows the trace.")}</p>
          <SelectField
            label={t("Delivery")}
            value={delivery}
            onChange={setChosen}
            options={deliveries.map((d) => ({ value: d.id, label: `${moment(d.received_at, zone)} · ${d.source} · ${d.id}` }))}
          />
          <Overwrite on={overwriteNewer} onChange={setOverwriteNewer} />
        </>
      ) : (
        <p className="t2">{t("Nothing has been delivered by a source yet. Send something to a source’s URL first.")}</p>
      )}
      <FormError error={test.error} />
    </Dialog>
  )
}
