import { Link } from "@tanstack/react-router"
import { t } from "../text"
import { Button } from "../ui/Button"
import { Icon } from "../ui/Icon"
import { whyOf } from "../why/addresses"
import { To } from "../why/To"
import type { AnyRecord } from "./api"
import { FieldValue } from "./FieldValue"
import { type Field, fields } from "./fields"
import { has, holds } from "./history"
import type { Kind } from "./kinds"

interface Props {
  kind: Kind
  record: AnyRecord
  onHistory: (field: string) => void
  onUnlock: (field: string) => void
}

// RecordFields is what a record holds, field by field, each with the way to why it holds that, to its history, and to its lock.
export function RecordFields({ kind, record: r, onHistory, onUnlock }: Props) {
  return (
    <div className="box">
      <table className="tbl fields" aria-label={t("Fields")}>
        <thead>
          <tr>
            <th scope="col">{t("Field")}</th>
            <th scope="col">{t("Value")}</th>
            <th scope="col">
              <span className="vh">{t("Actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {fields
            .filter((f) => has(r, f.name))
            .map((f) => (
              <tr key={f.name}>
                <th scope="row">{f.label}</th>
                <td>
                  <span className="r r-1 r-wrap">
                    {f.is === "identity" ? <Whose field={f} record={r} /> : <Held field={f} record={r} />}
                    {r.locked.includes(f.name) && (
                      <>
                        <span className="tag" title={t("A spec has locked it: later deliveries leave it as it is")}>
                          <Icon name="lock" />
                          {t("locked")}
                        </span>
                        <Button
                          needs="processors:run"
                          size="xs"
                          aria-label={t("Unlock {field}…", { field: f.label })}
                          onClick={() => onUnlock(f.name)}
                        >
                          {t("Unlock…")}
                        </Button>
                      </>
                    )}
                  </span>
                </td>
                <td className="n acts-cell">
                  <To className="why-link" address={whyOf(kind.path, r.id, f.name)} label={t("Why {field}", { field: f.label })}>
                    {t("why")}
                  </To>
                  <Button size="xs" look="ghost" icon="clock" label={t("History of {field}", { field: f.label })} onClick={() => onHistory(f.name)} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  )
}

function Held({ field, record: r }: { field: Field; record: AnyRecord }) {
  const value = holds(r, field.name)
  if (field.name === "ends_at" && value === null) return <span className="tag live">{t("open")}</span>
  if (value === null || value === "") return <span className="t3">{t("empty")}</span>
  return <FieldValue field={field.name} of={value} isMoney={r.value_is_money ?? false} />
}

// Whose is an external identity of a record, and what it is linked to now.
function Whose({ field, record: r }: { field: Field; record: AnyRecord }) {
  const kind = field.name.replace("_external_identity", "")
  const { is, id, name } = {
    agent: { is: r.agent, id: r.agent?.agent_id, name: r.agent?.agent_name },
    proposition: { is: r.proposition, id: r.proposition?.proposition_id, name: r.proposition?.proposition_name },
    team: { is: r.team, id: r.team?.entity_id, name: r.team?.entity_name },
    project: { is: r.project, id: r.project?.entity_id, name: r.project?.entity_name },
    segment: { is: r.segment, id: r.segment?.entity_id, name: r.segment?.entity_name },
  }[kind] ?? { is: null, id: null, name: null }
  if (!is) return <span className="t3">{t("empty")}</span>
  return (
    <>
      {id ? (
        <Link className="row-link medium" to={`/${kind}s/${id}`}>
          {name}
        </Link>
      ) : (
        <span>{is.external_name || is.external_id}</span>
      )}
      <Link className="row-link t2" to="/identities" search={{ view: "all", id: is.identity_id } as never}>
        <code>{is.external_id}</code>
      </Link>
      {!id && (
        <Link className="unlinked" to="/identities" search={{ search: is.external_id, kind } as never}>
          <Icon name="link" size={12} />
          {t("not linked")}
        </Link>
      )}
    </>
  )
}
