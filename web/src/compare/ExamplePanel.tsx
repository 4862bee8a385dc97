import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { Value } from "../trace/Value"
import { Button } from "../ui/Button"
import { Failure, Skeleton } from "../ui/Feedback"
import { Icon } from "../ui/Icon"
import { Status } from "../ui/Status"
import { dryRunQuery, type Tried } from "./api"
import { nounWord } from "./KindTable"
import type { Example, Kind } from "./model"
import { differencesOf } from "./sides"
import { WeightMark } from "./Tally"

interface Props {
  processor: string
  kind: Kind
  at: number
  onAt: (at: number) => void
  onClose: () => void
  left: { name: string; tried: Tried } | undefined // the live version; undefined: there is none
  right: { name: string; label: string; tried: Tried }
  picked: ReadonlySet<string>
  onPick: (delivery: string) => void
}

// ExamplePanel is one delivery under both specs: how it ends, and what is written otherwise.
export function ExamplePanel({ processor, kind, at, onAt, onClose, left, right, picked, onPick }: Props) {
  const example = kind.examples[Math.min(at, kind.examples.length - 1)] as Example | undefined
  return (
    <section className="cmp-side" aria-label={t("Example")}>
      <div className="insp-h">
        <WeightMark is={kind.weight} />
        <code className="trunc t2">{example?.externalId}</code>
        <span className="push" />
        <span className="t3 fs-12 nowrap">{t("{n} of {all}", { n: at + 1, all: kind.examples.length })}</span>
        <Button size="xs" icon="up" label={t("Previous example")} disabled={at <= 0} onClick={() => onAt(at - 1)} />
        <Button size="xs" icon="down" label={t("Next example")} disabled={at >= kind.examples.length - 1} onClick={() => onAt(at + 1)} />
        <Button size="xs" look="ghost" icon="x" label={t("Close example")} onClick={onClose} />
      </div>
      <div className="insp-b">
        <p>{kind.what}</p>
        {example && kind.field !== "" && (
          <div className="card pair">
            <div>
              <span className="t3 fs-12">{left?.name ?? t("no version")}</span>
              <Value of={example.before} />
            </div>
            <div>
              <span className="t3 fs-12">{right.label}</span>
              <Value of={example.after} />
            </div>
          </div>
        )}
        {example?.delivery ? (
          <>
            <BothRuns key={example.delivery} processor={processor} delivery={example.delivery} left={left} right={right} />
            <div className="r r-wrap">
              <Link
                className="btn btn-sm"
                to="/executions/dry"
                search={{ processor, delivery: example.delivery, spec: right.name, with: left ? "live" : undefined } as never}
              >
                <Icon name="flow" />
                {left ? t("Open both traces") : t("Open the trace")}
              </Link>
              <Button
                size="sm"
                icon="flask"
                needs="configuration:write"
                aria-pressed={picked.has(example.delivery)}
                className={picked.has(example.delivery) ? "is-on" : ""}
                onClick={() => onPick(example.delivery as string)}
              >
                {picked.has(example.delivery) ? t("Chosen as test") : t("Choose as test")}
              </Button>
              <Link className="btn btn-ghost btn-sm" to={`/deliveries/${example.delivery}`}>
                {t("Delivery")}
              </Link>
            </div>
          </>
        ) : (
          <p className="t2">{t("Several deliveries make this difference together.")}</p>
        )}
      </div>
    </section>
  )
}

function BothRuns({ processor, delivery, left, right }: Pick<Props, "processor" | "left" | "right"> & { delivery: string }) {
  const a = useQuery({ ...dryRunQuery(processor, left?.tried ?? right.tried, delivery, left?.name ?? ""), enabled: left !== undefined })
  const b = useQuery(dryRunQuery(processor, right.tried, delivery, right.name))
  if (a.isError || b.isError) return <Failure error={a.error ?? b.error} retry={() => (a.isError ? a.refetch() : b.refetch())} />
  if ((left && !a.data) || !b.data) return <Skeleton rows={4} />
  const records = differencesOf(a.data, b.data)
  return (
    <table className="tbl sides" aria-label={t("Both runs")}>
      <thead>
        <tr>
          <th scope="col">
            <span className="vh">{t("Field")}</span>
          </th>
          <th scope="col">{left?.name ?? t("no version")}</th>
          <th scope="col">{right.label}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t("Ends")}</th>
          <td>{a.data && <Status is={a.data.status} />}</td>
          <td>
            <Status is={b.data.status} />
          </td>
        </tr>
        {(a.data?.errors.length || b.data.errors.length) > 0 && (
          <tr>
            <th scope="row">{t("Because")}</th>
            <td>{a.data?.errors[0]?.message}</td>
            <td>{b.data.errors[0]?.message}</td>
          </tr>
        )}
        {records.map((r) => [
          <tr key={`${r.noun} ${r.externalId}`} className="sides-h">
            <th scope="rowgroup" colSpan={3}>
              {nounWord(r.noun)} <code>{r.externalId}</code>
              {!r.left && <span className="t3"> {t("only on the right")}</span>}
              {!r.right && <span className="t3"> {t("only on the left")}</span>}
            </th>
          </tr>,
          ...r.fields.map((f) => (
            <tr key={`${r.noun} ${r.externalId} ${f.name}`}>
              <th scope="row">{f.name}</th>
              <td>{f.left === undefined ? <span className="t3">–</span> : <Value of={f.left} />}</td>
              <td>{f.right === undefined ? <span className="t3">–</span> : <Value of={f.right} />}</td>
            </tr>
          )),
        ])}
        {records.length === 0 && (
          <tr>
            <td colSpan={3} className="t2">
              {t("Both write the same.")}
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
