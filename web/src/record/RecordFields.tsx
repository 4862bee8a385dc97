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
import { Whose } from "./Whose"

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
                    <Held field={f} record={r} />
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

// Held is what a record holds in a field. Of an identity it has the names itself.
function Held({ field, record: r }: { field: Field; record: AnyRecord }) {
  const kind = field.name.replace("_external_identity", "")
  const { is, id, name } = {
    agent: { is: r.agent, id: r.agent?.agent_id, name: r.agent?.agent_name },
    proposition: { is: r.proposition, id: r.proposition?.proposition_id, name: r.proposition?.proposition_name },
    team: { is: r.team, id: r.team?.entity_id, name: r.team?.entity_name },
    project: { is: r.project, id: r.project?.entity_id, name: r.project?.entity_name },
    segment: { is: r.segment, id: r.segment?.entity_id, name: r.segment?.entity_name },
  }[kind] ?? { is: null, id: null, name: null }
  if (!is) return <FieldValue field={field.name} of={holds(r, field.name)} isMoney={r.value_is_money ?? false} />
  return (
    <Whose kind={kind} id={is.identity_id} externalId={is.external_id} externalName={is.external_name} to={id ? { id, name: name ?? id } : null} />
  )
}
