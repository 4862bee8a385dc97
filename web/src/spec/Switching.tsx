import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useMemo, useState } from "react"
import { linksOfProcessor } from "../link/api"
import { type Processor, processorQuery, specQuery, useProcessorActions } from "../processor/api"
import { Enablement, Runs, whyNot } from "../processor/Enablement"
import { lackingOf } from "../processor/LiveNow"
import { allSourcesQuery } from "../source/api"
import { MarkNow } from "../source/MarkNow"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Failure, FormError, Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { Status } from "../ui/Status"
import { useToast } from "../ui/Toast"
import { checklistQuery } from "./api"
import { useSpec, useStore } from "./context"
import { stepsById } from "./document"

// Switching turns the processor on, after a look at the checklist, and off.
export function Switching({ processor }: { processor: Processor }) {
  const { data: p = processor } = useQuery(processorQuery(processor.id))
  const { data: spec } = useQuery(specQuery(processor.id))
  const base = useSpec((s) => s.base)
  const [open, setOpen] = useState(false)
  const now = { ...p, version: base }
  const links = useQuery({ ...linksOfProcessor(p.id), enabled: p.state === "enabled" && p.sources > 0 })
  const sources = useQuery({ ...allSourcesQuery, enabled: links.data?.some((l) => l.link === "incomplete") ?? false })
  const lacking = lackingOf(links.data ?? [], (id) => sources.data?.rows.find((s) => s.id === id)?.provider_id ?? p.provider_id)
  const first = p.state === "enabled" ? lacking[0] : undefined
  return (
    <>
      {p.state === "disabled" ? (
        <span className="r">
          <Status is="disabled" />
          <Button needs="configuration:write" size="sm" onClick={() => setOpen(true)}>
            {t("Enable…")}
          </Button>
        </span>
      ) : (
        <span className="r">
          <Button size="sm" look="ghost" icon="check" label={t("Checklist")} onClick={() => setOpen(true)} />
          {first && (
            <Link
              className="st warn"
              to={`/providers/${first.provider}`}
              search={{ source: first.source } as never}
              title={t("Deliveries of {source} wait: {constants} has no value that it can use there.", {
                source: first.name,
                constants: first.constants,
              })}
            >
              <Icon name="warnf" />
              {t("{n, plural, one {# link} other {# links}} incomplete", { n: lacking.length })}
            </Link>
          )}
          <Enablement processor={now} reason={undefined} />
        </span>
      )}
      {open && <Checklist processor={now} reason={whyNot(now, spec)} onClose={() => setOpen(false)} />}
    </>
  )
}

const signs = { ok: { icon: "ok", cls: "ok" }, todo: { icon: "wait", cls: "bad" }, warn: { icon: "warnf", cls: "warn" } } as const
const words = { ok: () => t("done"), todo: () => t("to do"), warn: () => t("look at it") }

// How many places of a line are shown.
const most = 6

// Checklist is what was seen of the spec at work, computed from what was delivered; it warns, and hinders nobody.
function Checklist({ processor, reason, onClose }: { processor: Processor; reason: string | undefined; onClose: () => void }) {
  const store = useStore()
  const toast = useToast()
  const spec = useSpec((s) => s.spec)
  const changed = useSpec((s) => s.saved === undefined || (s.diff !== undefined && !s.diff.same))
  const list = useQuery(checklistQuery(processor.id, changed ? spec : undefined))
  const { enable } = useProcessorActions()
  const steps = useMemo(() => stepsById(spec), [spec])
  const at = (place: { instruction_id?: string | undefined; delivery_id?: string | null | undefined }) => {
    const step = place.instruction_id ? steps.get(place.instruction_id) : undefined
    return step ? (
      <span className="t3">{t("step {n}", { n: step.number })}: </span>
    ) : place.delivery_id ? (
      <code className="t3">{place.delivery_id.slice(-8)}: </code>
    ) : null
  }
  return (
    <Dialog
      title={processor.state === "disabled" ? t("Before it runs on every delivery") : t("Checklist")}
      open
      onClose={onClose}
      wide
      footer={
        <>
          <Button look="ghost" onClick={onClose}>
            {t("Close")}
          </Button>
          {processor.state === "disabled" && (
            <Button
              needs="configuration:write"
              look="primary"
              busy={enable.isPending}
              disabled={reason !== undefined}
              onClick={() =>
                enable.mutate(processor.id, {
                  onSuccess: () => {
                    toast.say(<Runs processor={processor} />)
                    onClose()
                  },
                })
              }
            >
              {t("Enable version {n}", { n: processor.version })}
            </Button>
          )}
        </>
      }
    >
      {reason && (
        <p className="st warn wrap">
          <Icon name="warnf" />
          {reason}
        </p>
      )}
      {changed && processor.version > 0 && (
        <p className="t2">{t("This looks at the draft; what is enabled is version {n}. Save first to run the draft.", { n: processor.version })}</p>
      )}
      {list.isPending ? (
        <Skeleton rows={6} />
      ) : list.isError ? (
        <Failure error={list.error} retry={() => list.refetch()} title={t("The checklist could not be made")} />
      ) : (
        <ul className="checks">
          {list.data.items.map((item) => (
            <li key={item.key}>
              <span className={`st ${signs[item.state].cls} wrap`}>
                <Icon name={signs[item.state].icon} />
                <span>
                  {item.sentence} <span className="vh">{words[item.state]()}</span>
                </span>
              </span>
              {item.state !== "ok" &&
                (item.places ?? []).slice(0, most).map((place) =>
                  place.mark && place.source_id ? (
                    <span key={place.says} className="check-m">
                      <span className="grow wrap">{place.says}</span>
                      <MarkNow source={place.source_id} mark={place.mark} onMarked={() => list.refetch()} />
                    </span>
                  ) : place.instruction_id || place.delivery_id ? (
                    <button
                      type="button"
                      key={`${place.pointer} ${place.delivery_id} ${place.says}`}
                      className="check-p"
                      onClick={() => {
                        if (place.delivery_id) store.tryWith({ delivery: place.delivery_id, label: place.delivery_id.slice(-8) })
                        if (place.instruction_id) store.select([place.instruction_id])
                        onClose()
                      }}
                    >
                      {at(place)}
                      {place.says}
                      {(place.deliveries ?? 0) > 1 && <span className="t3"> {t("{n} deliveries", { n: place.deliveries ?? 0 })}</span>}
                    </button>
                  ) : (
                    <span key={place.says} className="check-m">
                      {place.says}
                    </span>
                  ),
                )}
              {item.state !== "ok" && (item.places?.length ?? 0) > most && (
                <span className="check-m t3">{t("and {n} more", { n: (item.places?.length ?? 0) - most })}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      <FormError error={enable.error} />
    </Dialog>
  )
}
