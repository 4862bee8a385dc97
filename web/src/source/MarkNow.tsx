import { useQuery } from "@tanstack/react-query"
import { t } from "../text"
import { Button } from "../ui/Button"
import { useToast } from "../ui/Toast"
import { kindOfMark, type Mark, personalQuery, useSetPersonal } from "./personal"

// MarkNow marks one field of a source as a customer's personal data, where somebody is told that it looks so.
export function MarkNow({ source, mark, onMarked }: { source: string; mark: Mark; onMarked: () => void }) {
  const personal = useQuery(personalQuery(source))
  const set = useSetPersonal(source)
  const toast = useToast()
  const go = () => {
    const marks = personal.data?.marks
    if (!marks) return
    const others = marks.filter((m) => m.path !== mark.path)
    set.mutate([...others, mark], {
      onSuccess: () => {
        onMarked()
        toast.say(t("{path} is a pseudonym from now on", { path: mark.path }), () => set.mutate(marks, { onSuccess: onMarked }))
      },
      onError: (e) => toast.fail(t("Not marked"), e),
    })
  }
  return (
    <Button needs="configuration:write" size="xs" look="fix" icon="lock" busy={set.isPending} disabled={!personal.data} onClick={go}>
      {t("Mark as {kind}", { kind: kindOfMark(mark.kind) })}
    </Button>
  )
}
