import { t } from "../text"
import { useToast } from "../ui/Toast"
import type { Changed, useIdentityChanges } from "./api"
import { back } from "./back"

// useTakeBack takes changes of identities back, and says what stays because somebody has changed it since.
export function useTakeBack(changes: ReturnType<typeof useIdentityChanges>): (what: Changed[]) => Promise<void> {
  const toast = useToast()
  return (what) =>
    changes.mutateAsync({ changes: back(what) }).then(
      (all) => {
        const not = all.filter((c) => !c.done)
        if (not.length < all.length) toast.say(t("Taken back"))
        if (not.length > 0)
          toast.fail(
            all.length === 1 ? t("Not taken back") : t("{n} of {all} not taken back", { n: not.length, all: all.length }),
            new Error(not[0]?.message ?? ""),
          )
      },
      (e) => {
        toast.fail(t("Not taken back"), e)
      },
    )
}
