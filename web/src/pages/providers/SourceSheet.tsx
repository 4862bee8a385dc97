import { useQueries, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useState } from "react"
import { processorQuery, processorsQuery } from "../../processor/api"
import { dependentsQuery, type Link as SourceLink, sourceQuery, useSourceActions } from "../../source/api"
import { LinkEditor } from "../../source/LinkEditor"
import { Button } from "../../ui/Button"
import { CopyText } from "../../ui/Copy"
import { DeleteWithDependents } from "../../ui/DeleteWithDependents"
import { Failure, FormError, fieldError, Skeleton } from "../../ui/Feedback"
import { SelectField } from "../../ui/Field"
import { Icon } from "../../ui/Icon"
import { NameForm } from "../../ui/NameForm"
import { Section } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"
import { useToast } from "../../ui/Toast"

// SourceSheet is one source beside its provider: its URL, and the processors it runs with the values of their constants.
export function SourceSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const source = useQuery(sourceQuery(id))
  const processors = useQuery(processorsQuery())
  const linked = source.data?.processors ?? []
  const details = useQueries({ queries: linked.map((l) => processorQuery(l.processor_id)) })
  const actions = useSourceActions()
  const toast = useToast()
  const [adding, setAdding] = useState("")
  const [deleting, setDeleting] = useState(false)

  if (source.isPending || source.isError)
    return (
      <Sheet title="Source" onClose={onClose}>
        {source.isPending ? <Skeleton rows={4} /> : <Failure error={source.error} retry={() => source.refetch()} />}
      </Sheet>
    )
  const s = source.data
  const links: SourceLink[] = linked.map(({ processor_id, constants }) => ({ processor_id, constants }))
  const free = (processors.data?.rows ?? []).filter(
    (p) => p.source_model === s.source_model && !linked.some((l) => l.processor_id === p.id),
  )
  const save = (next: SourceLink[], said: string, undo = true) =>
    actions.link.mutate(
      { id, links: next },
      { onSuccess: () => toast.say(said, undo ? () => actions.link.mutate({ id, links }) : undefined) },
    )

  return (
    <Sheet
      title={s.name}
      sub={
        <>
          delivers <code>{s.source_model}</code>
        </>
      }
      onClose={onClose}
      footer={
        <Button look="danger" size="sm" icon="trash" onClick={() => setDeleting(true)}>
          Delete source
        </Button>
      }
    >
      <div className="stack">
        <NameForm
          label="Name"
          name={s.name}
          busy={actions.rename.isPending}
          error={fieldError(actions.rename.error, "name") ?? actions.rename.error?.message}
          onSave={(name) => actions.rename.mutate({ id, name }, { onSuccess: () => toast.say(`Renamed to ${name}`) })}
        />
        <div className="field">
          <span className="lab">URL</span>
          <CopyText text={s.url} label="the URL" />
          <span className="hint">POST one JSON object, or an array of them, with the provider’s key.</span>
        </div>
      </div>
      <Section title="Processors" count={linked.length}>
        {linked.length === 0 && <p className="t2">None is linked: what arrives is stored and nothing runs.</p>}
        {linked.map((l, i) => {
          const spec = details[i]?.data
          return (
            <LinkEditor
              key={l.processor_id}
              link={l}
              constants={spec?.constants ?? []}
              busy={actions.link.isPending}
              title={
                <>
                  <Icon name="flow" className="t3" />
                  <Link to={`/processors/${l.processor_id}`} className="medium trunc">
                    {l.processor_name}
                  </Link>
                  {spec && (
                    <span className={`tag ${spec.state === "enabled" ? "live" : ""}`}>
                      {spec.state === "enabled" ? `v${spec.current_version} live` : spec.state}
                    </span>
                  )}
                </>
              }
              onSave={(constants) =>
                save(
                  links.map((x) => (x.processor_id === l.processor_id ? { ...x, constants } : x)),
                  "Values saved",
                )
              }
              onUnlink={() =>
                save(
                  links.filter((x) => x.processor_id !== l.processor_id),
                  `${l.processor_name} is unlinked`,
                )
              }
            />
          )
        })}
        <FormError error={actions.link.error} />
        {free.length > 0 && (
          <form
            className="r end"
            onSubmit={(e) => {
              e.preventDefault()
              const p = free.find((x) => x.id === adding) ?? free[0]
              if (p) save([...links, { processor_id: p.id, constants: {} }], `${p.name} is linked`)
              setAdding("")
            }}
          >
            <div className="grow">
              <SelectField
                label="Link a processor"
                value={adding || (free[0]?.id ?? "")}
                onChange={setAdding}
                options={free.map((p) => ({ value: p.id, label: p.name }))}
              />
            </div>
            <Button type="submit" icon="link" busy={actions.link.isPending}>
              Link
            </Button>
          </form>
        )}
      </Section>
      <DeleteWithDependents
        noun="source"
        name={s.name}
        open={deleting}
        onClose={() => setDeleting(false)}
        query={dependentsQuery(id)}
        act={async () => {
          await actions.remove.mutateAsync(id)
          toast.say(`${s.name} is deleted; its URL answers 404`)
          onClose()
        }}
      />
    </Sheet>
  )
}
