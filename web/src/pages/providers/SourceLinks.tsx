import { type UseQueryResult, useQuery } from "@tanstack/react-query"
import { Link as RouterLink } from "@tanstack/react-router"
import { useState } from "react"
import type { Constant } from "../../constant/value"
import { type Link, type LinkInput, useSetLinks } from "../../link/api"
import { LinkEditor } from "../../link/LinkEditor"
import { processorsQuery, specQuery } from "../../processor/api"
import { NewProcessor } from "../../processor/NewProcessor"
import type { Source } from "../../source/api"
import { t } from "../../text"
import { Button } from "../../ui/Button"
import { Failure, FormError, Skeleton } from "../../ui/Feedback"
import { SelectField } from "../../ui/Field"
import { Icon } from "../../ui/Icon"
import { useMay } from "../../ui/may"
import { Section } from "../../ui/Page"
import { useToast } from "../../ui/Toast"
import { word } from "../../ui/words"

interface Props {
  source: Source
  links: UseQueryResult<Link[]>
  constants: Constant[][] // by place in links
}

// SourceLinks are the processors a source runs, in their order, with the values their constants have there.
export function SourceLinks({ source, links, constants }: Props) {
  const { id: sourceId, source_model: model } = source
  const processors = useQuery(processorsQuery())
  const set = useSetLinks(sourceId)
  const toast = useToast()
  const may = useMay("configuration:write")
  const [adding, setAdding] = useState("")
  const [making, setMaking] = useState(false)
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
    <Section
      title={t("Processors")}
      count={linked.length}
      action={
        <Button needs="configuration:write" size="sm" icon="plus" onClick={() => setMaking(true)}>
          {t("New processor")}
        </Button>
      }
    >
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
              <RouterLink
                to={`/processors/${l.processor_id}/spec`}
                className="fs-12 nowrap"
                aria-label={t("Edit spec of {name}", { name: l.processor_name })}
              >
                {t("Edit spec")}
              </RouterLink>
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
      <NewProcessor
        provider={{ id: source.provider_id, name: source.provider_name }}
        model={model}
        open={making}
        onClose={() => setMaking(false)}
        onDone={(p) => save([...now, { processor_id: p.id, constants: {} }], t("{name} is created and linked", { name: p.name }))}
      />
    </Section>
  )
}
