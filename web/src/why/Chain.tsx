import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { FieldValue } from "../record/FieldValue"
import { MadeBy } from "../record/MadeBy"
import { t } from "../text"
import { ExprTree, isSimple } from "../trace/ExprTree"
import { treesOf } from "../trace/model"
import { stepIcon } from "../trace/StepList"
import { Icon } from "../ui/Icon"
import type { IconName } from "../ui/icons"
import { Moment } from "../ui/Moment"
import { Status } from "../ui/Status"
import { traceAt } from "./addresses"
import type { WhyField, WhyStep, Write } from "./api"
import { Conditions, Sources } from "./Sources"
import { To } from "./To"

// Chain is the way of one value, from what was delivered to what is held, and what the journal has of it. isMoney: amounts of the
// record are money.
export function Chain({ field, isMoney }: { field: WhyField; isMoney: boolean }) {
  const { set_by: write } = field
  return (
    <div className="chain">
      <ol className="why-chain" aria-label={t("Where it comes from")}>
        {write && <FromDelivery write={write} />}
        {write?.execution && (
          <Station icon="flow" title={t("Execution")}>
            <span className="r r-wrap">
              <Link className="row-link" to={`/executions/${write.execution.id}`}>
                <code>{write.execution.id}</code>
              </Link>
              <Status is={write.execution.status} />
              <span>
                {write.execution.processor_name || t("deleted processor")} <span className="t3">v{write.execution.version}</span>
              </span>
            </span>
            {!write.digest_matches && (
              <p className="t2 fs-12">
                <Icon name="warnf" size={12} /> {write.note ?? t("What is shown was computed today and differs from what ran then.")}
              </p>
            )}
          </Station>
        )}
        {write?.step && <AtStep step={write.step} write={write} field={field.field} isMoney={isMoney} />}
        <Station icon="rows" title={t("Held now")} last>
          <span className="why-now">
            <FieldValue field={field.field} of={field.value} isMoney={isMoney} />
          </span>
          {field.lock && (
            <p className="t2 fs-12 r r-1 r-wrap">
              <Icon name="lock" size={12} /> {t("Locked: only runs of one delivery may still change it.")}{" "}
              <Link className="row-link" to={`/deliveries/${field.lock.delivery_id}`}>
                <code>{field.lock.delivery_id}</code>
              </Link>
            </p>
          )}
          {field.note && <p className="t2">{field.note}</p>}
          {!write && !field.note && <p className="t2">{t("Nobody has set this field.")}</p>}
        </Station>
      </ol>
      <HeldBack field={field} isMoney={isMoney} />
      <Journal field={field} isMoney={isMoney} />
    </div>
  )
}

function Station({ icon, title, children, last }: { icon: IconName; title: string; children: ReactNode; last?: boolean }) {
  return (
    <li className={last ? "is-last" : ""}>
      <span className="why-dot">
        <Icon name={icon} size={14} />
      </span>
      <div className="stack-s">
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  )
}

function FromDelivery({ write }: { write: Write }) {
  return (
    <Station icon="envelope" title={t("Delivery")}>
      <span className="r r-wrap">
        <Link className="row-link" to={`/deliveries/${write.delivery_id}`}>
          <code>{write.delivery_id}</code>
        </Link>
        <span>{write.execution?.source_name ?? t("Fixed webhook")}</span>
        <span className="t3 fs-12">
          <Moment at={write.received_at} as="full" />
        </span>
      </span>
      {write.sources.length > 0 ? (
        <Sources of={write.sources} label={t("Where it stands in what came in")} />
      ) : (
        write.step && <p className="t2">{t("Nothing of the delivery is in it: the spec has the value itself.")}</p>
      )}
    </Station>
  )
}

function AtStep({ step, write, field, isMoney }: { step: WhyStep; write: Write; field: string; isMoney: boolean }) {
  const trees = step.field ? treesOf(step.field) : []
  return (
    <Station icon={stepIcon(step.type)} title={t("Step")}>
      <span className="r r-wrap">
        <span className="medium">{step.summary}</span>
        <code className="t3">{step.id}</code>
        {(step.items ?? []).length > 0 && <span className="t3 fs-12">{t("item {n}", { n: (step.items ?? []).join(" › ") })}</span>}
      </span>
      {step.conditions.length > 0 && <Conditions of={step.conditions} />}
      {step.field ? (
        <div className="why-formula">
          <span className="t3">{step.field.title || step.field.name}</span>
          <code className="fe">{step.field.formula.replace(/^=/, "")}</code>
          {step.field.value !== undefined && (
            <span className="r r-1">
              <Icon name="arrow" size={12} className="t3" />
              <FieldValue field={field} of={step.field.value} isMoney={isMoney} />
            </span>
          )}
        </div>
      ) : (
        <p className="t2">{t("The step made the value itself.")}</p>
      )}
      {trees
        .filter((tree) => !isSimple(tree))
        .map((tree) => (
          <ExprTree key={tree.formula} expr={tree} label={t("Expression, part by part")} />
        ))}
      {write.execution && (
        <To className="btn btn-sm why-open" address={traceAt(write.execution.id, step.id, step.items ?? [])}>
          <Icon name="flow" />
          {t("Open this step in the trace")}
        </To>
      )}
    </Station>
  )
}

function HeldBack({ field, isMoney }: { field: WhyField; isMoney: boolean }) {
  if (field.held_back.length === 0) return null
  return (
    <section className="stack-s">
      <h2>{t("Left alone")}</h2>
      <ul className="why-journal">
        {field.held_back.map((a) => (
          <li key={`${a.execution_id} ${a.step}`} className="r r-wrap">
            <span className="tag">{a.why === "locked" ? t("locked") : t("something newer set it")}</span>
            <FieldValue field={field.field} of={a.value} isMoney={isMoney} />
            <To className="row-link" address={traceAt(a.execution_id, a.step)}>
              <Icon name="flow" size={14} className="inline-i" /> {t("Trace")} <code className="t3">{a.step}</code>
            </To>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Journal({ field, isMoney }: { field: WhyField; isMoney: boolean }) {
  return (
    <section className="stack-s">
      <h2>{t("Journal")}</h2>
      {field.before.length === 0 ? (
        <p className="t2">{t("It holds what it was given first; nothing has changed it.")}</p>
      ) : (
        <ol className="why-journal">
          {field.before.map((c, i) => (
            <li key={`${c.at} ${c.made_by.execution_id}`} className="r r-wrap">
              <Moment at={c.at} />
              <span className="was">
                <FieldValue field={field.field} of={c.before} isMoney={isMoney} />
              </span>
              <Icon name="arrow" size={12} className="t3" />
              <ins className="now">
                <FieldValue field={field.field} of={i === 0 ? field.value : (field.before[i - 1]?.before ?? null)} isMoney={isMoney} />
              </ins>
              <MadeBy maker={c.made_by} name={c.by} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
