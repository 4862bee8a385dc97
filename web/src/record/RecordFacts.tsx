import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import type { Num } from "../api/exact"
import { t } from "../text"
import { money, number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import { word } from "../ui/words"
import type { AnyRecord } from "./api"
import { duration } from "./RecordTable"

interface Fact {
  of: keyof AnyRecord
  field?: string // of the journal, where it is not called as here
  name: string
  show: (r: AnyRecord) => ReactNode // nothing: the field is empty
}

const at = (iso: string | null | undefined) => iso && <Moment at={iso} as="full" />
const amount = (n: Num | null | undefined, isMoney = false) => n != null && <span className="num">{isMoney ? money(n) : number(n)}</span>

// The fields of all kinds in the order in which they are shown; a record shows those it has.
const facts: Fact[] = [
  { of: "activity_type", name: t("Type"), show: (r) => r.activity_type },
  { of: "period_type", name: t("Type"), show: (r) => r.period_type },
  { of: "moment", name: t("Moment"), show: (r) => at(r.moment) },
  { of: "sold_at", name: t("Sold"), show: (r) => at(r.sold_at) },
  { of: "cancelled_at", name: t("Cancelled"), show: (r) => at(r.cancelled_at) },
  { of: "is_retention", name: t("Retention"), show: (r) => (r.is_retention ? t("yes") : t("no")) },
  { of: "contract_value", name: t("Contract value"), show: (r) => amount(r.contract_value, true) },
  { of: "started_at", name: t("Started"), show: (r) => at(r.started_at) },
  { of: "duration", name: t("Duration"), show: (r) => r.duration != null && <span className="num">{duration(String(r.duration))}</span> },
  { of: "direction", name: t("Direction"), show: (r) => r.direction && word(r.direction) },
  { of: "result", name: t("Result"), show: (r) => r.result },
  { of: "starts_at", name: t("From"), show: (r) => at(r.starts_at) },
  { of: "ends_at", name: t("To"), show: (r) => at(r.ends_at) ?? <span className="tag live">{t("open")}</span> },
  { of: "value", name: t("Value"), show: (r) => amount(r.value, r.value_is_money) },
  { of: "contact_key", name: t("Contact"), show: (r) => r.contact_key && <code>{r.contact_key}</code> },
  { of: "energy_meta", field: "energy_meta.electricity_usage", name: t("Electricity used"), show: (r) => amount(r.energy_meta?.electricity_usage) },
  {
    of: "energy_meta",
    field: "energy_meta.electricity_return",
    name: t("Electricity returned"),
    show: (r) => amount(r.energy_meta?.electricity_return),
  },
  { of: "energy_meta", field: "energy_meta.gas_usage", name: t("Gas used"), show: (r) => amount(r.energy_meta?.gas_usage) },
  { of: "energy_meta", field: "energy_meta.connection_count", name: t("Connections"), show: (r) => amount(r.energy_meta?.connection_count) },
]

const empty = <span className="t3">{t("empty")}</span>

// WhyOf is the way from a field to where it comes from.
export type WhyOf = (field: string, name: string) => ReactNode

export function RecordFacts({ record, why }: { record: AnyRecord; why: WhyOf }) {
  return (
    <dl className="kv">
      {facts
        .filter((f) => f.of in record)
        .map((f) => (
          <Pair key={f.name} name={f.name} why={why(f.field ?? f.of, f.name)}>
            {f.show(record) || empty}
          </Pair>
        ))}
    </dl>
  )
}

function Pair({ name, why, children }: { name: string; why: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="fact">
        <span>{children}</span>
        {why}
      </dd>
    </>
  )
}

// RecordIdentities says whose a record is: each external identity, and what it is linked to now.
export function RecordIdentities({ record: r, why }: { record: AnyRecord; why: WhyOf }) {
  const all = [
    { kind: "agent", name: t("Agent"), is: r.agent, to: r.agent?.agent_name },
    { kind: "proposition", name: t("Proposition"), is: r.proposition, to: r.proposition?.proposition_name },
    { kind: "team", name: t("Team"), is: r.team, to: r.team?.entity_name },
    { kind: "project", name: t("Project"), is: r.project, to: r.project?.entity_name },
    { kind: "segment", name: t("Segment"), is: r.segment, to: r.segment?.entity_name },
  ].filter((i) => i.is !== undefined)
  return (
    <dl className="kv">
      {all.map(({ kind, name, is, to }) => (
        <Pair key={name} name={name} why={why(`${kind}_external_identity`, name)}>
          {!is ? (
            empty
          ) : (
            <span className="r r-wrap">
              {to ? <span className="medium">{to}</span> : <span>{is.external_name || is.external_id}</span>}
              <code className="t2">{is.external_id}</code>
              {!to && (
                <Link className="unlinked" to="/identities" search={{ search: is.external_id, kind } as never}>
                  <Icon name="link" size={12} />

                  {t("not linked")}
                </Link>
              )}
            </span>
          )}
        </Pair>
      ))}
    </dl>
  )
}
