import { useQueries, useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { linksOfSource } from "../../link/api"
import { specQuery } from "../../processor/api"
import { Paused } from "../../provider/Paused"
import { sourceQuery, useSourceActions } from "../../source/api"
import { DeleteSource } from "../../source/DeleteSource"
import { PersonalMarks } from "../../source/PersonalMarks"
import { SourceCalls } from "../../source/SourceCalls"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { CopyText } from "../../ui/Copy"
import { Failure, fieldError, Skeleton } from "../../ui/Feedback"
import { NameForm } from "../../ui/NameForm"
import { Sheet } from "../../ui/Sheet"
import { useToast } from "../../ui/Toast"
import { SourceLinks } from "./SourceLinks"

// SourceSheet is one source beside its provider: its URL, and the processors it runs with the values of their constants.
export function SourceSheet({ id, onClose, onCall }: { id: string; onClose: () => void; onCall: (call: string) => void }) {
  const source = useQuery(sourceQuery(id))
  const links = useQuery(linksOfSource(id))
  const linked = links.data ?? []
  const specs = useQueries({ queries: linked.map((l) => specQuery(l.processor_id)) })
  const actions = useSourceActions()
  const toast = useToast()
  const [deleting, setDeleting] = useState(false)

  if (source.isPending || source.isError)
    return (
      <Sheet title={t("Source")} onClose={onClose}>
        {source.isPending ? <Skeleton rows={4} /> : <Failure error={source.error} retry={() => source.refetch()} />}
      </Sheet>
    )
  const s = source.data
  return (
    <Sheet
      title={s.name}
      sub={
        <>
          {t("delivers")} <code>{s.source_model}</code>
        </>
      }
      onClose={onClose}
      footer={
        <Button needs="configuration:write" look="danger" size="sm" icon="trash" onClick={() => setDeleting(true)}>
          {t("Delete source")}
        </Button>
      }
    >
      <div className="stack">
        <Paused pause={s.pause} />
        <NameForm
          label={t("Name")}
          name={s.name}
          needs="configuration:write"
          busy={actions.rename.isPending}
          error={fieldError(actions.rename.error, "name") ?? actions.rename.error?.message}
          onSave={(name) => actions.rename.mutate({ id, name }, { onSuccess: () => toast.say(t("Renamed to {name}", { name })) })}
        />
        <div className="field">
          <span className="lab">{t("URL")}</span>
          <CopyText text={s.url} label={t("the URL")} />
          <span className="hint">{t("POST one JSON object, or an array of them, with the provider’s key.")}</span>
        </div>
      </div>
      <SourceLinks source={s} links={links} constants={specs.map((q) => q.data?.constants ?? [])} />
      <PersonalMarks sourceId={id} />
      <SourceCalls id={id} onOpen={onCall} />
      {deleting && <DeleteSource source={s} onClose={() => setDeleting(false)} onDone={onClose} />}
    </Sheet>
  )
}
