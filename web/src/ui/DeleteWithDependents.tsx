import { useQuery } from "@tanstack/react-query"
import { t } from "../text"
import { Confirm } from "./Confirm"
import { number } from "./format"
import { word } from "./words"

// What hangs on a thing, as the server names it.
export interface Dependents {
  things: { noun: string; id: string; name: string; what: string }[] // what happens to it: "is deleted too"
  waiting_executions: number // that would never run
  kept_executions: number // that stay with their deliveries and records; counted up to 10,000
}

interface Props {
  noun: string
  name: string
  open: boolean
  onClose: () => void
  query: { queryKey: readonly unknown[]; queryFn: () => Promise<Dependents> }
  act: () => Promise<unknown>
}

// DeleteWithDependents names what hangs on a thing before it goes.
export function DeleteWithDependents({ noun, name, open, onClose, query, act }: Props) {
  const hanging = useQuery({ ...query, enabled: open, staleTime: 0 })
  return (
    <Confirm title={t("Delete {name}?", { name })} open={open} onClose={onClose} effect={t("Delete {noun}", { noun })} act={act}>
      {hanging.isPending && <p className="t2">{t("Looking what hangs on it.")}</p>}
      {hanging.isError && <p className="t2">{t("What hangs on it could not be read: {why}", { why: hanging.error.message })}</p>}
      {hanging.data && (
        <div className="stack-s">
          {hanging.data.things.length > 0 || hanging.data.waiting_executions > 0 ? (
            <ul className="dots">
              {hanging.data.things.map((x) => (
                <li key={x.noun + x.id}>
                  {word(x.noun)} <b className="medium">{x.name}</b> {x.what}
                </li>
              ))}
              {hanging.data.waiting_executions > 0 && (
                <li>
                  {t("{n, plural, one {# waiting execution} other {# waiting executions}} would never run", { n: hanging.data.waiting_executions })}
                </li>
              )}
            </ul>
          ) : (
            <p>{t("Nothing hangs on it.")}</p>
          )}
          <p className="t2">
            {hanging.data.kept_executions > 0
              ? hanging.data.kept_executions >= 10_000
                ? t("More than {n} executions with their deliveries and records stay.", { n: number(10_000) })
                : t(
                    "{n, plural, one {# execution with its delivery and records stays} other {# executions with their deliveries and records stay}}.",
                    {
                      n: hanging.data.kept_executions,
                    },
                  )
              : t("Deliveries, executions and records stay.")}
          </p>
        </div>
      )}
    </Confirm>
  )
}
