import { useQueryClient } from "@tanstack/react-query"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { useToast } from "../ui/Toast"
import { draftQuery } from "./api"
import { useSpec, useStore } from "./context"

// Elsewhere tells that another window of the same person wrote the draft, and lets them choose.
export function Elsewhere({ processor }: { processor: string }) {
  const store = useStore()
  const queries = useQueryClient()
  const toast = useToast()
  const there = useSpec((s) => s.draft === "elsewhere")
  if (!there) return null
  const choose = async (mine: boolean) => {
    try {
      const drafts = await queries.fetchQuery({ ...draftQuery(processor), networkMode: "always" })
      if (mine || !drafts.mine) await store.mine(drafts.mine?.revision ?? 0)
      else store.adopt(t("Take the draft of the other window"), drafts.mine)
    } catch (e) {
      toast.fail(t("The other draft could not be read"), e)
    }
  }
  return (
    <div className="banner warn inset" role="alert">
      <Icon name="warnf" />
      <span className="grow">{t("You changed this draft in another window. What is here is not kept on the server until you choose.")}</span>
      <Button size="xs" onClick={() => choose(true)}>
        {t("Keep what is here")}
      </Button>
      <Button size="xs" onClick={() => choose(false)}>
        {t("Take the other")}
      </Button>
    </div>
  )
}
