import { useQuery } from "@tanstack/react-query"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Failure, FormError, Skeleton } from "../ui/Feedback"
import { useToast } from "../ui/Toast"
import { previewQuery, type Undoable, useUndo } from "./api"
import { said, takesBack } from "./outcome"
import { UndoList } from "./UndoList"

// UndoDialog shows what an undo would do before it is done. It can itself be undone from the notice that follows.
export function UndoDialog({ of, id, onClose }: { of: Undoable; id: string; onClose: () => void }) {
  const preview = useQuery(previewQuery(of, id))
  const { undo, redo } = useUndo(of, id)
  const toast = useToast()
  const go = () =>
    undo.mutate(undefined, {
      onSuccess: (done) => {
        onClose()
        toast.say(
          t("Undone: {what}", { what: said(done.counts) }),
          done.id === null
            ? undefined
            : () =>
                redo.mutateAsync().then(
                  (back) => toast.say(t("As it was before: {what}", { what: said(back.counts) })),
                  (e) => toast.fail(t("Not put back"), e),
                ),
        )
      },
    })
  return (
    <Dialog
      title={of === "execution" ? t("Undo what this run wrote") : t("Undo what this call wrote")}
      open
      wide
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Keep it")}
          </Button>
          <Button look="primary" icon="undo" busy={undo.isPending} disabled={!preview.data || !takesBack(preview.data.counts)} onClick={go}>
            {t("Undo")}
          </Button>
        </>
      }
    >
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
