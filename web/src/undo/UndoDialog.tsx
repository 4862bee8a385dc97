import { useQuery } from "@tanstack/react-query"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Failure, FormError, Skeleton } from "../ui/Feedback"
import { useToast } from "../ui/Toast"
import { previewQuery, type Undoable, useUndo } from "./api"
import { said, takesBack } from "./outcome"
import { UndoList } from "./UndoList"

const titles: Record<Undoable["of"], string> = {
  execution: t("Undo what this run wrote"),
  call: t("Undo what this call wrote"),
  change: t("Undo this change"),
  undo: t("Undo this undo"),
}

// UndoDialog shows what an undo would do before it is done. It can itself be undone from the notice that follows.
export function UndoDialog({ what, onClose }: { what: Undoable; onClose: (undone: boolean) => void }) {
  const preview = useQuery(previewQuery(what))
  const { undo, redo } = useUndo(what)
  const toast = useToast()
  const again = what.of === "undo" || (what.of === "change" && Boolean(what.by.undo_id)) // an undo is taken back
  const go = () =>
    undo.mutate(undefined, {
      onSuccess: (done) => {
        onClose(true)
        if (again) return toast.say(t("As it was before: {what}", { what: said(done.counts) }))
        const made = done.id
        toast.say(
          t("Undone: {what}", { what: said(done.counts) }),
          made === null
            ? undefined
            : () =>
                redo.mutateAsync(made).then(
                  (back) => toast.say(t("As it was before: {what}", { what: said(back.counts) })),
                  (e) => toast.fail(t("Not put back"), e),
                ),
        )
      },
    })
  return (
    <Dialog
      title={again ? t("Undo this undo") : titles[what.of]}
      open
      wide
      onClose={() => onClose(false)}
      footer={
        <>
          <Button look="ghost" onClick={() => onClose(false)}>
            {t("Keep it")}
          </Button>
          <Button look="primary" icon="undo" busy={undo.isPending} disabled={!preview.data || !takesBack(preview.data.counts)} onClick={go}>
            {again ? t("Put it back") : t("Undo")}
          </Button>
        </>
      }
    >
      {again && <p className="t2">{t("Put back is all that this undo took back, in other records as well.")}</p>}
      {what.of === "change" && !again && (
        <p className="t2">{t("Taken back is all that the same run or call wrote to this record; what it wrote to others stays.")}</p>
      )}
      <p className="t2">{t("Values that were set later by others stay. So do the delivery and its trace.")}</p>
      {preview.isPending ? (
        <Skeleton rows={3} label={t("Asking what would be undone")} />
      ) : preview.isError ? (
        <Failure error={preview.error} retry={() => preview.refetch()} title={t("Could not tell what would be undone")} />
      ) : preview.data.things.length === 0 ? (
        <p>{t("There is nothing to take back: what it wrote is gone already, or it wrote nothing.")}</p>
      ) : (
        <UndoList things={preview.data.things} />
      )}
      <FormError error={undo.error} />
    </Dialog>
  )
}
