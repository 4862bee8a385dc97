import { useQueries, useQuery } from "@tanstack/react-query"
import { Link as RouterLink } from "@tanstack/react-router"
import { useState } from "react"
import { type LinkInput, linksOfSource, useSetLinks } from "../../link/api"
import { LinkEditor } from "../../link/LinkEditor"
import { processorsQuery, specQuery } from "../../processor/api"
import { dependentsQuery, sourceQuery, useSourceActions } from "../../source/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { CopyText } from "../../ui/Copy"
import { DeleteWithDependents } from "../../ui/DeleteWithDependents"
import { Failure, FormError, fieldError, Skeleton } from "../../ui/Feedback"
import { SelectField } from "../../ui/Field"
import { Icon } from "../../ui/Icon"
import { useMay } from "../../ui/may"
import { NameForm } from "../../ui/NameForm"
import { Section } from "../../ui/Page"
import { Sheet } from "../../ui/Sheet"
import { useToast } from "../../ui/Toast"
import { word } from "../../ui/words"

// SourceSheet is one source beside its provider: its URL, and the processors it runs with the values of their constants.
export function SourceSheet({ id, onClose }: { id: string; onClose: () => void }) {
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
      <Links sourceId={id} model={s.source_model} links={links} constants={specs.map((q) => q.data?.constants ?? [])} />
      <DeleteWithDependents
        noun={t("source")}
        name={s.name}
        open={deleting}
        onClose={() => setDeleting(false)}
        query={dependentsQuery(id)}
        act={async () => {
          await actions.remove.mutateAsync(id)
          toast.say(t("{name} is deleted; its URL answers 404", { name: s.name }))
          onClose()
        }}
      />
    </Sheet>
  )
}

interface LinksProps {
  sourceId: string
  model: string
  links: ReturnType<typeof useQuery<import("../../link/api").Link[]>>
  constants: import("../../constant/value").Constant[][] // by place in links
}

function Links({ sourceId, model, links, constants }: LinksProps) {
  const processors = useQuery(processorsQuery())
  const set = useSetLinks(sourceId)
  const toast = useToast()
  const may = useMay("configuration:write")
  const [adding, setAdding] = useState("")
  const linked = links.data ?? []
  const now: LinkInput[] = linked.map(({ processor_id, constants: given }) => ({ processor_id, constants: given }))
  const free = (processors.data?.rows ?? []).filter((p) => p.source_model === model && !linked.some((l) => l.processor_id === p.id))
  const chosen = free.find((p) => p.id === adding) ?? free[0]
  // A processor whose constants have no default is asked for them before it can be linked.
  const wanted = useQuery({ ...specQuery(chosen?.id ?? ""), enabled: chosen !== undefined && may })
  const [draft, setDraft] = useState<string | undefined>()
  const needed = (wanted.data?.constants ?? []).some((c) => c.required)

  const save = (next: LinkInput[], said: string) =>
    set.mutate(next, {
      onSuccess: () => {
        setDraft(undefined)
        toast.say(said, () => set.mutate(now))
      },
    })

  if (links.isPending) return <Skeleton rows={3} />
  if (links.isError) return <Failure error={links.error} retry={() => links.refetch()} />
  return (
    <Section title={t("Processors")} count={linked.length}>
      {linked.length === 0 && <p className="t2 sec-p">{t("None is linked: what arrives is stored and nothing runs.")}</p>}
      {linked.map((l, i) => (
        <LinkEditor
          key={l.processor_id}
          link={l}
          constants={constants[i] ?? []}
          busy={set.isPending}
          title={
            <>
              <Icon name="flow" className="t3" />
              <RouterLink to={`/processors/${l.processor_id}`} className="medium trunc">
                {l.processor_name}
              </RouterLink>
              <span className={`tag ${l.state === "enabled" ? "live" : l.state === "suspended" ? "warn" : ""}`}>{word(l.state)}</span>
            </>
          }
          onSave={(given) =>
            save(
              now.map((x) => (x.processor_id === l.processor_id ? { ...x, constants: given } : x)),
              t("Values saved"),
            )
          }
          onUnlink={() =>
            save(
              now.filter((x) => x.processor_id !== l.processor_id),
              t("{name} is unlinked", { name: l.processor_name }),
            )
          }
        />
      ))}
      {draft !== undefined && chosen && draft === chosen.id && (
        <LinkEditor
          link={{
            source_id: sourceId,
            source_name: "",
            processor_id: chosen.id,
            processor_name: chosen.name,
            state: chosen.state,
            position: linked.length,
            constants: {},
            link: "incomplete",
            missing: [],
          }}
          constants={wanted.data?.constants ?? []}
          busy={set.isPending}
          title={<span className="medium">{t("{name}, to be linked", { name: chosen.name })}</span>}
          onSave={(given) => save([...now, { processor_id: chosen.id, constants: given }], t("{name} is linked", { name: chosen.name }))}
          onUnlink={() => setDraft(undefined)}
        />
      )}
      <FormError error={set.error} />
      {may && free.length > 0 && chosen && draft === undefined && (
        <form
          className="r end"
          onSubmit={(e) => {
            e.preventDefault()
            if (needed) setDraft(chosen.id)
            else save([...now, { processor_id: chosen.id, constants: {} }], t("{name} is linked", { name: chosen.name }))
          }}
        >
          <div className="grow">
            <SelectField
              label={t("Link a processor")}
              value={chosen.id}
              onChange={setAdding}
              options={free.map((p) => ({ value: p.id, label: p.name }))}
            />
          </div>
          <Button type="submit" icon="link" busy={set.isPending} disabled={wanted.isPending}>
            {t("Link")}
          </Button>
        </form>
      )}
    </Section>
  )
}
