import { Link } from "@tanstack/react-router"
import type { Num } from "../api/exact"
import { t } from "../text"
import type { Column } from "../ui/DataTable"
import { money, number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import { word } from "../ui/words"
import type { Records } from "./api"
import { duration } from "./fields"

const none = <span className="t3">–</span>

export const recordColumns: { [P in keyof Records]: Column<Records[P]>[] } = {
  activities: [
    { head: t("External id"), cell: (r) => <code title={r.external_id}>{r.external_id}</code> },
    { head: t("Type"), wide: true, from: "sm", cell: (r) => <OfType field="activity_type" is={r.activity_type} /> },
    { head: t("Agent"), cell: (r) => <Who name={r.agent?.agent_name} identity={r.agent} kind="agent" /> },
    { head: t("Moment"), width: 150, from: "sm", cell: (r) => <Moment at={r.moment} /> },
    { head: t("Value"), width: 120, align: "end", cell: (r) => <Amount of={r.value} isMoney={r.value_is_money} /> },
    { head: t("Contact"), from: "lg", cell: (r) => <code className="t2">{r.contact_key}</code> },
    { head: t("Changed"), width: 150, from: "lg", align: "end", cell: (r) => <Moment at={r.updated_at} /> },
  ],
  "anonymous-activities": [
    { head: t("External id"), cell: (r) => <code title={r.external_id}>{r.external_id}</code> },
    { head: t("Type"), wide: true, from: "sm", cell: (r) => <OfType field="activity_type" is={r.activity_type} /> },
    { head: t("Moment"), width: 150, cell: (r) => <Moment at={r.moment} /> },
    { head: t("Value"), width: 120, align: "end", cell: (r) => <Amount of={r.value} isMoney={r.value_is_money} /> },
    { head: t("Contact"), from: "lg", cell: (r) => <code className="t2">{r.contact_key}</code> },
    { head: t("Changed"), width: 150, from: "lg", align: "end", cell: (r) => <Moment at={r.updated_at} /> },
  ],
  sales: [
    { head: t("External id"), cell: (r) => <code title={r.external_id}>{r.external_id}</code> },
    {
      head: t("Proposition"),
      wide: true,
      from: "sm",
      cell: (r) => <Who name={r.proposition?.proposition_name} identity={r.proposition} kind="proposition" />,
    },
    { head: t("Agent"), cell: (r) => <Who name={r.agent?.agent_name} identity={r.agent} kind="agent" /> },
    { head: t("Sold"), width: 150, from: "sm", cell: (r) => <Moment at={r.sold_at} /> },
    {
      head: t("State"),
      from: "sm",
      cell: (r) => (
        <span className="r r-1">
          {r.cancelled_at ? (
            <span className="tag warn">
              {t("cancelled")} <Moment at={r.cancelled_at} />
            </span>
          ) : (
            <span className="t2">{t("sold")}</span>
          )}
          {r.is_retention && <span className="tag">{t("retention")}</span>}
        </span>
      ),
    },
    { head: t("Contract value"), width: 120, align: "end", cell: (r) => <Amount of={r.contract_value} isMoney /> },
    { head: t("Contact"), from: "lg", cell: (r) => <code className="t2">{r.contact_key}</code> },
    { head: t("Changed"), width: 150, from: "lg", align: "end", cell: (r) => <Moment at={r.updated_at} /> },
  ],
  calls: [
    { head: t("External id"), cell: (r) => <code title={r.external_id}>{r.external_id}</code> },
    { head: t("Direction"), from: "sm", cell: (r) => (r.direction ? word(r.direction) : none) },
    { head: t("Agent"), cell: (r) => <Who name={r.agent?.agent_name} identity={r.agent} kind="agent" /> },
    { head: t("Result"), wide: true, from: "md", cell: (r) => <span className="t2">{r.result}</span> },
    { head: t("Started"), width: 150, from: "sm", cell: (r) => <Moment at={r.started_at} /> },
    { head: t("Duration"), width: 120, align: "end", cell: (r) => (r.duration === null ? none : duration(String(r.duration))) },
    { head: t("Contact"), from: "lg", cell: (r) => <code className="t2">{r.contact_key}</code> },
    { head: t("Changed"), width: 150, from: "lg", align: "end", cell: (r) => <Moment at={r.updated_at} /> },
  ],
  periods: [
    { head: t("External id"), cell: (r) => <code title={r.external_id}>{r.external_id}</code> },
    { head: t("Type"), wide: true, from: "sm", cell: (r) => <OfType field="period_type" is={r.period_type} /> },
    { head: t("Agent"), cell: (r) => <Who name={r.agent?.agent_name} identity={r.agent} kind="agent" /> },
    { head: t("From"), width: 150, from: "sm", cell: (r) => <Moment at={r.starts_at} /> },
    { head: t("To"), width: 150, cell: (r) => (r.ends_at ? <Moment at={r.ends_at} /> : <span className="tag live">{t("open")}</span>) },
    { head: t("Value"), width: 120, align: "end", from: "sm", cell: (r) => <Amount of={r.value} /> },
    { head: t("Contact"), from: "lg", cell: (r) => <code className="t2">{r.contact_key}</code> },
    { head: t("Changed"), width: 150, from: "lg", align: "end", cell: (r) => <Moment at={r.updated_at} /> },
  ],
}

function Amount({ of, isMoney }: { of: Num | null; isMoney?: boolean }) {
  if (of === null) return none
  return <>{isMoney ? money(of) : number(of)}</>
}

// OfType narrows the list to its type.
function OfType({ field, is }: { field: "activity_type" | "period_type"; is: string }) {
  return (
    <Link
      className="row-link"
      to="."
      search={((old: object) => ({ ...old, page: undefined, [field]: is })) as never}
      title={t("Only {value}", { value: is })}
    >
      {is}
    </Link>
  )
}

interface WhoProps {
  identity: { external_id: string; external_name: string } | null
  name: string | null | undefined // of what it is linked to
  kind: "agent" | "proposition"
}

// Who is the name of what an identity is linked to; one that is not linked says so and leads to where it can be.
function Who({ identity, name, kind }: WhoProps) {
  if (!identity) return none
  if (name) return <span title={`${identity.external_name}, ${identity.external_id}`}>{name}</span>
  return (
    <span className="r r-1">
      <span className="t2 trunc">{identity.external_name}</span>
      <Link
        className="unlinked"
        to="/identities"
        search={{ search: identity.external_id, kind } as never}
        title={t("{id} is not linked yet", { id: identity.external_id })}
      >
        <Icon name="link" size={12} />
        <span className="unlinked-t">{t("not linked")}</span>
      </Link>
    </span>
  )
}
