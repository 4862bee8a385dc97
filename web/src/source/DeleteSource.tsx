import { t } from "../text"
import { DeleteWithDependents } from "../ui/DeleteWithDependents"
import { useToast } from "../ui/Toast"
import { dependentsQuery, type Source, useSourceActions } from "./api"

// DeleteSource names what hangs on a source before it goes.
export function DeleteSource({ source, onClose, onDone }: { source: Source; onClose: () => void; onDone: () => void }) {
  const { remove } = useSourceActions()
  const toast = useToast()
  return (
    <DeleteWithDependents
      noun={t("source")}
      name={source.name}
      open
      onClose={onClose}
      query={dependentsQuery(source.id)}
      act={async () => {
        await remove.mutateAsync(source.id)
        toast.say(t("{name} is deleted; its URL answers 404", { name: source.name }))
        onDone()
      }}
    />
  )
}
