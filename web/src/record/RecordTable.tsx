import { Link } from "@tanstack/react-router"
import { type Column, DataTable } from "../ui/DataTable"
import { money, number } from "../ui/format"
import { Icon } from "../ui/Icon"
import { Moment } from "../ui/Moment"
import type { Party, RecordRow } from "./api"
import type { Kind } from "./kinds"

const id: Column<RecordRow> = { head: "External id", cell: (r) => <code>{r.external_id}</code> }
const agent: Column<RecordRow> = { head: "Agent", cell: (r) => <PartyName of={r.agent} kind="agent" /> }
const contact: Column<RecordRow> = {
  head: "Contact",
  from: "lg",
  cell: (r) => (r.contact_key ? <code className="t2">{r.contact_key}</code> : null),
}
const updated: Column<RecordRow> = { head: "Changed", from: "lg", align: "end", cell: (r) => <Moment at={r.updated_at} /> }
const value: Column<RecordRow> = {
  head: "Value",
  align: "end",
  cell: (r) =>
    r.value === null || r.value === undefined ? (
      <span className="t3">–</span>
    ) : r.value_is_money ? (
      money(r.value)
    ) : (
      number(r.value)
    ),
}

const columns: Record<string, Column<RecordRow>[]> = {
  activity: [
    id,
    { head: "Type", wide: true, cell: (r) => r.activity_type },
    agent,
    { head: "Moment", from: "sm", cell: (r) => <Moment at={r.moment} /> },
    value,
    contact,
    updated,
  ],
  anonymous_activity: [
    id,
    { head: "Type", wide: true, cell: (r) => r.activity_type },
    { head: "Moment", cell: (r) => <Moment at={r.moment} /> },
    value,
    contact,
    updated,
  ],
  sale: [
    id,
    { head: "Proposition", wide: true, cell: (r) => <PartyName of={r.proposition} kind="proposition" /> },
    agent,
    { head: "Sold", from: "sm", cell: (r) => <Moment at={r.sold_at} /> },
    {
      head: "State",
      from: "sm",
      cell: (r) => (
        <span className="r r-1">
          {r.cancelled_at ? (
            <span className="tag warn">
              cancelled <Moment at={r.cancelled_at} />
            </span>
          ) : (
            <span className="t2">sold</span>
          )}
          {r.is_retention && <span className="tag">retention</span>}
        </span>
      ),
    },
    {
      head: "Contract value",
      align: "end",
      cell: (r) =>
        r.contract_value === null || r.contract_value === undefined ? <span className="t3">–</span> : money(r.contract_value),
    },
    contact,
    updated,
  ],
  call: [
    id,
    { head: "Direction", cell: (r) => r.direction ?? <span className="t3">–</span> },
    agent,
    { head: "Result", wide: true, from: "md", cell: (r) => <span className="t2">{r.result}</span> },
    { head: "Started", from: "sm", cell: (r) => <Moment at={r.started_at} /> },
    {
      head: "Duration",
      align: "end",
      cell: (r) =>
        r.duration === null || r.duration === undefined ? <span className="t3">–</span> : duration(String(r.duration)),
    },
    contact,
    updated,
  ],
  period: [
    id,
    { head: "Type", wide: true, cell: (r) => r.period_type },
    agent,
    { head: "From", from: "sm", cell: (r) => <Moment at={r.starts_at} /> },
    { head: "To", cell: (r) => (r.ends_at ? <Moment at={r.ends_at} /> : <span className="tag live">open</span>) },
    value,
    contact,
    updated,
  ],
}

export function RecordTable({ kind, rows }: { kind: Kind; rows: RecordRow[] }) {
  return (
    <DataTable
      label={kind.title}
      rows={rows}
      rowKey={(r) => r.id ?? `${r.provider_id} ${r.external_id}`}
      columns={columns[kind.id] ?? [id, updated]}
    />
  )
}

// PartyName is the name of what an identity is linked to; one that is not linked says so and leads to where it can be.
function PartyName({ of, kind }: { of: Party | null | undefined; kind: "agent" | "proposition" }) {
  if (!of) return <span className="t3">–</span>
  const linked = kind === "agent" ? of.agent_id : of.proposition_id
  if (linked) return <span title={`${of.external_name}, ${of.external_id}`}>{of.name ?? of.external_name}</span>
  return (
    <span className="r r-1">
      <span className="t2 trunc">{of.external_name}</span>
      <Link
        className="unlinked"
        to="/identities"
        search={{ search: of.external_id, kind } as never}
        title={`${of.external_id} is not linked to ${kind === "agent" ? "an agent" : "a proposition"}`}
      >
        <Icon name="link" size={12} />
        not linked
      </Link>
    </span>
  )
}

// duration writes seconds as minutes:seconds; fractions are cut off.
export function duration(seconds: string): string {
  const whole = Math.floor(Number(seconds))
  if (!Number.isFinite(whole)) return seconds
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, "0")
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`
}
