import { Link } from "@tanstack/react-router"
import { useContext } from "react"
import { t } from "../text"
import { momentsIn } from "../ui/format"
import { Icon } from "../ui/Icon"
import { Moment, Zone } from "../ui/Moment"
import { Lead, Section } from "../ui/Page"
import { Status } from "../ui/Status"
import { nounOf, traceAt, whyNot, whyOf } from "./addresses"
import type { Absent, Reason, Sighting } from "./api"
import { Conditions, Sources } from "./Sources"
import { To } from "./To"

// Verdict is the answer in a sentence, then what it rests on: the things that are there, deliveries, refused calls.
export function Verdict({ answer }: { answer: Absent }) {
  const { path } = nounOf(answer.kind)
  const zone = useContext(Zone)
  return (
    <>
      <Lead title={momentsIn(answer.verdict, zone)}>
        {answer.looked.all
          ? t("All {n, plural, one {# call} other {# calls}} were looked at.", { n: answer.looked.calls })
          : t("The newest {n, plural, one {# call} other {# calls}} were looked at.", { n: answer.looked.calls })}
      </Lead>
      {answer.there.length > 0 && (
        <ul className="why-there">
          {answer.there.map((x) => {
            const why = whyOf(path, x.id)
            return (
              <li key={x.id}>
                <Link
                  className="btn btn-sm"
                  to={path === "identities" ? "/identities" : `/records/${path}/${x.id}`}
                  search={(path === "identities" ? { id: x.id, kind: answer.kind, search: answer.external_id } : {}) as never}
                >
                  <Icon name="rows" />
                  {t("Open it")}
                </Link>
                <Link className="btn btn-sm" to={why.to}>
                  <Icon name="info" />
                  {t("Why it holds what it holds")}
                </Link>
                <code className="t3">{x.id}</code>
              </li>
            )
          })}
        </ul>
      )}
      {answer.rekeyed && (
        <p className="banner inset-0">
          <Icon name="info" />
          <span>
            {answer.rekeyed.taken_back
              ? t("The re-key that gave it this id was taken back; its external id is:")
              : t("It was given another external id by a mended spec:")}{" "}
            <To className="row-link" address={whyNot(answer.kind, answer.rekeyed.external_id)}>
              <code>{answer.rekeyed.external_id}</code>
            </To>{" "}
            <span className="t3">
              <Moment at={answer.rekeyed.at} />
            </span>
          </span>
        </p>
      )}
      {answer.deliveries.length > 0 && (
        <Section title={t("Deliveries that have it")} count={answer.deliveries.length}>
          <ul className="why-seen">
            {answer.deliveries.map((d) => (
              <Seen key={d.delivery_id} delivery={d} />
            ))}
          </ul>
        </Section>
      )}
      {answer.refused.length > 0 && (
        <Section title={t("Calls that had it and were refused")} count={answer.refused.length}>
          <ul className="why-journal">
            {answer.refused.map((r) => (
              <li key={r.source_execution_id} className="r r-wrap">
                <Status is="failed">{String(r.http_status)}</Status>
                <Link className="row-link" to="/source-executions" search={{ call: r.source_execution_id } as never}>
                  <code>{r.source_execution_id}</code>
                </Link>
                <span>{r.reason}</span>
                <span className="t3">
                  <Moment at={r.received_at} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function Seen({ delivery: d }: { delivery: Sighting }) {
  return (
    <li>
      <div className="r r-wrap">
        <Icon name="envelope" size={14} className="t3" />
        <Link className="row-link medium" to={`/deliveries/${d.delivery_id}`}>
          <code>{d.delivery_id}</code>
        </Link>
        <span>{d.source_name ?? t("Fixed webhook")}</span>
        <span className="t3">
          <Moment at={d.received_at} />
        </span>
        {d.elsewhere && <span className="tag">{t("weaker match")}</span>}
      </div>
      {d.places.length > 0 && <Sources of={d.places} label={t("Where it stands in what came in")} />}
      {d.outcomes.map((o) => (
        <div key={o.processor_id ?? "none"} className="why-outcome">
          <div className="r r-wrap">
            <Icon name="flow" size={14} className="t3" />
            <span className="medium">{o.processor_name ?? t("No processor")}</span>
            {o.execution && <Status is={o.execution.status} />}
            {o.execution && (
              <Link className="row-link" to={`/executions/${o.execution.id}`}>
                <code>{o.execution.id}</code>
              </Link>
            )}
          </div>
          {o.reasons.map((r) => (
            <ReasonLine key={`${r.code} ${r.step}`} reason={r} execution={o.execution?.id} />
          ))}
          {o.note && <p className="t3 fs-12">{o.note}</p>}
        </div>
      ))}
    </li>
  )
}

function ReasonLine({ reason: r, execution }: { reason: Reason; execution: string | undefined }) {
  return (
    <div className="stack-s">
      <p>
        {momentsIn(r.message, useContext(Zone))}{" "}
        {execution && r.step && (
          <To className="row-link" address={traceAt(execution, r.step)}>
            <Icon name="flow" size={14} className="inline-i" /> {t("Trace")} <code className="t3">{r.step}</code>
          </To>
        )}
      </p>
      {r.conditions.length > 0 && <Conditions of={r.conditions} />}
    </div>
  )
}
