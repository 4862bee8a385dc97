import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { addRuns, draftQuery } from "../compare/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { TextField } from "../ui/Field"
import { useToast } from "../ui/Toast"
import type { Trace } from "./api"

// AddTest keeps an execution as a test of the spec: the same delivery is to come to the same again.
export function AddTest({ of, onClose }: { of: Trace["execution"]; onClose: () => void }) {
  const draft = useQuery(draftQuery(of.processor_id))
  const [name, setName] = useState(t("{source}, {id}", { source: of.source_name || of.processor_name, id: of.id }))
  const queries = useQueryClient()
  const toast = useToast()
  const add = useMutation({
    mutationFn: () => addRuns(of.processor_id, [{ id: of.id, name: name.trim() }], draft.data ?? null),
    onSuccess: () => {
      queries.invalidateQueries({ queryKey: ["processor", of.processor_id] })
      toast.say(draft.data ? t("The test is in your draft") : t("The test is added to the spec"))
      onClose()
    },
  })
  return (
    <Dialog
      title={t("Add as test")}
      open
      onClose={onClose}
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Cancel")}
          </Button>
          <Button look="primary" icon="flask" busy={add.isPending} disabled={!name.trim() || draft.isPending} onClick={() => add.mutate()}>
            {t("Add test")}
          </Button>
        </>
      }
    >
      <p className="t2">
        {draft.data
          ? t("The delivery and what it came to become a test in your draft of {processor}.", { processor: of.processor_name })
          : t("The delivery and what it came to become a test of {processor}. That makes a new version, which does the same.", {
              processor: of.processor_name,
            })}
      </p>
      <TextField label={t("Name of the test")} value={name} onChange={setName} required maxLength={200} autoFocus />
      <FormError error={add.error} />
    </Dialog>
  )
}
