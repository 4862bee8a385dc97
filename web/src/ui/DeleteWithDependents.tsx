import { useQuery } from "@tanstack/react-query"
import { t } from "../text"
import { Confirm } from "./Confirm"
import { count } from "./format"

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
    <Confirm title={`Delete ${name}?`} open={open} onClose={onClose} effect={`Delete ${noun}`} act={act}>
      {hanging.isPending && <p className="t2">{t("Looking what hangs on it.")}</p>}
      {hanging.isError && <p className="t2">What hangs on it could not be read: {hanging.error.message}</p>}
      {hanging.data && (
        <div className="stack-s">
          {hanging.data.things.length > 0 || hanging.data.waiting_executions > 0 ? (
            <ul className="dots">
              {hanging.data.things.map((t) => (
                <li key={t.noun + t.id}>
                  {t.noun} <b className="medium">{t.name}</b> {t.what}
                </li>
              ))}
              {hanging.data.waiting_executions > 0 && <li>{count(hanging.data.waiting_executions, "waiting execution")} would never run</li>}
            </ul>
          ) : (
            <p>{t("Nothing hangs on it.")}</p>
          )}
          <p className="t2">
            {hanging.data.kept_executions > 0
              ? `${hanging.data.kept_executions >= 10_000 ? "More than 10,000 executions" : count(hanging.data.kept_executions, "execution")} with their deliveries and records stay.`
              : "Deliveries, executions and records stay."}
          </p>
        </div>
      )}
    </Confirm>
  )
}
