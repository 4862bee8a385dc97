import { useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Confirm } from "../ui/Confirm"
import { useToast } from "../ui/Toast"
import { useRenewPseudonyms } from "./api"

// PseudonymKey makes another key for pseudonyms, after a leak.
export function PseudonymKey() {
  const [asking, setAsking] = useState(false)
  const renew = useRenewPseudonyms()
  const toast = useToast()
  return (
    <section className="stack">
      <div>
        <h2>{t("Key for pseudonyms")}</h2>
        <p className="t2">{t("Every pseudonym is made with it. Only a key that leaked is a reason to make another.")}</p>
      </div>
      <div className="r">
        <Button needs="settings:write" look="danger" icon="key" onClick={() => setAsking(true)}>
          {t("Make a new key for pseudonyms…")}
        </Button>
      </div>
      <Confirm
        title={t("Make a new key for pseudonyms?")}
        open={asking}
        onClose={() => setAsking(false)}
        effect={t("Make new key")}
        act={async () => {
          const { prefix } = await renew.mutateAsync()
          toast.say(t("Pseudonyms begin with {prefix} from now on", { prefix }))
        }}
      >
        <p>
          {t(
            "From now on everybody gets another pseudonym, which matches none there is: contacts and records that are keyed by pseudonyms begin anew.",
          )}
        </p>
      </Confirm>
    </section>
  )
}
