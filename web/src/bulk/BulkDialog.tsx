import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type ReactNode, useEffect, useState } from "react"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { FormError } from "../ui/Feedback"
import { number } from "../ui/format"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { type Ask, begin, type Operation, operationQuery, previewQuery, type Tried as Tries, undo, useStop } from "./api"

interface Props {
  title: string
  effect: (n: string) => string // what the button says: "Run 12 again"
  icon: IconName
  ask: Ask
  ready?: boolean // false: something is still to be chosen
  children?: ReactNode // how it is done, before it is
  onClose: (done: boolean) => void
}

const most = "10,000"

// BulkDialog says to how many something will be done, does it, shows how far it is, and what could not be done.
export function BulkDialog({ title, effect, icon, ask, ready = true, children, onClose }: Props) {
  const queries = useQueryClient()
  const preview = useQuery(previewQuery({ ...ask, overwrite_newer: false }))
  const [id, setId] = useState<string | undefined>(undefined)
  const start = useMutation({ mutationFn: () => begin(ask), onSuccess: (o) => setId(o.id) })
  const back = useMutation({ mutationFn: (of: string) => undo(of), onSuccess: (o) => setId(o.id) })
  const operation = useQuery({ ...operationQuery(id ?? ""), enabled: id !== undefined })
  const ended = operation.data !== undefined && operation.data.state !== "running"
  useEffect(() => {
    if (ended) for (const key of ["executions", "deliveries", "records", "identities", "journal"]) queries.invalidateQueries({ queryKey: [key] })
  }, [ended, queries])
  const total = preview.data?.total
  const howMany = total === null ? t("more than {n}", { n: most }) : number(String(total ?? 0))
  return (
    <Dialog
      title={title}
      open
      onClose={() => onClose(ended)}
      footer={
        id === undefined ? (
          <>
            <Button look="ghost" onClick={() => onClose(false)}>
              {t("Cancel")}
            </Button>
            <Button
              look="primary"
              icon={icon}
              busy={start.isPending || preview.isPending}
              disabled={!ready || total === 0 || preview.isError}
              onClick={() => start.mutate()}
            >
              {effect(howMany)}
            </Button>
          </>
        ) : (
          <>
            {ended && operation.data?.undoable && (
              <Button icon="undo" busy={back.isPending} onClick={() => back.mutate(id)}>
                {t("Undo")}
              </Button>
            )}
            {!ended && <Stop id={id} />}
            <Button look={ended ? "primary" : "ghost"} onClick={() => onClose(ended)}>
              {ended ? t("Done") : t("Go on in the background")}
            </Button>
          </>
        )
      }
    >
      {id === undefined ? (
        <>
          {preview.data && (
            <p>
              {total === 0 ? t("Nothing matches any more.") : t("It is done to {n} that match now, and to nothing that comes later.", { n: howMany })}
            </p>
          )}
          {preview.data?.tried && !ask.overwrite_newer && <Tried of={preview.data.tried} />}
          {children}
          <FormError error={preview.error ?? start.error} />
        </>
      ) : (
        <>
          {operation.data && <Progress of={operation.data} />}
          <FormError error={operation.error ?? back.error} />
        </>
      )}
    </Dialog>
  )
}

// Tried says what the first runs would do: nothing was written.
function Tried({ of: o }: { of: Tries }) {
  const n = (n: number) => ({ n })
  if (o.runs === 0) return <p>{t("What was looked at of it has run already, and is not run again.")}</p>
  const said = [
    o.new > 0 && t("{n, plural, other {#}} would make something new", n(o.new)),
    o.changed > 0 && t("{n, plural, other {#}} would change something", n(o.changed)),
    o.same > 0 && t("{n, plural, other {#}} would leave all as it is", n(o.same)),
    o.failed > 0 && t("{n, plural, other {#}} would fail", n(o.failed)),
    o.untried > 0 && t("{n, plural, other {#}} can only be run for real", n(o.untried)),
  ].filter((one) => one !== false)
  return (
    <div className="stack" role="status">
      <p>
        {t("{n, plural, one {One was tried out without writing:} other {The first # were tried out without writing:}}", n(o.runs))} {said.join(", ")}.
      </p>
      {o.error && (
        <p className="st warn wrap">
          <Icon name="warnf" />
          {o.error}
        </p>
      )}
    </div>
  )
}

function Stop({ id }: { id: string }) {
  const stop = useStop(id)
  return (
    <Button onClick={() => stop.mutate()} busy={stop.isPending}>
      {t("Stop")}
    </Button>
  )
}

function Progress({ of: o }: { of: Operation }) {
  const done = o.done + o.failed
  return (
    <div className="stack" role="status">
      <progress className="progress" aria-label={t("Progress")} {...(o.total !== null && { value: done, max: Math.max(o.total, done) })} />
      <p>
        {o.state === "running" && t("{n} done", { n: number(String(done)) })}
        {o.state === "cancelled" && t("Stopped after {n}; what was done stays.", { n: number(String(done)) })}
        {o.state === "done" &&
          (o.failed === 0
            ? t("{of, plural, one {It is done.} other {All {n} are done.}}", { of: done, n: number(String(done)) })
            : t("{of, plural, =0 {None went well.} one {One went well.} other {{n} went well.}}", { of: o.done, n: number(String(o.done)) }))}
        {o.failed > 0 && ` ${t("{n} went wrong:", { n: number(String(o.failed)) })}`}
      </p>
      {o.problems.length > 0 && (
        <ul className="dots problems" tabIndex={0} aria-label={t("What went wrong")}>
          {o.problems.map((p) => (
            <li key={p.id}>
              <code>{p.id}</code> {p.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
