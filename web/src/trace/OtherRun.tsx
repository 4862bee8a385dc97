import { useQuery } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { type Execution, executionsQuery } from "../execution/api"
import { traceSchemaQuery } from "../spec/api"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Dialog } from "../ui/Dialog"
import { Failure, Skeleton } from "../ui/Feedback"
import { TextField } from "../ui/Field"
import { Moment } from "../ui/Moment"
import { Outcomes } from "../ui/Outcomes"
import { Status } from "../ui/Status"
import type { Trace } from "./api"

interface Props {
  of: Trace["execution"]
  onPick: (id: string) => void
  onClose: () => void
}

// OtherRun picks the run to compare with: another of the same delivery, a recent one of the same processor, or any by its id.
export function OtherRun({ of, onPick, onClose }: Props) {
  const again = useQuery(executionsQuery({ delivery_id: of.delivery_id, per_page: 20 }))
  const recent = useQuery(executionsQuery({ processor_id: of.processor_id, per_page: 30 }))
  const entries = useQuery(traceSchemaQuery(of.processor_id, "")) // what people know a delivery by; a list without is one all the same
  const labels = new Map((entries.data?.rows ?? []).map((r) => [r.delivery_id, r.label]))
  const [id, setId] = useState("")
  const ran = (e: Execution) => e.id !== of.id && e.status !== "waiting" && e.status !== "running"
  const same = (again.data?.rows ?? []).filter(ran)
  const others = (recent.data?.rows ?? []).filter((e) => ran(e) && e.delivery_id !== of.delivery_id)
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (id.trim()) onPick(id.trim())
  }
  return (
    <Dialog title={t("Compare with another execution")} open onClose={onClose} wide>
      {again.isPending || recent.isPending ? (
        <Skeleton rows={4} />
      ) : again.isError || recent.isError ? (
        <Failure error={again.error ?? recent.error} retry={() => [again, recent].forEach((q) => void q.refetch())} />
      ) : (
        <div className="other-runs">
          <Runs title={t("Of the same delivery")} rows={same} labels={labels} none={t("It ran once on this delivery.")} onPick={onPick} />
          <Runs
            title={t("The newest of the same processor")}
            rows={others}
            labels={labels}
            none={t("The processor has run on nothing else.")}
            onPick={onPick}
          />
        </div>
      )}
      <form className="name-form" onSubmit={submit}>
        <TextField label={t("Or by its id")} value={id} onChange={setId} mono />
        <Button type="submit" disabled={!id.trim()}>
          {t("Compare")}
        </Button>
      </form>
    </Dialog>
  )
}

interface RunsProps {
  title: string
  rows: Execution[]
  labels: ReadonlyMap<string, string | undefined | null> // by delivery
  none: string
  onPick: (id: string) => void
}

function Runs({ title, rows, labels, none, onPick }: RunsProps) {
  return (
    <section className="stack-s">
      <h3 className="label">{title}</h3>
      {rows.length === 0 ? (
        <p className="t2">{none}</p>
      ) : (
        <ul>
          {rows.map((e) => (
            <li key={e.id}>
              <button type="button" className="line" onClick={() => onPick(e.id)}>
                {labels.get(e.delivery_id) && <strong className="trunc">{labels.get(e.delivery_id)}</strong>}
                <code className="t3">{e.id}</code>
                <Status is={e.status} />
                <span className="t3">v{e.version}</span>
                <span className="from-sm">
                  <Outcomes counts={e.counts} />
                </span>
                <span className="push t3 fs-12 nowrap">
                  <Moment at={e.ran_at ?? e.received_at} />
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
